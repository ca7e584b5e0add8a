package io.observatory.storage.sample.intake;

/**
 * Where requests come from, as meters and pages tell them apart.
 *
 * @param signal what they bring
 * @param protocol how they come
 */
public record Source(String signal, String protocol) {
}
