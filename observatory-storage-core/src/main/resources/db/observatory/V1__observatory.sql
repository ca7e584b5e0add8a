-- The tables of Observatory Storage. PostgreSQL 15 or newer.
--
-- Runs in one transaction, with the target schema first in search_path. No name below is qualified, so the schema may
-- have any name; the functions at the end are pinned to the schema they were created in.
-- By hand:  psql -1 -v ON_ERROR_STOP=1 -c 'SET search_path = observatory' -f V1__observatory.sql


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

CREATE INDEX idx_traces_service_name ON traces (service_name);
CREATE INDEX idx_traces_start_time   ON traces (start_time DESC);

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

COMMENT ON TABLE trace_spans IS
    'One row a span. A span lands with its trace or without: the trace row is made where it is missing.';
COMMENT ON COLUMN trace_spans.id IS 'Derived from trace and span id.';
COMMENT ON COLUMN trace_spans.external_trace_id IS
    'The trace''s text id where it is not 128 bits of hex, else NULL: the trace row can be made from its spans alone.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Metrics: one row a name and service, merged like the traces. Small, and updated often: hence the fillfactor.
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
    updated_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT idx_metrics_name_service UNIQUE (name, service_name) DEFERRABLE
) WITH (fillfactor = 70);

COMMENT ON TABLE  metrics IS 'One row a metric of a service; its values are in metric_data_points.';
COMMENT ON COLUMN metrics.id IS 'Derived from name and service: a data point finds its metric without a lookup.';


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
    backend_pid INTEGER,
    updated_at  TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (fillfactor = 10);

COMMENT ON TABLE lanes IS
    'How far each stream of batches has come: moved by compare-and-set in the transaction that stores the batch.';
COMMENT ON COLUMN lanes.writer IS 'Which writer the lane belongs to.';
COMMENT ON COLUMN lanes.slot IS 'Which of the writer''s concurrent flushes.';
COMMENT ON COLUMN lanes.epoch IS 'Raised by a new owner: an earlier one finds its update matching no row.';
COMMENT ON COLUMN lanes.position IS 'Number of the last batch that was committed.';
COMMENT ON COLUMN lanes.backend_pid IS 'Server process that last moved the lane.';
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
-- Partitions.
--
-- The functions that change something are SECURITY DEFINER: the role that writes records need not own the tables.
-- Names in their bodies are found through the search_path that the DO block below pins. TimeZone is set because a
-- bound is printed, and a day is counted, in the session's zone.
-- ---------------------------------------------------------------------------------------------------------------------

-- The partitions of the append tables, by their bounds, not by their names: a partition that was merged or made by hand
-- counts as well. MINVALUE and MAXVALUE appear as -infinity and infinity. pg_get_expr is asked without the relation (a
-- bound refers to no column), since with it newer versions would lock each partition.
CREATE FUNCTION append_partitions()
    RETURNS TABLE (table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    LANGUAGE sql STABLE
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
AS $$
    SELECT p.relname::text,
           c.relname::text,
           coalesce(substring(b.bound FROM $re$FROM \('([^']+)'\)$re$)::timestamptz, '-infinity'),
           coalesce(substring(b.bound FROM $re$TO \('([^']+)'\)$re$)::timestamptz, 'infinity')
      FROM pg_class p
      JOIN pg_inherits i ON i.inhparent = p.oid AND NOT i.inhdetachpending
      JOIN pg_class c ON c.oid = i.inhrelid
     CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, 0) AS bound) b
     WHERE p.oid IN ('trace_events'::regclass, 'metric_data_points'::regclass, 'logs'::regclass)
       AND b.bound LIKE 'FOR VALUES FROM %'
$$;

COMMENT ON FUNCTION append_partitions() IS 'The partitions of the append tables and their bounds.';

-- What make_partitions has to make: each day from the end of what there is (after an idle time that lies in the past)
-- until days_ahead that no partition touches. A table without any partition also gets one for all time before today.
-- Days missed for more than a month share one partition: hundreds at once would exhaust the server's lock table.
CREATE FUNCTION missing_partitions(days_ahead integer)
    RETURNS TABLE (table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    LANGUAGE sql STABLE
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
AS $$
    WITH clock AS (
        SELECT date_trunc('day', now()) AS today
    ), existing AS MATERIALIZED (
        SELECT * FROM append_partitions()
    ), reach AS (
        SELECT t.name, c.today, max(e.upper_bound) AS upper_bound,
               coalesce(max(e.upper_bound) < c.today - interval '31 days', false) AS long_idle
          FROM unnest(ARRAY['trace_events', 'metric_data_points', 'logs']) AS t (name)
         CROSS JOIN clock c
          LEFT JOIN existing e ON e.table_name = t.name
         GROUP BY t.name, c.today
    )
    SELECT r.name, r.name || '_before', '-infinity', r.today
      FROM reach r
     WHERE r.upper_bound IS NULL
    UNION ALL
    SELECT r.name,
           r.name || to_char(r.upper_bound, '_YYYYMMDD') || to_char(r.today - interval '1 day', '_YYYYMMDD'),
           r.upper_bound, r.today
      FROM reach r
     WHERE r.long_idle
    UNION ALL
    SELECT r.name, r.name || to_char(d.day, '_YYYYMMDD'), d.day, d.day + interval '1 day'
      FROM reach r
     CROSS JOIN LATERAL generate_series(CASE WHEN r.long_idle THEN r.today
                                             ELSE date_trunc('day', least(r.upper_bound, r.today)) END,
                                        r.today + make_interval(days => days_ahead),
                                        interval '1 day') AS d (day)
     WHERE NOT EXISTS (SELECT FROM existing e
                        WHERE e.table_name = r.name
                          AND e.lower_bound < d.day + interval '1 day'
                          AND e.upper_bound > d.day)
$$;

COMMENT ON FUNCTION missing_partitions(integer) IS 'The partitions that make_partitions would make.';

-- Makes one partition as a table of its own and attaches it: that locks the parent in SHARE UPDATE EXCLUSIVE mode, which
-- neither writers nor readers notice. CREATE TABLE ... PARTITION OF would lock everybody out. ATTACH makes the indexes.
CREATE FUNCTION make_partition(table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    RETURNS void
    LANGUAGE plpgsql
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES EXCLUDING COMMENTS)',
                   partition_name, table_name);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%L)',
                   table_name, partition_name,
                   CASE WHEN lower_bound = '-infinity' THEN 'MINVALUE'
                        ELSE quote_literal(to_char(lower_bound, 'YYYY-MM-DD HH24:MI:SS+00')) END,
                   to_char(upper_bound, 'YYYY-MM-DD HH24:MI:SS+00'));
END
$$;

COMMENT ON FUNCTION make_partition(text, text, timestamptz, timestamptz) IS
    'Makes one partition; a part of make_partitions and drop_partitions.';

-- Looks without a lock first, so it may be called as often as one likes. Several callers at once wait for each other,
-- then find nothing left to do. Wants READ COMMITTED (the default): the second look must see what the first caller did.
CREATE FUNCTION make_partitions(days_ahead integer DEFAULT 14)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '2s'
AS $$
DECLARE
    missing record;
    made    integer := 0;
BEGIN
    IF days_ahead IS NULL OR days_ahead NOT BETWEEN 0 AND 100 THEN
        RAISE EXCEPTION 'days_ahead must be between 0 and 100' USING ERRCODE = '22023';
    END IF;
    IF NOT EXISTS (SELECT FROM missing_partitions(days_ahead)) THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0));
    FOR missing IN
        SELECT m.* FROM missing_partitions(days_ahead) AS m ORDER BY m.table_name, m.lower_bound
    LOOP
        PERFORM make_partition(missing.table_name, missing.partition_name, missing.lower_bound, missing.upper_bound);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;

COMMENT ON FUNCTION make_partitions(integer) IS
    'Makes the missing partitions of the append tables from today (UTC) to days_ahead later; returns how many it made.';

-- Drops the days that lie wholly before older_than, and with them the *_before partition, whose rows are older still.
-- A new, empty *_before then reaches up to the oldest day kept, so that a late record of any age still has a home.
-- At most 100 days a call, for the server's lock table: call again until it returns 0. Dropping needs the parent in
-- ACCESS EXCLUSIVE mode for a moment; where a long query is in the way it gives up after two seconds (55P03).
CREATE FUNCTION drop_partitions(older_than timestamptz, table_name text)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '2s'
AS $$
DECLARE
    parent  text := table_name;
    old     text[];
    before  text;
    reach   timestamptz;
BEGIN
    IF parent IS NULL OR parent NOT IN ('trace_events', 'metric_data_points', 'logs') THEN
        RAISE EXCEPTION 'table_name must be trace_events, metric_data_points or logs' USING ERRCODE = '22023';
    END IF;
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0));

    SELECT array_agg(d.partition_name ORDER BY d.lower_bound), max(d.upper_bound)
      INTO old, reach
      FROM (SELECT p.*
              FROM append_partitions() AS p
             WHERE p.table_name = parent AND p.lower_bound > '-infinity' AND p.upper_bound <= older_than
             ORDER BY p.lower_bound
             LIMIT 100) AS d;
    IF old IS NULL THEN
        RETURN 0;
    END IF;
    SELECT p.partition_name
      INTO before
      FROM append_partitions() AS p
     WHERE p.table_name = parent AND p.lower_bound = '-infinity';
    -- Where a day is missing in between, the new *_before covers it too.
    SELECT coalesce(min(p.lower_bound), reach)
      INTO reach
      FROM append_partitions() AS p
     WHERE p.table_name = parent AND p.lower_bound >= reach;

    EXECUTE (SELECT 'DROP TABLE ' || string_agg(format('%I', n), ', ')
               FROM unnest(before || old) AS n
              WHERE n IS NOT NULL);
    PERFORM make_partition(parent, coalesce(before, parent || '_before'), '-infinity', reach);
    RETURN cardinality(old);
END
$$;

COMMENT ON FUNCTION drop_partitions(timestamptz, text) IS
    'Drops the days of one append table that lie wholly before older_than, and all that is older; returns how many days.';

-- Days count as ahead only while there is no gap before them.
CREATE FUNCTION partitions_ahead()
    RETURNS integer
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
AS $$
    WITH covered AS (
        SELECT p.table_name, range_agg(tstzrange(p.lower_bound, p.upper_bound)) AS ranges
          FROM append_partitions() AS p
         GROUP BY p.table_name
    )
    SELECT min(coalesce((SELECT least(upper(r), date_trunc('day', now()) + interval '10000 days')::date
                           FROM unnest(c.ranges) AS r
                          WHERE r @> now()) - now()::date - 1, -1))
      FROM unnest(ARRAY['trace_events', 'metric_data_points', 'logs']) AS t (name)
      LEFT JOIN covered c ON c.table_name = t.name
$$;

COMMENT ON FUNCTION partitions_ahead() IS
    'For how many days after today (UTC) all three append tables have partitions; -1: not even for today.';

CREATE FUNCTION delete_lanes(older_than interval DEFAULT '30 days')
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
AS $$
DECLARE
    deleted integer;
BEGIN
    -- A living writer's lane is what keeps a retry from storing a batch twice.
    IF older_than IS NULL OR older_than < interval '1 day' THEN
        RAISE EXCEPTION 'older_than must be at least one day' USING ERRCODE = '22023';
    END IF;
    -- A locked lane is in use: leave it.
    DELETE FROM lanes
     WHERE id IN (SELECT l.id FROM lanes AS l WHERE l.updated_at < now() - older_than FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_lanes(interval) IS 'Deletes the lanes that have not moved for so long; returns how many.';

-- Pins each function to this schema, with pg_temp last so that no temporary table can stand in for ours, and takes away
-- the right to call it that PUBLIC has by default.
DO $$
DECLARE
    f text;
BEGIN
    FOREACH f IN ARRAY ARRAY[
        'append_partitions()',
        'missing_partitions(integer)',
        'make_partition(text, text, timestamptz, timestamptz)',
        'make_partitions(integer)',
        'drop_partitions(timestamptz, text)',
        'partitions_ahead()',
        'delete_lanes(interval)']
    LOOP
        EXECUTE format('ALTER FUNCTION %1$I.%2$s SET search_path = %1$I, pg_temp', current_schema(), f);
        EXECUTE format('REVOKE ALL ON FUNCTION %I.%s FROM PUBLIC', current_schema(), f);
    END LOOP;

    PERFORM make_partitions(14);
END
$$;
