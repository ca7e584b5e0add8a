package io.observatory.storage.sample.pages.trace;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A score as the pages show it.
 *
 * @param spanId the span that it is about, or null
 * @param name what was judged
 * @param source whose opinion it is: user, reviewer or evaluation
 * @param value the opinion as a number, or null
 * @param label the opinion as a text, or null
 * @param comment the reasons, or null
 * @param time when it was given
 */
record GivenScore(@Nullable String spanId, String name, String source, @Nullable Double value, @Nullable String label,
		@Nullable String comment, Instant time) {

	/**
	 * The number without a fraction of 0, followed by the label; of true and false the
	 * label alone.
	 */
	public String opinion() {
		if (this.value == null || isFlag()) {
			return String.valueOf(this.label);
		}
		String number = (this.value == Math.rint(this.value) && Math.abs(this.value) < 1e15)
				? String.valueOf(this.value.longValue()) : String.valueOf(this.value);
		return (this.label != null) ? number + " " + this.label : number;
	}

	private boolean isFlag() {
		return "true".equals(this.label) || "false".equals(this.label);
	}

}
