package io.observatory.storage.redact;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.observatory.storage.redact.text.SecretNames;
import io.observatory.storage.redact.text.SecretNames.Secrecy;

/**
 * The names of attributes and of JSON's properties, looked at once: an application has
 * few, and all its records have them. Thread-safe.
 */
final class AttributeNames {

	/**
	 * So many are kept that an application has; who makes names up does not fill memory.
	 */
	private static final int MAX_KNOWN = 1024;

	private static final int MAX_KNOWN_LENGTH = 128;

	/** A tool's parameter may be a secret; its description in the request is none. */
	private static final Set<String> SCHEMA = Set.of("type", "title", "description", "format", "pattern", "enum",
			"required", "$ref", "$comment");

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
		Name looked = new Name(this.mask.apply(name), this.secrets.of(name), SCHEMA.contains(name));
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
	 * @param secrecy what it says of its value
	 * @param describes whether it is one of JSON Schema's
	 */
	record Name(String masked, Secrecy secrecy, boolean describes) {

		/**
		 * Returns what is said of the value: by the name, else by the name of what is
		 * around it, unless this only describes a parameter that is called so.
		 */
		Secrecy secrecyWithin(Secrecy around) {
			return (this.secrecy != Secrecy.NONE || this.describes) ? this.secrecy : around;
		}

	}

}
