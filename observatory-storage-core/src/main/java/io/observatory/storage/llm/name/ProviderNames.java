package io.observatory.storage.llm.name;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One name for a provider, however it was written: {@code OpenAI}, {@code open_ai},
 * {@code openai.chat} and {@code openai.responses} are {@code openai}. The names are the
 * well-known values of {@code gen_ai.provider.name} in OpenTelemetry's GenAI convention,
 * version {@value LlmAttributes#CONVENTION_VERSION_VALUE}; what has none there is written
 * as its vendor writes it. Functions without a state, thread-safe.
 */
public final class ProviderNames {

	/** What Vercel's SDK puts behind a provider: the interface that was called. */
	private static final Set<String> INTERFACES = Set.of("chat", "response", "responses", "messages", "completion",
			"completions", "embedding", "embeddings", "image", "textEmbedding");

	/** By its name in the table: lower-case letters, digits and dots. */
	private static final Map<String, String> NAMES = names("""
			openai                  openai openaichat openairesponses
			azure.ai.openai         az.ai.openai azure azureopenai openai.azure microsoft.azure
			azure.ai.inference      az.ai.inference azureai azureaiinference azureaifoundry azurefoundry
			anthropic               anthropic claude
			aws.bedrock             bedrock bedrockconverse amazonbedrock awsbedrock amazon aws bedrockruntime
			gcp.vertex_ai           vertexai vertex googlevertex googlevertexai google.vertex gcp.vertexai
			gcp.gemini              gemini googlegemini googleaistudio google.generativeai googlegenerativeai gcp.gemini
			gcp.gen_ai              google googlegenai googleai gcp.genai gcp
			mistral_ai              mistral mistralai
			cohere                  cohere
			deepseek                deepseek
			groq                    groq
			ibm.watsonx.ai          ibm.watsonx.ai watsonx watsonxai ibm ibmwatsonx
			perplexity              perplexity perplexityai
			x_ai                    xai
			moonshot_ai             moonshot moonshotai
			ollama                  ollama
			openrouter              openrouter
			together_ai             together togetherai
			fireworks_ai            fireworks fireworksai
			hugging_face            huggingface
			cerebras                cerebras
			spring_ai               springai
			""");

	private ProviderNames() {
	}

	/**
	 * Returns the one name of a provider; one that is not known is returned as it is, but
	 * for the interface ({@code .chat}, {@code .responses} …) behind it.
	 * @param provider the name as somebody wrote it
	 */
	public static String canonical(String provider) {
		String same = NAMES.get(provider);
		return (same != null) ? same : found(provider, key(provider));
	}

	private static String found(String provider, String key) {
		for (int end = key.length(); end > 0; end = key.lastIndexOf('.', end - 1)) {
			String name = NAMES.get(key.substring(0, end));
			if (name != null) {
				return name;
			}
		}
		String name = provider.strip();
		int dot = name.lastIndexOf('.');
		return (dot >= 0 && INTERFACES.contains(name.substring(dot + 1))) ? name.substring(0, dot) : name;
	}

	private static String key(String provider) {
		StringBuilder key = new StringBuilder(provider.length());
		provider.toLowerCase(Locale.ROOT)
			.chars()
			.filter((letter) -> letter == '.' || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
			.forEach((letter) -> key.append((char) letter));
		return key.toString();
	}

	private static Map<String, String> names(String table) {
		Map<String, String> names = new HashMap<>();
		table.lines().forEach((line) -> {
			String[] words = line.strip().split(" +");
			names.put(words[0], words[0]);
			for (String word : words) {
				names.put(key(word), words[0]);
			}
		});
		return names;
	}

}
