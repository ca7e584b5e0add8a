-- The layout `partitioned`, and the way to it from `source`, for a schema that is new or full, while writers write. The
-- columns stay the same, the keys change.
--
-- A table of spans that grows is slow by its keys: each new span touches a random page of three indexes, and after a
-- checkpoint the first touch of a page writes it whole into the WAL. By day the spans of a trace lie side by side in one
-- index, an index of one day, and a day goes by DROP.
--
-- Spans are known by trace, span id and start, and there is no foreign key: a trace is made with its spans. The start is in
-- the key because a partitioned table wants it there; it never changes, and what is sent again has the same. Of a trace all
-- days are looked at, unless one knows its time.
--
-- The way: move_spans() makes the new table, spans_by_day, beside trace_spans, and from then on triggers repeat in it what
-- happens to trace_spans. The spans that are there are copied step by step, in the order of their start. When all are, the
-- tables change names. Each call is one step and one transaction, so it may end anywhere, and another call goes on.
-- Writers and readers see trace_spans whole at any time. Writers need not be told: see TracesStore.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Makes the new table. The triggers come last, since creating them locks out the writers until the end of the transaction.
-- Of the days that have spans those of the last 100 get partitions; older spans share one. Hundreds more would exhaust the
-- server's lock table.
CREATE FUNCTION begin_spans_by_day()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    attached text;
    day      timestamptz := date_trunc('day', now()) - interval '100 days';
BEGIN
    -- What a user has added and a table of another name would lose. Views follow, see end_spans_by_day.
    SELECT string_agg(pg_describe_object(d.classid, d.objid, d.objsubid), ', ')
      INTO attached
      FROM pg_depend AS d
     WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = 'trace_spans'::regclass
       AND d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_attrdef'::regclass)
       AND NOT EXISTS (SELECT FROM pg_constraint AS c
                        WHERE d.classid = 'pg_constraint'::regclass AND c.oid = d.objid AND c.conrelid = d.refobjid)
       AND NOT EXISTS (SELECT FROM pg_rewrite AS r JOIN pg_class AS v ON v.oid = r.ev_class
                        WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND v.relkind = 'v');
    IF attached IS NOT NULL THEN
        RAISE EXCEPTION 'drop these first, and make them again afterwards: %', attached USING ERRCODE = '2BP01';
    END IF;

    CREATE TABLE spans_by_day (
        LIKE trace_spans INCLUDING ALL EXCLUDING INDEXES,
        PRIMARY KEY (trace_id, span_id, start_time)
    ) PARTITION BY RANGE (start_time);
    COMMENT ON TABLE spans_by_day IS
        'One row a span, by the day of its start. A span lands with its trace or without: the trace row is made where it is missing.';
    -- A B-tree, a tenth of what a span costs: sums by hour go from one hour that has spans to the next, and lists of spans
    -- are in the order of their start, which BRIN cannot give.
    CREATE INDEX spans_by_day_start_time ON spans_by_day (start_time DESC);
    -- As in V1__tables.sql.
    CREATE INDEX spans_by_day_calls ON spans_by_day (start_time DESC)
        WHERE attributes ->> 'gen_ai.operation.name'
                  IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
           OR (attributes ->> 'gen_ai.operation.name' IS NULL
               AND attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model']);
    CREATE INDEX spans_by_day_conversation ON spans_by_day ((attributes ->> 'gen_ai.conversation.id'))
        WHERE attributes ->> 'gen_ai.conversation.id' IS NOT NULL;

    LOOP
        SELECT date_trunc('day', min(s.start_time)) INTO day FROM trace_spans AS s WHERE s.start_time >= day;
        EXIT WHEN day IS NULL;
        PERFORM make_partition('spans_by_day', 'trace_spans' || to_char(day, '_YYYYMMDD'), day, day + interval '1 day');
        day := day + interval '1 day';
    END LOOP;
    PERFORM make_partition(m.table_name, replace(m.partition_name, m.table_name, 'trace_spans'), m.lower_bound, m.upper_bound)
       FROM missing_partitions(14) AS m
      WHERE m.table_name = 'spans_by_day';

    CREATE TRIGGER spans_added AFTER INSERT ON trace_spans
        REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION repeat_in_spans_by_day();
    CREATE TRIGGER spans_changed AFTER UPDATE ON trace_spans
        REFERENCING OLD TABLE AS removed NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION repeat_in_spans_by_day();
    CREATE TRIGGER spans_removed AFTER DELETE ON trace_spans
        REFERENCING OLD TABLE AS removed
        FOR EACH STATEMENT EXECUTE FUNCTION repeat_in_spans_by_day();
    -- Later spans are in the new table already, be there as many as there may.
    CREATE TABLE moved_spans AS SELECT timestamptz '-infinity' AS before, max(s.start_time) AS last FROM trace_spans AS s;
END
$$;

COMMENT ON FUNCTION begin_spans_by_day() IS 'Makes the table that spans move to; a part of move_spans.';
REVOKE ALL ON FUNCTION begin_spans_by_day() FROM PUBLIC;

-- The spans' key leads to them, whatever the planner knows of a table that has just been filled.
CREATE FUNCTION repeat_in_spans_by_day()
    RETURNS trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET enable_seqscan = off
    SET enable_bitmapscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM spans_by_day AS d
         USING removed AS r
         WHERE d.trace_id = r.trace_id AND d.span_id = r.span_id AND d.start_time = r.start_time;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO spans_by_day SELECT * FROM added;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION repeat_in_spans_by_day() IS 'Repeats what happens to trace_spans; a part of move_spans.';
REVOKE ALL ON FUNCTION repeat_in_spans_by_day() FROM PUBLIC;

-- Copies about max_rows spans, those that start next, and returns the time before which all are copied. A span that is
-- there already was changed meanwhile, and is as it has to be. The lock on each span sees to it that it is not changed
-- between being read and being copied. The end is found first, as a span that is locked may have got another start.
CREATE FUNCTION copy_spans_by_day(max_rows integer)
    RETURNS timestamptz
    LANGUAGE plpgsql
    SET enable_seqscan = off
    SET enable_bitmapscan = off
    SET search_path FROM CURRENT
AS $$
DECLARE
    done      record;
    end_start timestamptz;
BEGIN
    SELECT * INTO done FROM moved_spans FOR UPDATE;
    SELECT s.start_time INTO end_start
      FROM trace_spans AS s
     WHERE s.start_time BETWEEN done.before AND done.last
     ORDER BY s.start_time OFFSET max_rows LIMIT 1;
    end_start := greatest(coalesce(end_start, 'infinity'), done.before + interval '1 microsecond');
    INSERT INTO spans_by_day
    SELECT s.* FROM trace_spans AS s
     WHERE s.start_time BETWEEN done.before AND done.last AND s.start_time < end_start FOR SHARE
        ON CONFLICT DO NOTHING;
    UPDATE moved_spans SET before = end_start;
    RETURN end_start;
END
$$;

COMMENT ON FUNCTION copy_spans_by_day(integer) IS 'Copies the spans that start next; a part of move_spans.';
REVOKE ALL ON FUNCTION copy_spans_by_day(integer) FROM PUBLIC;

-- Puts spans_by_day in the place of trace_spans, with its rights and the views that read it. The locks come in the writers'
-- order.
CREATE FUNCTION end_spans_by_day()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    views     text[];
    rights    text[];
    statement text;
BEGIN
    LOCK TABLE traces, trace_spans IN ACCESS EXCLUSIVE MODE;
    SELECT array_agg(format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
                            ' WITH (' || array_to_string(v.reloptions, ', ') || ')', pg_get_viewdef(v.oid)))
      INTO views
      FROM pg_class AS v
     WHERE v.oid IN (SELECT r.ev_class
                       FROM pg_depend AS d JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = 'trace_spans'::regclass);
    SELECT array_agg(format('GRANT %s %s ON trace_spans TO %s %s', a.privilege_type, '(' || quote_ident(g.column_name) || ')',
                            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
                            CASE WHEN a.is_grantable THEN 'WITH GRANT OPTION' END))
      INTO rights
      FROM (SELECT NULL AS column_name, c.relacl AS acl FROM pg_class AS c WHERE c.oid = 'trace_spans'::regclass
            UNION ALL
            SELECT a.attname, a.attacl FROM pg_attribute AS a WHERE a.attrelid = 'trace_spans'::regclass) AS g
     CROSS JOIN aclexplode(g.acl) AS a;

    ALTER TABLE trace_spans RENAME TO trace_spans_before_move;
    ALTER TABLE spans_by_day RENAME TO trace_spans;
    FOREACH statement IN ARRAY views || rights LOOP
        EXECUTE statement;
    END LOOP;
    DROP TABLE trace_spans_before_move, moved_spans;
    ALTER TABLE trace_spans RENAME CONSTRAINT spans_by_day_pkey TO trace_spans_pkey;
    ALTER INDEX spans_by_day_start_time RENAME TO idx_spans_start_time;
    ALTER INDEX spans_by_day_calls RENAME TO idx_spans_calls;
    ALTER INDEX spans_by_day_conversation RENAME TO idx_spans_conversation;
    -- The id is derived from it, so that one key says the same as two; see trace_key for the way from the one to the other.
    ALTER TABLE traces DROP CONSTRAINT IF EXISTS idx_traces_trace_id;
END
$$;

COMMENT ON FUNCTION end_spans_by_day() IS 'Puts the table that spans have moved to in its place; a part of move_spans.';
REVOKE ALL ON FUNCTION end_spans_by_day() FROM PUBLIC;

-- One step. The last one locks out writers and readers for a moment, and gives up after half a second (55P03), as others
-- would wait behind it; it does not even try while the table is vacuumed.
CREATE FUNCTION move_spans(max_rows integer DEFAULT 5000)
    RETURNS timestamptz
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '500ms'
    SET client_min_messages = warning
    SET search_path FROM CURRENT
AS $$
DECLARE
    before timestamptz := '-infinity';
BEGIN
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('observatory-storage move ' || current_schema(), 0));
    IF 'trace_spans' IN (SELECT t.name FROM partitioned_tables() AS t (name)) THEN
        RETURN NULL;
    END IF;
    IF to_regclass('spans_by_day') IS NULL THEN
        PERFORM begin_spans_by_day();
        RETURN before;
    END IF;
    before := copy_spans_by_day(max_rows);
    IF before = 'infinity'
       AND NOT EXISTS (SELECT FROM pg_locks AS l
                        WHERE l.relation = 'trace_spans'::regclass AND l.mode = 'ShareUpdateExclusiveLock'
                          AND l.pid <> pg_backend_pid()) THEN
        PERFORM end_spans_by_day();
        before := NULL;
    END IF;
    RETURN before;
END
$$;

COMMENT ON FUNCTION move_spans(integer) IS
    'Moves about max_rows spans from the layout source to partitioned; returns the start before which all have moved, NULL when it is done.';
REVOKE ALL ON FUNCTION move_spans(integer) FROM PUBLIC;

-- Spans stay in the layout `source`.
CREATE FUNCTION cancel_move_spans()
    RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
    SET client_min_messages = warning
    SET search_path FROM CURRENT
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('observatory-storage move ' || current_schema(), 0));
    DROP TRIGGER IF EXISTS spans_added ON trace_spans;
    DROP TRIGGER IF EXISTS spans_changed ON trace_spans;
    DROP TRIGGER IF EXISTS spans_removed ON trace_spans;
    DROP TABLE IF EXISTS spans_by_day, moved_spans;
END
$$;

COMMENT ON FUNCTION cancel_move_spans() IS 'Undoes what move_spans has done, unless it is done.';
REVOKE ALL ON FUNCTION cancel_move_spans() FROM PUBLIC;
