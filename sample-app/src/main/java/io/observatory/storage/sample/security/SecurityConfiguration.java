package io.observatory.storage.sample.security;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/**
 * Reads the password and the token.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ PagesPassword.class, IntakeToken.class })
class SecurityConfiguration {

}
