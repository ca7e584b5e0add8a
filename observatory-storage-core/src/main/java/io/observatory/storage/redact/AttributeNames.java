package io.observatory.storage.redact;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The names of attributes, looked at once: an application has few, and all its records
 * have them. Thread-safe.
 */
final class AttributeNames {

	/**
	 * So many are kept that an application has; who makes names up does not fill memory.
	 */
	private static final int MAX_KNOWN = 1024;

	private static final int MAX_KNOWN_LENGTH = 128;

	private final Map<String, Name> known = new ConcurrentHashMap<>();

	private final SecretNames secrets;

	private final UnaryOperator<String> mask;

	AttributeNames(SecretNames secrets, UnaryOperator<String> mask) {
		this.secrets = secrets;
		this.mask = mask;
	}

	Name get(String name) {
		Name known = this.known.get(name);
		return (known != null) ? known : look(name);
	}

	private Name look(String name) {
		Name looked = new Name(this.mask.apply(name), this.secrets.contains(name));
		// what is masked is not kept in memory either
		if (looked.masked().equals(name) && name.length() <= MAX_KNOWN_LENGTH) {
			if (this.known.size() >= MAX_KNOWN) {
				this.known.clear();
			}
			this.known.put(name, looked);
		}
		return looked;
	}

	/**
	 * A name.
	 *
	 * @param masked what is stored
	 * @param secret whether its value is secret
	 */
	record Name(String masked, boolean secret) {
	}

}
