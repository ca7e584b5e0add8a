package io.observatory.storage.sample.alerts;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Figures of the calls of models, as they were read last by one of the processes that
 * share the database. A figure is null if there is no call to take it from.
 *
 * @param readAt when they were read
 * @param costToday US dollars since midnight (UTC)
 * @param errorRate share of failed calls, from 0 to 1
 * @param p95Seconds the time within which 95 % of the calls ended
 * @param silenceSeconds time since the start of the last call
 */
record CallFigures(Instant readAt, @Nullable Double costToday, @Nullable Double errorRate, @Nullable Double p95Seconds,
		@Nullable Double silenceSeconds) {
}
