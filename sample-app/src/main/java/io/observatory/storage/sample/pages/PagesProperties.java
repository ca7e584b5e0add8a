package io.observatory.storage.sample.pages;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the pages.
 *
 * @param allowedHosts host names by which a browser may address this application, besides
 * {@code localhost} and any IP address; {@code name:port} for a proxy that has a port of
 * its own and does not pass it on
 */
@ConfigurationProperties("sample.pages")
record PagesProperties(@DefaultValue List<String> allowedHosts) {
}
