package io.observatory.storage.table;

/**
 * The schema that our tables live in.
 *
 * @param name its name, at most 63 bytes as any PostgreSQL identifier
 */
public record Schema(String name) {

	public Schema {
		if (name.isBlank() || name.indexOf('\0') >= 0 || name.length() > 63 || name.startsWith("pg_")) {
			throw new IllegalArgumentException(
					"schema must be a PostgreSQL identifier of 1 to 63 characters that does not begin with pg_");
		}
	}

	/** Returns the qualified and quoted name of one of our tables or functions. */
	public String qualify(String relation) {
		return "\"" + this.name.replace("\"", "\"\"") + "\"." + relation;
	}

}
