package io.observatory.storage.sample.pages.trace;

/**
 * The type of a span, which gives its color in the waterfall. In order of the legend.
 */
enum SpanType {

	LLM("LLM", "llm"), EMBEDDING("embedding", "embedding"), TOOL("tool", "tool"), AGENT("agent", "agent"),
	CHAIN("chain", "chain"), RETRIEVER("retriever", "retriever"), RERANKER("reranker", "reranker"),
	GUARDRAIL("guardrail", "guardrail"), SERVER("server", "server"), CLIENT("client", "client"),
	DATABASE("database", "db"), MESSAGING("messaging", "messaging"), INTERNAL("internal", "internal");

	private final String label;

	private final String style;

	SpanType(String label, String style) {
		this.label = label;
		this.style = style;
	}

	public String label() {
		return this.label;
	}

	/**
	 * The name of its class in the style sheet.
	 */
	public String style() {
		return "t-" + this.style;
	}

	static SpanType of(String text) {
		for (SpanType type : values()) {
			if (type.style.equals(text)) {
				return type;
			}
		}
		return INTERNAL;
	}

}
