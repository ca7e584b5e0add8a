package io.observatory.storage.table;

import java.util.List;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Score;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * {@code scores}: one row for each name and source, and what it is about. Of several
 * versions the one with the latest time is kept, independent of the order of arrival.
 */
public final class ScoresTable extends Table<Score> {

	/**
	 * Which version of a score is kept, as a row to compare: the latest; if the times are
	 * equal, the other columns decide, only to have a fixed order.
	 */
	private static final String RANK = "%1$stimestamp%2$s, coalesce(%1$svalue, '-infinity')%2$s, "
			+ "coalesce('.' || %1$slabel, '')%2$s, coalesce('.' || %1$scomment, '')%2$s, %1$sservice_name%2$s";

	public ScoresTable() {
		super("scores", Score.class,
				List.of(uuid("id"), uuid("target_id"), text("trace_id"), text("span_id"), text("conversation_id"),
						text("response_id"), text("name"), text("source"), column("value", ColumnType.DOUBLE),
						text("label"), text("comment"), time("timestamp"), text("service_name")));
	}

	@Override
	protected void encode(Score score, RowEncoder row) {
		UUID target = target(score, row);
		String traceId = (score.traceId() != null) ? Ids.traceId(score.traceId()) : null;
		String spanId = spanId(score, row);
		String name = row.identifying("name", score.name(), InputPolicy.MAX_NAME_LENGTH);
		row.route(target);
		row.uuid("id", Ids.score(target, spanId, name, score.source()));
		row.uuid("targetId", target);
		row.optionalId("traceId", traceId);
		row.optionalId("spanId", spanId);
		row.optionalId("conversationId", score.conversationId());
		row.optionalId("responseId", score.responseId());
		row.name("name", name);
		row.constant(score.source().text());
		row.real(value(score, row));
		row.optionalLabel("label", score.label());
		row.text("comment", score.comment());
		row.time("timestamp", score.timestamp());
		row.ages(score.timestamp());
		row.name("serviceName", score.serviceName());
	}

	private static UUID target(Score score, RowEncoder row) {
		String trace = score.traceId();
		String conversation = score.conversationId();
		String response = score.responseId();
		if (trace != null && conversation == null && response == null) {
			return Ids.trace(row.identifying("traceId", trace, InputPolicy.MAX_ID_LENGTH));
		}
		if (conversation != null && trace == null && response == null) {
			return Ids.conversation(row.identifying("conversationId", conversation, InputPolicy.MAX_ID_LENGTH));
		}
		if (response != null && trace == null && conversation == null) {
			return Ids.response(row.identifying("responseId", response, InputPolicy.MAX_ID_LENGTH));
		}
		throw row.invalid("traceId", "must be given, or else conversationId or responseId, and only one of the three");
	}

	private static @Nullable String spanId(Score score, RowEncoder row) {
		if (score.spanId() == null) {
			return null;
		}
		if (score.traceId() == null) {
			throw row.invalid("spanId", "must come with a traceId");
		}
		return Ids.spanId(row.identifying("spanId", score.spanId(), InputPolicy.MAX_ID_LENGTH));
	}

	private static @Nullable Double value(Score score, RowEncoder row) {
		Double value = score.value();
		if (value == null) {
			if (score.label() == null) {
				throw row.invalid("value", "must be given, or else a label");
			}
			return null;
		}
		if (!Double.isFinite(value)) {
			throw row.invalid("value", "must be a finite number");
		}
		// makes 0 of -0, which PostgreSQL takes for equal when versions are compared
		return value + 0.0;
	}

	/**
	 * Returns the merge of a batch. It is sorted by key to avoid deadlocks, and has one
	 * version of each score, because PostgreSQL does not allow a statement to change a
	 * row twice (21000).
	 */
	public String merge(Schema schema, RowSource source) {
		return """
				INSERT INTO {table} AS t ({columns})
				SELECT DISTINCT ON (target_id, id) {columns} FROM {source}
				ORDER BY target_id, id, {best first}
				ON CONFLICT (target_id, id) DO UPDATE SET (value, label, comment, timestamp, service_name)
				    = ROW (excluded.value, excluded.label, excluded.comment, excluded.timestamp, excluded.service_name)
				WHERE ({rank of excluded}) > ({rank of t})
				""".replace("{table}", schema.qualify(name()))
			.replace("{columns}", columnList())
			.replace("{source}", source.inline())
			.replace("{best first}", RANK.formatted("", " DESC"))
			.replace("{rank of excluded}", RANK.formatted("excluded.", ""))
			.replace("{rank of t}", RANK.formatted("t.", ""));
	}

}
