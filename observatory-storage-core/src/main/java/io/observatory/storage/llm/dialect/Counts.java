package io.observatory.storage.llm.dialect;

import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of tokens by the convention: input includes what came from a cache or went to
 * it. Anthropic's own counting leaves these out.
 */
final class Counts {

	private Counts() {
	}

	/**
	 * Makes the input of one that leaves out the cache one that includes it, and the
	 * total with it.
	 * @param sent other names that the input may have
	 */
	static void addCacheToInput(Translation span, String... sent) {
		span.putFirst(LlmAttributes.INPUT_TOKENS, sent);
		Long input = Translation.count(span.get(LlmAttributes.INPUT_TOKENS));
		long cache = cache(span);
		boolean done = span.has(Translation.SENT + LlmAttributes.INPUT_TOKENS);
		if (input != null && cache > 0 && !done) {
			span.replace(LlmAttributes.INPUT_TOKENS, input + cache);
			Long output = Translation.count(span.get(LlmAttributes.OUTPUT_TOKENS));
			if (output != null) {
				span.replace(LlmAttributes.TOTAL_TOKENS, input + cache + output);
			}
		}
	}

	/**
	 * Does the same where the cache is more than the input, which it then cannot be in.
	 */
	static void addCacheThatIsMoreThanTheInput(Translation span) {
		long cache = cache(span);
		if (cache > 0 && cache > zeroIfNull(span.get(LlmAttributes.INPUT_TOKENS))) {
			addCacheToInput(span);
		}
	}

	private static long cache(Translation span) {
		return zeroIfNull(span.get(LlmAttributes.CACHE_READ_TOKENS))
				+ zeroIfNull(span.get(LlmAttributes.CACHE_WRITE_TOKENS));
	}

	private static long zeroIfNull(@Nullable Object value) {
		Long count = Translation.count(value);
		return (count != null) ? count : 0;
	}

}
