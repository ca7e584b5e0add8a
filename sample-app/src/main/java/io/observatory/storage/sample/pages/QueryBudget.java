package io.observatory.storage.sample.pages;

import java.time.Duration;

/**
 * How long a page searches for what it shows.
 */
public enum QueryBudget {

	/**
	 * For a first answer, which should come at once, with what is found by then.
	 */
	AT_ONCE(Duration.ofMillis(50)),

	/**
	 * For a page that asks by itself for the rest, while its reader has the first answer.
	 */
	MEANWHILE(Duration.ofSeconds(2)),

	/**
	 * For a page that asks every two seconds, each time from the newest on.
	 */
	LIVE(Duration.ofMillis(500));

	/** Id of the element of a page that asks for the rest. */
	private static final String MORE = "more";

	private final Duration budget;

	QueryBudget(Duration budget) {
		this.budget = budget;
	}

	/**
	 * Returns the budget of a request.
	 * @param trigger its header {@code HX-Trigger}: the id of the element that asks
	 */
	public static QueryBudget of(String trigger) {
		return trigger.equals(MORE) ? MEANWHILE : AT_ONCE;
	}

	/**
	 * The time after which no further step is begun.
	 */
	public Duration budget() {
		return this.budget;
	}

}
