package io.observatory.storage.sample.alerts;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A limit of one figure.
 *
 * @param name its name, as in the property
 * @param limit the limit: US dollars, a share from 0 to 1, or seconds
 * @param figure what is compared with it, null if not known
 */
record AlertRule(String name, double limit, Function<CallFigures, @Nullable Double> figure) {

	Alert check(@Nullable CallFigures figures) {
		Double value = (figures != null) ? this.figure.apply(figures) : null;
		return new Alert(this.name, value, this.limit, value != null && value > this.limit);
	}

	/**
	 * How it is.
	 *
	 * @param name name of the rule
	 * @param value the figure, null if not known or without any call
	 * @param limit the limit
	 * @param exceeded whether the figure is above the limit
	 */
	record Alert(String name, @Nullable Double value, double limit, boolean exceeded) {
	}

}
