package io.observatory.storage.llm.dialect;

import java.util.List;

/**
 * How one kind of instrumentation says what a call of a model was. Has no state.
 */
interface Dialect {

	/** Beginnings of names by which its spans are known. */
	List<String> prefixes();

	/** Puts what the span says in this dialect under the convention's newest names. */
	void translate(Translation span);

	/** Whether an attribute of this name holds what people, models and tools said. */
	default boolean isContent(String name) {
		return false;
	}

}
