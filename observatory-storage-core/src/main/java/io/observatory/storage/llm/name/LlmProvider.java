package io.observatory.storage.llm.name;

/**
 * Names of providers for {@code LlmSpan.provider()}. Any other name is as good.
 */
public final class LlmProvider {

	public static final String OPENAI = "openai";

	public static final String ANTHROPIC = "anthropic";

	/** Google: Gemini, Vertex AI. */
	public static final String GOOGLE = "google";

	/** Mistral AI. */
	public static final String MISTRAL = "mistral";

	public static final String COHERE = "cohere";

	/** A model of one's own: Ollama, vLLM and the like. */
	public static final String SELF_HOSTED = "self-hosted";

	private LlmProvider() {
	}

	/**
	 * Returns the name that OpenTelemetry's GenAI convention has for a provider, and the
	 * given name where it has none.
	 * @param provider the name as the caller knows it
	 */
	public static String conventionName(String provider) {
		return ProviderNames.canonical(provider);
	}

}
