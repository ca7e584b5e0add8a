package io.observatory.storage.sample.intake;

/**
 * The source of requests, as meters and pages distinguish them.
 *
 * @param signal their signal
 * @param protocol their protocol
 */
public record Source(String signal, String protocol) {
}
