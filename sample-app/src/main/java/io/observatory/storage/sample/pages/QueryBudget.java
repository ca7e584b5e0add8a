package io.observatory.storage.sample.pages;

import java.time.Duration;

/**
 * How long a page looks for what it is to show.
 */
public enum QueryBudget {

	/**
	 * A first answer: it is to be there at once, with what is found by then.
	 */
	AT_ONCE(Duration.ofMillis(50)),

	/**
	 * The page that asks by itself for what was missing, while its reader has the first
	 * answer.
	 */
	MEANWHILE(Duration.ofSeconds(2)),

	/**
	 * A page that asks every two seconds, each time from the newest on.
	 */
	LIVE(Duration.ofMillis(500));

	/** Id of the element of a page that asks for what was missing. */
	private static final String MORE = "more";

	private final Duration budget;

	QueryBudget(Duration budget) {
		this.budget = budget;
	}

	/**
	 * The patience with a request.
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
