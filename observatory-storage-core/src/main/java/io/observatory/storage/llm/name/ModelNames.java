package io.observatory.storage.llm.name;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One name for a model, wherever it was hosted: the vendor's own, by which price lists
 * know it. Regions, vendors and version marks of hosts are taken off:
 * <table>
 * <caption>Examples</caption>
 * <tr>
 * <td>{@code us.anthropic.claude-sonnet-4-20250514-v1:0} (Amazon Bedrock)</td>
 * <td>{@code claude-sonnet-4-20250514}</td>
 * </tr>
 * <tr>
 * <td>{@code claude-3-5-sonnet@20240620} (Google Vertex AI)</td>
 * <td>{@code claude-3-5-sonnet-20240620}</td>
 * </tr>
 * <tr>
 * <td>{@code models/gemini-2.0-flash} (Google)</td>
 * <td>{@code gemini-2.0-flash}</td>
 * </tr>
 * <tr>
 * <td>{@code openai/gpt-4o} (OpenRouter, LiteLLM)</td>
 * <td>{@code gpt-4o}</td>
 * </tr>
 * <tr>
 * <td>{@code gpt-35-turbo} (Azure)</td>
 * <td>{@code gpt-3.5-turbo}</td>
 * </tr>
 * </table>
 * A dated version stays dated, a fine-tuned model ({@code ft:…}) stays what it is, and so
 * does a free one ({@code …:free}): their prices are not those of another. Functions
 * without a state, thread-safe.
 */
public final class ModelNames {

	/** Amazon's inference profiles: a region or a group of them, then the vendor. */
	private static final Pattern BEDROCK = Pattern.compile(
			"^(?:(?:us|us-gov|eu|apac|ap|jp|au|ca|sa|me|af|global)\\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21"
					+ "|deepseek|openai|qwen|google|minimax|moonshot|moonshotai|nvidia|writer|stability|zai)\\.(?=[a-z])");

	private static final Pattern BEDROCK_VERSION = Pattern.compile("(?:-v\\d+)?:\\d+(?::[a-z0-9]+)?$|-v\\d+$");

	private static final Pattern CLAUDE_2 = Pattern.compile("^claude-(instant-)?v(\\d)(?::(\\d))?(?::\\d+k)?$");

	private static final Pattern VERTEX_VERSION = Pattern.compile("@(?:default|latest)$");

	private ModelNames() {
	}

	/**
	 * Returns the one name of a model, in lower case.
	 * @param model the name as a caller or a provider wrote it
	 */
	public static String canonical(String model) {
		String name = model.strip().toLowerCase(Locale.ROOT);
		if (name.startsWith("ft:")) {
			return name;
		}
		name = bedrock(name.substring(name.lastIndexOf('/') + 1));
		name = VERTEX_VERSION.matcher(name).replaceFirst("").replace('@', '-');
		return name.startsWith("gpt-35") ? "gpt-3.5" + name.substring("gpt-35".length()) : name;
	}

	private static String bedrock(String name) {
		Matcher vendor = BEDROCK.matcher(name);
		if (!vendor.find()) {
			return name;
		}
		String model = name.substring(vendor.end());
		Matcher claude2 = CLAUDE_2.matcher(model);
		if (claude2.matches()) {
			String minor = (claude2.group(3) != null) ? "." + claude2.group(3) : "";
			return "claude-" + ((claude2.group(1) != null) ? "instant-" : "") + claude2.group(2) + minor;
		}
		return BEDROCK_VERSION.matcher(model).replaceFirst("");
	}

}
