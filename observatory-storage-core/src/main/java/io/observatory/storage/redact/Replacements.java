package io.observatory.storage.redact;

import org.jspecify.annotations.Nullable;

/**
 * A text of which parts are replaced, from left to right. Costs nothing until one is.
 */
final class Replacements {

	private final String text;

	private @Nullable StringBuilder result;

	private int copied;

	Replacements(String text) {
		this.text = text;
	}

	/** Where the text starts that may still be replaced. */
	int end() {
		return this.copied;
	}

	void replace(int from, int to, String replacement) {
		if (this.result == null) {
			this.result = new StringBuilder(this.text.length() + replacement.length());
		}
		this.result.append(this.text, this.copied, from).append(replacement);
		this.copied = to;
	}

	String result() {
		if (this.result == null) {
			return this.text;
		}
		return this.result.append(this.text, this.copied, this.text.length()).toString();
	}

}
