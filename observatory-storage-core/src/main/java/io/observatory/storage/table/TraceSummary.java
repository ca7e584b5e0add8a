package io.observatory.storage.table;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.row.ArrayLiteral;
import io.observatory.storage.row.Column;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.RowDecoder;
import io.observatory.storage.row.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Summary of the spans of a batch, with one entry for each trace. It is much smaller than
 * the spans and has everything that {@link TracesTable#merge} needs.
 */
public final class TraceSummary {

	private static final List<String> SPAN = new SpansTable().columns().stream().map(Column::name).toList();

	private static final int TRACE = SPAN.indexOf("trace_id");

	private static final int SPAN_ID = SPAN.indexOf("span_id");

	private static final int PARENT = SPAN.indexOf("parent_span_id");

	private static final int NAME = SPAN.indexOf("name");

	private static final int SERVICE = SPAN.indexOf("service_name");

	private static final int START = SPAN.indexOf("start_time");

	private static final int END = SPAN.indexOf("end_time");

	private static final int STATUS = SPAN.indexOf("status");

	private static final int STATUS_MESSAGE = SPAN.indexOf("status_message");

	private static final int ATTRIBUTES = SPAN.indexOf("attributes");

	private static final int EXTERNAL_ID = SPAN.indexOf("external_trace_id");

	private static final byte[] RESOURCE = ('"' + TraceSpan.RESOURCE + '"').getBytes(StandardCharsets.UTF_8);

	private static final List<Field> FIELDS = List.of(new Field(Table.uuid("id"), (entry, ids) -> ids.uuid(entry.id)),
			text("external_id", (entry) -> entry.externalId), time("start_time", (entry) -> entry.start),
			time("end_time", (entry) -> entry.end), text("status", (entry) -> utf8(entry.status)),
			new Field(Table.column("spans", ColumnType.BIGINT), (entry, counts) -> counts.number(entry.spans)),
			text("lead_span_id", (entry) -> utf8(entry.leadId)), time("lead_start", (entry) -> entry.leadStart),
			text("service_name", (entry) -> entry.serviceName), text("root_span_name", (entry) -> entry.rootName),
			text("status_message", (entry) -> entry.statusMessage),
			new Field(Table.jsonb("resource"), (entry, resources) -> resources.text(entry.resource)));

	private static final RowSource SOURCE = new RowSource("seen",
			Table.arrays(FIELDS.stream().map(Field::column).toList()) + " AS seen ("
					+ FIELDS.stream().map((field) -> field.column().name()).collect(Collectors.joining(", ")) + ")",
			1);

	private final Map<UUID, Entry> entries = new HashMap<>();

	private TraceSummary() {
	}

	/** Returns the summary of rows of {@link SpansTable}. */
	public static TraceSummary of(Rows spans) {
		TraceSummary digest = new TraceSummary();
		RowDecoder span = spans.decoder();
		Entry entry = null;
		while (span.next()) {
			// the spans of a trace often come one after the other
			if (entry == null || !span.is(TRACE, entry.id)) {
				entry = digest.entries.computeIfAbsent(span.uuid(TRACE), Entry::new);
			}
			entry.add(span);
		}
		return digest;
	}

	/** Returns the ids of the traces. */
	public List<String> traces() {
		return this.entries.keySet().stream().map(UUID::toString).toList();
	}

	/**
	 * Returns the earliest and the latest start of a span, as PostgreSQL reads them.
	 * There must be one.
	 */
	public List<String> starts() {
		long earliest = this.entries.values().stream().mapToLong((entry) -> entry.start).min().orElseThrow();
		long latest = this.entries.values().stream().mapToLong((entry) -> entry.lastStart).max().orElseThrow();
		return List.of(RowDecoder.time(earliest), RowDecoder.time(latest));
	}

	/** Returns the columns of the entries, each an array as PostgreSQL reads it. */
	public List<String> columns() {
		ArrayLiteral array = new ArrayLiteral();
		return FIELDS.stream().map((field) -> column(field, array)).toList();
	}

	private String column(Field field, ArrayLiteral array) {
		this.entries.values().forEach((entry) -> field.value().accept(entry, array));
		return array.end();
	}

	/** Returns the entries as a source for a query, which sends them as parameters. */
	public static RowSource source() {
		return SOURCE;
	}

	private static Field text(String name, Function<Entry, @Nullable String> value) {
		return new Field(Table.text(name), (entry, texts) -> texts.text(value.apply(entry)));
	}

	private static Field time(String name, ToLongFunction<Entry> micros) {
		return new Field(Table.time(name), (entry, times) -> {
			long value = micros.applyAsLong(entry);
			if (value != Entry.NO_TIME) {
				times.time(value);
			}
			else {
				times.text(null);
			}
		});
	}

	private static String utf8(byte[] text) {
		return new String(text, StandardCharsets.UTF_8);
	}

	/**
	 * One trace. Texts that are compared are kept as bytes, whose order is that of the
	 * collation "C".
	 */
	private static final class Entry {

		private static final long NO_TIME = Long.MIN_VALUE;

		private static final byte[] LAST = { -1 };

		private final UUID id;

		private @Nullable String externalId;

		private long start = Long.MAX_VALUE;

		private long lastStart = Long.MIN_VALUE;

		private long end = NO_TIME;

		private byte[] status = LAST;

		private long spans;

		private byte[] leadId = LAST;

		private long leadStart = Long.MAX_VALUE;

		private @Nullable String serviceName;

		private @Nullable String rootName;

		private @Nullable String statusMessage;

		private @Nullable String resource;

		private Entry(UUID id) {
			this.id = id;
		}

		private void add(RowDecoder span) {
			this.start = Math.min(this.start, span.micros(START));
			this.lastStart = Math.max(this.lastStart, span.micros(START));
			if (!span.isNull(END)) {
				this.end = Math.max(this.end, span.micros(END));
			}
			if (span.compare(STATUS, this.status) < 0) {
				this.status = span.bytes(STATUS);
			}
			if (this.spans++ == 0) {
				this.externalId = span.text(EXTERNAL_ID);
			}
			if (leads(span)) {
				follow(span);
			}
		}

		/**
		 * First spans without a parent, then the earliest start, then the smallest id.
		 */
		private boolean leads(RowDecoder span) {
			boolean isRoot = span.isNull(PARENT);
			if (isRoot != (this.rootName != null)) {
				return isRoot;
			}
			long begun = span.micros(START);
			return (begun != this.leadStart) ? begun < this.leadStart : span.compare(SPAN_ID, this.leadId) < 0;
		}

		private void follow(RowDecoder span) {
			boolean isRoot = span.isNull(PARENT);
			this.leadId = span.bytes(SPAN_ID);
			this.leadStart = span.micros(START);
			this.serviceName = span.text(SERVICE);
			this.rootName = isRoot ? span.text(NAME) : null;
			this.statusMessage = isRoot ? span.text(STATUS_MESSAGE) : null;
			this.resource = isRoot ? span.member(ATTRIBUTES, RESOURCE) : null;
		}

	}

	/**
	 * A column of an entry.
	 *
	 * @param column its name and type
	 * @param value adds its value to those of the other entries
	 */
	private record Field(Column column, BiConsumer<Entry, ArrayLiteral> value) {
	}

}
