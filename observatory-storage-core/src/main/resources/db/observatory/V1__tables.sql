-- The tables of Observatory Storage, their keys and their indexes. PostgreSQL 15 or newer.
--
-- The files of this directory run in the order of their numbers, each in one transaction, with the target schema first in
-- search_path. No name in them is qualified, so the schema may have any name. By hand, in this directory:
--
--     psql -v ON_ERROR_STOP=1 -1 -c 'SET search_path = observatory' -f V1__tables.sql -f V2__partitions.sql \
--          -f V3__retention.sql -f V4__views.sql -f V5__model_prices.sql -f V6__spans_by_day.sql -f V9__scores.sql
--
-- and for the layout `partitioned` then -f ../observatory-partitioned/R__spans_by_day.sql.


-- ---------------------------------------------------------------------------------------------------------------------
-- Traces and spans: one row a key, merged (INSERT ... ON CONFLICT).
-- ---------------------------------------------------------------------------------------------------------------------

-- The UNIQUE constraint bears the name of the index on trace_id: a second index on the same column would be pure cost.
-- It is DEFERRABLE, though nobody defers it: an INSERT with ON CONFLICT (id) that meets another one's row of the same key
-- in the index of trace_id would wait for that one's end while its own row stands, half inserted, in the primary key. The
-- other one, updating its row, would run into that: a deadlock (or 23505). A deferrable index is not waited for.
-- The fillfactor leaves room on the page for new versions of a row: a trace is updated each time spans of it arrive.
CREATE TABLE traces (
    id                  UUID        PRIMARY KEY,
    trace_id            TEXT        NOT NULL CONSTRAINT idx_traces_trace_id UNIQUE DEFERRABLE,
    service_name        TEXT        NOT NULL,
    start_time          TIMESTAMPTZ NOT NULL,
    end_time            TIMESTAMPTZ,
    duration_us         BIGINT,
    status              TEXT        NOT NULL,
    status_message      TEXT,
    root_span_name      TEXT,
    attributes          JSONB       NOT NULL DEFAULT '{}',
    resource_attributes JSONB       NOT NULL DEFAULT '{}',
    span_count          INTEGER     NOT NULL DEFAULT 0,
    created_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    declared            SMALLINT    NOT NULL DEFAULT 0,
    lead_span_id        TEXT,
    lead_start          TIMESTAMPTZ,
    lead_is_root        BOOLEAN
) WITH (fillfactor = 70);

-- A list shows the traces of a service, the newest first.
CREATE INDEX idx_traces_service_name ON traces (service_name, start_time DESC);
CREATE INDEX idx_traces_start_time   ON traces (start_time DESC);
-- A trace begins with the first of its spans, unless it declared its own start: the retention looks for the spans of these.
CREATE INDEX idx_traces_declared     ON traces (start_time) WHERE declared <> 0;

COMMENT ON TABLE  traces IS 'One row a trace, assembled from its spans and from what a Trace record declared.';
COMMENT ON COLUMN traces.id IS 'Derived from trace_id: its 128 bits where it is hex, else a name-based UUID.';
COMMENT ON COLUMN traces.span_count IS 'Number of distinct spans stored.';
COMMENT ON COLUMN traces.declared IS
    'Bit set of the fields that a Trace record declared; these beat what spans say. 0: the row is derived from spans alone.';
COMMENT ON COLUMN traces.lead_span_id IS
    'The span that gives the trace its service and root name: no parent first, then the earliest start, then the smallest id.';
COMMENT ON COLUMN traces.lead_start IS 'Start of the lead span, kept so that the next merge need not read it.';
COMMENT ON COLUMN traces.lead_is_root IS 'Whether the lead span has no parent.';

CREATE TABLE trace_spans (
    id                UUID        PRIMARY KEY,
    trace_id          UUID        NOT NULL REFERENCES traces (id),
    span_id           TEXT        NOT NULL CONSTRAINT idx_spans_span_id UNIQUE,
    parent_span_id    TEXT,
    name              TEXT        NOT NULL,
    kind              TEXT        NOT NULL,
    service_name      TEXT        NOT NULL,
    start_time        TIMESTAMPTZ NOT NULL,
    end_time          TIMESTAMPTZ,
    duration_us       BIGINT,
    status            TEXT        NOT NULL,
    status_message    TEXT,
    attributes        JSONB       NOT NULL DEFAULT '{}',
    events            JSONB,
    links             JSONB,
    created_at        TIMESTAMPTZ NOT NULL DEFAULT now(),
    external_trace_id TEXT
);

CREATE INDEX idx_spans_trace_id   ON trace_spans (trace_id);
CREATE INDEX idx_spans_start_time ON trace_spans (start_time DESC);

-- The calls of models by their time, for llm_calls, whose condition this is, word for word: the planner looks for that.
-- Without it each span of the time is read, and its attributes decompressed, to see whether it is a call. Small, as most
-- spans are none.
CREATE INDEX idx_spans_calls ON trace_spans (start_time DESC)
    WHERE attributes ->> 'gen_ai.operation.name'
              IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
       OR (attributes ->> 'gen_ai.operation.name' IS NULL
           AND attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model']);

-- The spans of a conversation, for those who ask for one by its id. Small, as most spans belong to none.
CREATE INDEX idx_spans_conversation ON trace_spans ((attributes ->> 'gen_ai.conversation.id'))
    WHERE attributes ->> 'gen_ai.conversation.id' IS NOT NULL;

COMMENT ON TABLE trace_spans IS
    'One row a span. A span lands with its trace or without: the trace row is made where it is missing.';
COMMENT ON COLUMN trace_spans.id IS 'Derived from trace and span id.';
COMMENT ON COLUMN trace_spans.external_trace_id IS
    'The trace''s text id where it is not 128 bits of hex, else NULL: the trace row can be made from its spans alone.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Metrics: one row a stream, merged like the traces. Small, and updated often: hence the fillfactor.
--
-- Two instances, scopes, units or types of one name and service are several streams of OpenTelemetry. What is the same for
-- all points of a stream stands here, once, and not with each of them.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE metrics (
    id                  UUID        PRIMARY KEY,
    name                TEXT        NOT NULL,
    description         TEXT,
    unit                TEXT,
    metric_type         TEXT        NOT NULL CHECK (metric_type IN ('counter', 'gauge', 'histogram', 'summary')),
    service_name        TEXT        NOT NULL,
    attributes          JSONB       NOT NULL DEFAULT '{}',
    resource_attributes JSONB       NOT NULL DEFAULT '{}',
    created_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at          TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

CREATE INDEX idx_metrics_name_service ON metrics (name, service_name);

COMMENT ON TABLE  metrics IS 'One row a stream of a metric; its values are in metric_data_points.';
COMMENT ON COLUMN metrics.id IS
    'Derived from resource, scope, name, unit, type, temporality and monotonicity, or from name and service alone: a data point finds its metric without a lookup.';
COMMENT ON COLUMN metrics.attributes IS
    'The scope (otel.scope), otel.temporality and otel.monotonic of all its points, and the metric''s metadata.';
COMMENT ON COLUMN metrics.resource_attributes IS 'Whose points these are.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Append tables: only ever added to, by COPY.
--
-- No primary key, no foreign key: nothing is stored twice because the batch and the position in its lane are committed
-- together (table lanes), and keys would be most of what a row costs. One partition a day, so that old data is dropped,
-- not deleted. No default partition: attaching a day to a table that has one scans it under an exclusive lock, and one
-- stray row in it blocks its day for ever. What is older than the first day has a partition of its own (*_before); what
-- is too far ahead is refused before it gets here.
--
-- BRIN on time suits rows that arrive roughly in order and costs next to nothing; autosummarize keeps it current
-- without waiting for a VACUUM. Data points are read by metric and time, so they have no use for it.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE trace_events (
    id         UUID        NOT NULL,
    span_id    UUID        NOT NULL,
    name       TEXT        NOT NULL,
    timestamp  TIMESTAMPTZ NOT NULL,
    attributes JSONB       NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
) PARTITION BY RANGE (timestamp);

CREATE INDEX idx_trace_events_span_id   ON trace_events (span_id);
CREATE INDEX idx_trace_events_timestamp ON trace_events USING brin (timestamp) WITH (autosummarize = on);

COMMENT ON TABLE  trace_events IS 'Events written on their own; those that come with a span are in trace_spans.events.';
COMMENT ON COLUMN trace_events.span_id IS 'trace_spans.id; not a foreign key, an event may come before its span.';

CREATE TABLE metric_data_points (
    id         UUID        NOT NULL,
    metric_id  UUID        NOT NULL,
    timestamp  TIMESTAMPTZ NOT NULL,
    value      DOUBLE PRECISION,
    count      BIGINT,
    sum        DOUBLE PRECISION,
    min        DOUBLE PRECISION,
    max        DOUBLE PRECISION,
    buckets    JSONB,
    quantiles  JSONB,
    exemplars  JSONB,
    attributes JSONB       NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
) PARTITION BY RANGE (timestamp);

CREATE INDEX idx_points_metric_id_timestamp ON metric_data_points (metric_id, timestamp DESC);

COMMENT ON TABLE  metric_data_points IS 'Values of metrics, in their order of arrival.';
COMMENT ON COLUMN metric_data_points.metric_id IS 'metrics.id; not a foreign key, a point may come before its metric.';

CREATE TABLE logs (
    id                  UUID        NOT NULL,
    timestamp           TIMESTAMPTZ NOT NULL,
    observed_timestamp  TIMESTAMPTZ,
    severity_number     INTEGER,
    severity_text       TEXT,
    body                TEXT,
    service_name        TEXT        NOT NULL,
    trace_id            TEXT,
    span_id             TEXT,
    trace_flags         INTEGER,
    attributes          JSONB       NOT NULL DEFAULT '{}',
    resource_attributes JSONB       NOT NULL DEFAULT '{}',
    scope_name          TEXT,
    scope_version       TEXT,
    scope_attributes    JSONB,
    created_at          TIMESTAMPTZ NOT NULL DEFAULT now()
) PARTITION BY RANGE (timestamp);

CREATE INDEX idx_logs_timestamp         ON logs USING brin (timestamp) WITH (autosummarize = on);
CREATE INDEX idx_logs_service_timestamp ON logs (service_name, timestamp DESC);
CREATE INDEX idx_logs_trace_id          ON logs (trace_id) WHERE trace_id IS NOT NULL;

COMMENT ON TABLE logs IS 'Log records, in their order of arrival.';


-- ---------------------------------------------------------------------------------------------------------------------
-- The writers' own tables.
-- ---------------------------------------------------------------------------------------------------------------------

-- A few rows, each updated with every batch of its lane. The page is left nearly empty and no column but the key is
-- indexed, so that every update is a HOT one: no index entry, and the old version is pruned by the next access.
CREATE TABLE lanes (
    id          UUID        PRIMARY KEY,
    writer      TEXT        NOT NULL,
    slot        INTEGER     NOT NULL,
    epoch       BIGINT      NOT NULL DEFAULT 0,
    position    BIGINT      NOT NULL DEFAULT 0,
    row_count   BIGINT      NOT NULL DEFAULT 0,
    backend_pid INTEGER,
    moved_at    TIMESTAMPTZ,
    updated_at  TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (fillfactor = 10);

-- Which database this is: a constant, so that each row has it.
DO $$ BEGIN EXECUTE format('ALTER TABLE lanes ADD COLUMN database_id UUID NOT NULL DEFAULT %L', gen_random_uuid()); END $$;

COMMENT ON TABLE lanes IS
    'How far each stream of batches has come: moved by compare-and-set in the transaction that stores the batch.';
COMMENT ON COLUMN lanes.writer IS 'Which writer the lane belongs to.';
COMMENT ON COLUMN lanes.slot IS 'Which of the writer''s concurrent flushes.';
COMMENT ON COLUMN lanes.epoch IS 'Raised by a new owner: an earlier one finds its update matching no row.';
COMMENT ON COLUMN lanes.position IS 'Number of the last batch that was committed.';
COMMENT ON COLUMN lanes.row_count IS
    'Number of rows in all batches that were committed: after a failover that lost commits it says how many records these were. The lane of a log on disk counts the rows of that log.';
COMMENT ON COLUMN lanes.backend_pid IS 'Server process that last moved the lane.';
COMMENT ON COLUMN lanes.moved_at IS
    'When the transaction began that moved the lane last. With backend_pid it tells that transaction from one of a copy of the process, from a snapshot of its memory.';
COMMENT ON COLUMN lanes.database_id IS
    'The same in all rows of a database, and in its standbys and dumps: a log on disk knows by it which database its rows belong to.';
COMMENT ON COLUMN lanes.updated_at IS 'Lanes not moved for long belong to processes long gone; see delete_lanes.';

CREATE TABLE dead_letters (
    id              UUID        PRIMARY KEY,
    table_name      TEXT        NOT NULL,
    row_format      SMALLINT    NOT NULL,
    row_bytes       BYTEA       NOT NULL,
    sql_state       TEXT,
    constraint_name TEXT,
    reason          TEXT        NOT NULL,
    attempts        INTEGER     NOT NULL DEFAULT 1,
    failed_at       TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_dead_letters_failed_at ON dead_letters (failed_at);

COMMENT ON TABLE  dead_letters IS 'Rows that the database refused, each of them when it was sent alone.';
COMMENT ON COLUMN dead_letters.row_format IS
    'Version of the row encoding: old bytes stay readable when a table gains columns.';
COMMENT ON COLUMN dead_letters.row_bytes IS
    'The row as it was sent (binary COPY format). Bytes, because what jsonb refused once it would refuse again.';
COMMENT ON COLUMN dead_letters.sql_state IS 'SQLSTATE of the refusal; NULL where the writer itself refused the row.';
COMMENT ON COLUMN dead_letters.attempts IS 'How often the row was sent, replays included.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Compression of large values: lz4, where the server was built with it. Prompts of 10 to 200 KB go in at 1.4 to 2.9 times
-- the rate of pglz, and take 17 to 30 % more room. A query meets no difference.
-- ---------------------------------------------------------------------------------------------------------------------

DO $$
DECLARE
    large RECORD;
BEGIN
    IF (SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression') THEN
        FOR large IN SELECT * FROM (VALUES
                ('traces', 'attributes'), ('traces', 'resource_attributes'),
                ('trace_spans', 'attributes'), ('trace_spans', 'events'), ('trace_spans', 'links'),
                ('trace_events', 'attributes'), ('logs', 'body'), ('logs', 'attributes')) AS l (table_name, column_name)
        LOOP
            EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET COMPRESSION lz4', large.table_name, large.column_name);
        END LOOP;
    END IF;
END
$$;
