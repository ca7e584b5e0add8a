package io.observatory.storage.llm.price;

import java.math.BigDecimal;

import io.observatory.storage.model.Check;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost, as the caller says. Amounts are doubles: they are estimates from a
 * price list, not bookings; the source system and JSON have doubles too; and a double is
 * written in its shortest form, so that {@code jsonb}, which keeps decimals exactly,
 * holds the digits that were given (up to 15). Summed up in SQL as {@code numeric} they
 * do not drift. {@code toString()} shows nothing of it.
 *
 * @param amount the whole cost, in units of the currency (dollars, not cents); finite and
 * not negative
 * @param currency the currency, an ISO 4217 code
 * @param prompt the input's part of it, or null if unknown; finite and not negative
 * @param completion the output's part of it, or null if unknown; finite and not negative
 */
public record LlmCost(double amount, String currency, @Nullable Double prompt, @Nullable Double completion) {

	/** The currency unless another is set. */
	public static final String DEFAULT_CURRENCY = "USD";

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when an amount is out of bounds, naming it
	 * @throws NullPointerException when there is no currency
	 */
	public LlmCost {
		Check.amount(amount, "LlmCost", "amount");
		Check.required(currency, "LlmCost", "currency");
		Check.amount(prompt, "LlmCost", "prompt");
		Check.amount(completion, "LlmCost", "completion");
	}

	/** Returns a cost in US dollars of which only the whole is known. */
	public static LlmCost usd(double amount) {
		return new LlmCost(amount, DEFAULT_CURRENCY, null, null);
	}

	/**
	 * Returns a cost in US dollars: the sum of its parts, as decimals: 0.1 and 0.2 are
	 * 0.3.
	 */
	public static LlmCost usd(double prompt, double completion) {
		Check.amount(prompt, "LlmCost", "prompt");
		Check.amount(completion, "LlmCost", "completion");
		double amount = BigDecimal.valueOf(prompt).add(BigDecimal.valueOf(completion)).doubleValue();
		return new LlmCost(amount, DEFAULT_CURRENCY, prompt, completion);
	}

	@Override
	public String toString() {
		return "LlmCost";
	}

}
