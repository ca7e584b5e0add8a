package io.observatory.storage.llm.name;

/**
 * Which names {@code LlmSpan.toSpan(AttributeNames)} uses for what has two: the source
 * system's {@code llm.*} name and the {@code gen_ai.*} name of OpenTelemetry's GenAI
 * convention. What has one name only (costs, the finish reason, …) is written under that
 * name whatever is chosen, so the choice never loses anything.
 */
public enum AttributeNames {

	/** Both names: any query finds the span, and input and output are stored twice. */
	BOTH,

	/** The source system's name. */
	SOURCE,

	/**
	 * The name of OpenTelemetry's GenAI convention, version
	 * {@value LlmAttributes#CONVENTION_VERSION_VALUE}.
	 */
	GEN_AI;

	public boolean source() {
		return this != GEN_AI;
	}

	public boolean genAi() {
		return this != SOURCE;
	}

}
