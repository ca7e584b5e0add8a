package io.observatory.storage.row;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/**
 * The names that have been written lately, escaped and in UTF-8: most records have the
 * same few. Bounded in number and length, since names come from outside.
 */
final class JsonNames {

	private static final int MAX_NAMES = 256;

	private static final int MAX_LENGTH = 64;

	private final Map<String, SerializableString> names = new HashMap<>();

	/** Returns a name as it is written, if it is known or can be kept. */
	@Nullable SerializableString get(String name) {
		SerializableString known = this.names.get(name);
		if (known == null && name.length() <= MAX_LENGTH && Text.isAscii(name)) {
			if (this.names.size() == MAX_NAMES) {
				this.names.clear();
			}
			known = new SerializedString(name);
			this.names.put(name, known);
		}
		return known;
	}

}
