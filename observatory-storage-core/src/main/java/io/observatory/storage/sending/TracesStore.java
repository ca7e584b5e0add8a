package io.observatory.storage.sending;

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

	private final DirectCopy directCopy = new DirectCopy();

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
	public List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException {
		Rows traceRows = rows.get(0);
		Rows spanRows = rows.get(1);
		if (traceRows.isEmpty() && spanRows.isEmpty()) {
			return List.of();
		}
		TraceSummary summary = TraceSummary.of(spanRows);
		Set<String> recount = new HashSet<>(mergeTraces(loader, traceRows, summary));
		List<DeadLetter> foreign = List.of();
		if (!spanRows.isEmpty() && !this.directCopy.append(loader, this.spans, spanRows)) {
			Staged staged = loader.stage(this.spans, spanRows);
			if (insertNew(loader, staged) < spanRows.count()) {
				this.directCopy.duplicateSeen();
				Layout layout = layout(loader);
				Staged ofDays = staged.plannedFor(summary.starts());
				loader.update(this.spans.correct(loader.schema(), staged.source(), layout), ofDays);
				recount.addAll(summary.traces());
				foreign = foreign(loader, ofDays, spanRows, layout);
			}
		}
		if (!recount.isEmpty()) {
			loader.update(this.traces.recount(loader.schema(), this.spans), recount);
		}
		if (!foreign.isEmpty()) {
			loader.update(this.traces.removeEmpty(loader.schema()), recount);
		}
		return foreign;
	}

	private int insertNew(RowLoader loader, Staged staged) throws SQLException {
		return loader.query(this.spans.insertNew(loader.schema(), staged.source()), (span) -> true, staged).size();
	}

	private List<String> mergeTraces(RowLoader loader, Rows traceRows, TraceSummary summary) throws SQLException {
		Staged declared = loader.stage(this.traces, traceRows);
		Staged seen = new Staged(TraceSummary.source(), summary.columns());
		Merge merge = new Merge(loader.schema(), declared.source(), hasRepeated(traceRows));
		return loader.query(this.merges.computeIfAbsent(merge, this::sql), (trace) -> trace.getString(1), declared,
				seen);
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

	/** Whatever it was before: a schema may be another one since. */
	private static Layout layout(RowLoader loader) throws SQLException {
		return Layout.of(loader.query(Layout.query(loader.schema()), (relation) -> relation.getString(1)).get(0));
	}

	private List<DeadLetter> foreign(RowLoader loader, Staged staged, Rows spanRows, Layout layout)
			throws SQLException {
		Map<List<String>, String> reasons = new HashMap<>();
		loader.query(this.spans.foreign(loader.schema(), staged.source(), layout),
				(span) -> reasons.put(
						List.of(span.getString(1), span.getString(2), span.getString(3), span.getString(4)),
						span.getBoolean(5) ? OF_ANOTHER_TRACE : OF_ANOTHER_KIND),
				staged);
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

	/**
	 * What the text of a merge depends on.
	 */
	private record Merge(Schema schema, RowSource declared, boolean repeated) {
	}

}
