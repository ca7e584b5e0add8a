package io.observatory.storage.sending;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.Staged;
import io.observatory.storage.table.Layout;
import io.observatory.storage.table.RowSource;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.Table;
import io.observatory.storage.table.TraceSummary;
import io.observatory.storage.table.TracesTable;

/**
 * Traces and their spans. First the traces, declared or implied by a span, in the order
 * of their keys; this locks every trace row that the batch touches. Then the spans: most
 * batches are new spans only, which COPY takes straight into the table. When some of them
 * existed, or a trace was declared before, these traces are counted anew.
 */
public final class TracesStore implements TableStore {

	private static final int TRACE_ID = 0;

	private static final String OF_ANOTHER_TRACE = "the span id belongs to another trace";

	private static final String OF_ANOTHER_KIND = "the span id belongs to a span of another kind in this trace";

	private final TracesTable traces;

	private final SpansTable spans;

	private final DirectCopy optimism = new DirectCopy();

	/** To put a statement together takes longer than to send it. */
	private final Map<Merge, String> merges = new ConcurrentHashMap<>();

	public TracesStore(TracesTable traces, SpansTable spans) {
		this.traces = traces;
		this.spans = spans;
	}

	@Override
	public List<Table<?>> tables() {
		return List.of(this.traces, this.spans);
	}

	@Override
	public List<Table<?>> staged() {
		return List.of(this.traces, this.spans);
	}

	@Override
	public List<DeadLetter> store(RowLoader road, List<Rows> rows) throws SQLException {
		Rows traceRows = rows.get(0);
		Rows spanRows = rows.get(1);
		if (traceRows.isEmpty() && spanRows.isEmpty()) {
			return List.of();
		}
		TraceSummary digest = TraceSummary.of(spanRows);
		Set<String> recount = new HashSet<>(mergeTraces(road, traceRows, digest));
		List<DeadLetter> foreign = List.of();
		if (!spanRows.isEmpty() && !this.optimism.append(road, this.spans, spanRows)) {
			Staged staged = road.stage(this.spans, spanRows);
			if (insertNew(road, staged) < spanRows.count()) {
				this.optimism.disappointed();
				Layout layout = Layout.of(query(road, Layout.query(road.schema())).get(0));
				update(road, this.spans.correct(road.schema(), staged.source(), layout), staged);
				recount.addAll(digest.traces());
				foreign = foreign(road, staged, spanRows, layout);
			}
		}
		if (!recount.isEmpty()) {
			update(road, this.traces.recount(road.schema(), this.spans), recount);
		}
		if (!foreign.isEmpty()) {
			update(road, this.traces.removeEmpty(road.schema()), recount);
		}
		return foreign;
	}

	private List<String> mergeTraces(RowLoader road, Rows traceRows, TraceSummary digest) throws SQLException {
		Staged declared = road.stage(this.traces, traceRows);
		Staged seen = new Staged(TraceSummary.source(), TraceSummary.columns(), digest.values());
		Merge merge = new Merge(road.schema(), declared.source(), hasRepeated(traceRows));
		return query(road, this.merges.computeIfAbsent(merge, this::sql), declared, seen);
	}

	private String sql(Merge merge) {
		return this.traces.merge(merge.schema(), merge.declared(), TraceSummary.source(), merge.repeated());
	}

	/**
	 * Returns whether two rows may be of the same trace. Two that only look so make the
	 * merge slower, not wrong.
	 */
	private static boolean hasRepeated(Rows traceRows) {
		long[] ids = new long[traceRows.count()];
		RowDecoder trace = traceRows.decoder();
		for (int row = 0; trace.next(); row++) {
			UUID id = trace.uuid(TRACE_ID);
			ids[row] = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
		}
		Arrays.sort(ids);
		for (int i = 1; i < ids.length; i++) {
			if (ids[i] == ids[i - 1]) {
				return true;
			}
		}
		return false;
	}

	private int insertNew(RowLoader road, Staged staged) throws SQLException {
		return update(road, this.spans.insertNew(road.schema(), staged.source()), staged);
	}

	private List<DeadLetter> foreign(RowLoader road, Staged staged, Rows spanRows, Layout layout) throws SQLException {
		Map<List<String>, String> reasons = new HashMap<>();
		try (PreparedStatement statement = road.connection()
			.prepareStatement(this.spans.foreign(road.schema(), staged.source(), layout))) {
			staged.bind(statement, 1);
			try (ResultSet spans = statement.executeQuery()) {
				while (spans.next()) {
					reasons.put(List.of(spans.getString(1), spans.getString(2), spans.getString(3), spans.getString(4)),
							spans.getBoolean(5) ? OF_ANOTHER_TRACE : OF_ANOTHER_KIND);
				}
			}
		}
		return reasons.isEmpty() ? List.of() : find(reasons, spanRows, this.spans.constraint(layout));
	}

	private List<DeadLetter> find(Map<List<String>, String> reasons, Rows spanRows, String constraint) {
		List<DeadLetter> found = new ArrayList<>();
		RowDecoder decoder = spanRows.decoder();
		for (int row = 0; decoder.next(); row++) {
			String reason = reasons.get(SpansTable.identity(decoder));
			if (reason != null) {
				found.add(new DeadLetter(this.spans, spanRows.slice(row, row + 1), null, constraint, reason));
			}
		}
		return found;
	}

	private static List<String> query(RowLoader road, String sql, Staged... parameters) throws SQLException {
		List<String> ids = new ArrayList<>();
		try (PreparedStatement statement = road.connection().prepareStatement(sql)) {
			bind(statement, parameters);
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					ids.add(rows.getString(1));
				}
			}
		}
		return ids;
	}

	private static int update(RowLoader road, String sql, Staged... parameters) throws SQLException {
		try (PreparedStatement statement = road.connection().prepareStatement(sql)) {
			bind(statement, parameters);
			return statement.executeUpdate();
		}
	}

	private static void update(RowLoader road, String sql, Set<String> ids) throws SQLException {
		try (PreparedStatement statement = road.connection().prepareStatement(sql)) {
			statement.setArray(1, road.connection().createArrayOf("uuid", ids.toArray()));
			statement.executeUpdate();
		}
	}

	private static void bind(PreparedStatement statement, Staged... parameters) throws SQLException {
		int index = 1;
		for (Staged staged : parameters) {
			index = staged.bind(statement, index);
		}
	}

	/**
	 * What the text of a merge depends on.
	 */
	private record Merge(Schema schema, RowSource declared, boolean repeated) {
	}

}
