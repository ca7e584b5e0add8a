package io.observatory.storage.llm.dialect;

import java.util.function.Function;

import io.observatory.storage.llm.name.GenAiNames;
import io.observatory.storage.model.TraceSpan;

/**
 * Spans of calls of models under the newest names of OpenTelemetry's GenAI convention,
 * whoever instrumented them: OpenInference, the Vercel AI SDK, Langfuse, Traceloop,
 * LangSmith, OpenLIT, and OpenTelemetry's own three generations.
 * <ul>
 * <li>Beside what was sent stands what it is under the newest names: model, provider,
 * operation, tokens, cost, finish reasons, time to the first chunk, conversation, user,
 * messages. What was sent stays; what was sent under a newest name in another form than
 * the one form ({@code openai.chat}, {@code END_TURN}) stays under
 * {@value Translation#SENT} and that name.</li>
 * <li>Tools, agents, chains, retrievers, rerankers and guardrails have an operation of
 * their own, and so do wrappers that repeat the tokens of the calls below them: they are
 * no calls.</li>
 * <li>A span about something else is returned as it is, after one look at each name.</li>
 * </ul>
 * Functions without state, thread-safe; they never throw, and a second time changes
 * nothing.
 */
public final class Dialects {

	/** All others put names of it, so it is read wherever one of them is. */
	private static final Dialect CONVENTION = new OpenTelemetry();

	/**
	 * In order: what one says stays, whatever a later one says. OpenLIT comes last: it
	 * reads what any other may have said of a span, that it is the call of a tool.
	 */
	private static final Dialect[] ALL = { new LangSmith(), new VercelAi(), CONVENTION, new Traceloop(),
			new OpenInference(), new Langfuse(), new OpenLit() };

	private static final SpokenNames NAMES = new SpokenNames(ALL);

	private Dialects() {
	}

	/**
	 * Returns the span with what it says of a call of a model under the newest names; or
	 * the given span itself if it says nothing of one. The given one stays as it is.
	 */
	public static TraceSpan normalize(TraceSpan span) {
		return normalize(span, Translation::of);
	}

	/**
	 * As {@link #normalize}, but puts what it finds into the span's own attributes, which
	 * saves their copy.
	 * @param span a span that has just been made, with attributes that can be changed
	 */
	public static TraceSpan normalizeInPlace(TraceSpan span) {
		return normalize(span, Translation::inPlace);
	}

	private static TraceSpan normalize(TraceSpan span, Function<TraceSpan, Translation> begin) {
		int spoken = NAMES.dialects(span.attributes().keySet());
		if (spoken == 0) {
			return span;
		}
		Translation translation = begin.apply(span);
		translation.removeUnknown();
		for (int i = 0; i < ALL.length; i++) {
			if ((spoken & 1 << i) != 0 || ALL[i] == CONVENTION) {
				ALL[i].translate(translation);
			}
		}
		return translation.result();
	}

	/**
	 * Returns whether an attribute of that name, in whichever dialect, holds what people,
	 * models and tools said.
	 */
	public static boolean isContent(String name) {
		if (GenAiNames.isContent(name)) {
			return true;
		}
		for (Dialect dialect : ALL) {
			if (dialect.isContent(name)) {
				return true;
			}
		}
		return false;
	}

}
