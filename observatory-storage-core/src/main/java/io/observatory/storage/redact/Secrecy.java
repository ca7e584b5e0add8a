package io.observatory.storage.redact;

/**
 * What a name says of its value.
 */
enum Secrecy {

	/** It is no secret. */
	NONE,

	/** It is one if it is text: {@code token}, which is also what models count. */
	TEXT,

	/** It is one, a number as well: {@code password}. A flag never is. */
	ALL

}
