package io.observatory.storage.row;

import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is being written into a row.
 */
public interface JsonObject {

	/**
	 * Appends a member; its value may be whatever {@link RowEncoder#json} takes.
	 * @return this object
	 */
	JsonObject member(String name, @Nullable Object value);

	/**
	 * How an element becomes an object.
	 *
	 * @param <T> the element's type
	 */
	@FunctionalInterface
	interface Members<T> {

		/** Appends the element's members. */
		void write(T element, JsonObject object);

	}

}
