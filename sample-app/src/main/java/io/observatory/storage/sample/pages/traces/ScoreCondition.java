package io.observatory.storage.sample.pages.traces;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observatory.storage.sample.pages.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/**
 * A condition on the scores of a trace: the name of a score, or a name, an operator and a
 * value, such as {@code helpful=false}, {@code correct=pass} or {@code relevance < 3}.
 *
 * @param name the score's name
 * @param operator {@code <}, {@code <=}, {@code =}, {@code >=} or {@code >}, or null
 * @param value what the score is compared with, or null
 */
record ScoreCondition(String name, @Nullable String operator, @Nullable String value) {

	/** A name and a label of the greatest length. */
	private static final int MAX_LENGTH = 600;

	private static final Pattern SYNTAX = Pattern.compile("([^<>=]+?)\\s*(?:(<=|>=|<|>|=)\\s*(.+))?", Pattern.DOTALL);

	private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,15}([.]\\d{1,15})?");

	/**
	 * Returns the condition that a text is.
	 * @throws InvalidParameterException when it is none, or a number is missing
	 */
	static ScoreCondition parse(String text) {
		Matcher parts = SYNTAX.matcher(text.strip());
		if (text.length() > MAX_LENGTH || !parts.matches()) {
			throw new InvalidParameterException("score must be a name, and what it is compared with.");
		}
		ScoreCondition condition = new ScoreCondition(parts.group(1), parts.group(2), parts.group(3));
		if (condition.isComparison() && condition.number() == null) {
			throw new InvalidParameterException("score must be compared with a number, as in helpful < 0.5.");
		}
		return condition;
	}

	private boolean isComparison() {
		return this.operator != null && !this.operator.equals("=");
	}

	private @Nullable Double number() {
		return (this.value != null && NUMBER.matcher(this.value).matches()) ? Double.valueOf(this.value) : null;
	}

	/** Returns the condition in SQL on a row {@code s} of {@code scores}. */
	String sql() {
		if (this.operator == null) {
			return "s.name = :scoreName";
		}
		return isComparison() ? "s.name = :scoreName AND s.value " + this.operator + " :scoreValue"
				: "s.name = :scoreName AND (s.label = :scoreLabel OR s.value = :scoreValue::float8)";
	}

	/** Returns its parameters. */
	Map<String, @Nullable Object> parameters() {
		Map<String, @Nullable Object> parameters = new HashMap<>();
		parameters.put("scoreName", this.name);
		if (this.operator != null) {
			parameters.put("scoreValue", number());
		}
		if ("=".equals(this.operator)) {
			parameters.put("scoreLabel", this.value);
		}
		return parameters;
	}

}
