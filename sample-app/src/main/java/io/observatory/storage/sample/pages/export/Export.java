package io.observatory.storage.sample.pages.export;

import java.util.Map;

/**
 * What a file contains.
 *
 * @param name its name, without the extension
 * @param sql the query of its rows, with named parameters
 * @param parameters their values
 */
public record Export(String name, String sql, Map<String, ?> parameters) {
}
