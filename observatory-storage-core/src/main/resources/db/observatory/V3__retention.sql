-- Removal of what is older than it is to be kept: traces with their spans, metrics, dead letters and lanes, a batch a call.
-- The append tables lose whole days; see drop_partitions.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- A piece of a trace: the spans are found again by a key of their own, be there a million more of the trace.
CREATE FUNCTION delete_spans(trace uuid, older_than timestamptz, max_rows integer)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    deleted integer;
BEGIN
    DELETE FROM trace_spans AS d
     USING (SELECT s.span_id, s.start_time FROM trace_spans AS s
             WHERE s.trace_id = trace AND greatest(s.start_time, s.end_time) < older_than
             LIMIT max_rows) AS s
     WHERE d.trace_id = trace AND d.span_id = s.span_id AND d.start_time = s.start_time;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_spans(uuid, timestamptz, integer) IS
    'Deletes at most max_rows spans of a trace that ended before older_than; a part of delete_traces.';
REVOKE ALL ON FUNCTION delete_spans(uuid, timestamptz, integer) FROM PUBLIC;

-- A trace does not tell of a span that has begun and not ended, nor of any when its own end was declared. So its spans are
-- looked for, but only where it was written since, and where they can be: a span that begins later than its trace was written
-- is of a clock that is ahead, and that by an hour at most.
--
-- All is found by index: without statistics (after an upgrade or a restore) each call would read the tables as a whole. With
-- random_page_cost = 1 it is the index of the trace: with that of the start time, it would read whole days of spans.
CREATE FUNCTION living_traces(ids uuid[], older_than timestamptz)
    RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_custom_plan
    SET enable_seqscan = off
    SET enable_bitmapscan = off
    SET random_page_cost = 1
    SET search_path FROM CURRENT
AS $$
DECLARE
    living  uuid[];
    written uuid[];
    last    timestamptz;
    others  uuid[];
BEGIN
    SELECT array_agg(t.id) FILTER (WHERE t.lives), array_agg(t.id) FILTER (WHERE NOT t.lives AND t.written),
           max(t.updated_at) FILTER (WHERE NOT t.lives)
      INTO living, written, last
      FROM (SELECT a.id, a.updated_at, greatest(a.start_time, a.end_time) >= older_than AS lives,
                   a.updated_at >= older_than - interval '1 hour' AS written
              FROM traces AS a WHERE a.id = ANY (ids)) AS t;
    IF written IS NOT NULL THEN
        SELECT array_agg(DISTINCT s.trace_id)
          INTO others
          FROM trace_spans AS s
         WHERE s.trace_id = ANY (written) AND s.start_time <= last + interval '1 hour'
           AND greatest(s.start_time, s.end_time) >= older_than;
    END IF;
    RETURN coalesce(living, '{}') || coalesce(others, '{}');
END
$$;

COMMENT ON FUNCTION living_traces(uuid[], timestamptz) IS 'Those of some traces that reach older_than, or have a span that does.';
REVOKE ALL ON FUNCTION living_traces(uuid[], timestamptz) FROM PUBLIC;

CREATE FUNCTION recount_spans(ids uuid[])
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    trace uuid;
    spans integer;
BEGIN
    FOR trace IN SELECT i.id FROM unnest(ids) AS i (id) ORDER BY i.id LOOP
        PERFORM FROM traces AS t WHERE t.id = trace FOR UPDATE;
        SELECT count(*) INTO spans FROM trace_spans AS s WHERE s.trace_id = trace;
        UPDATE traces SET span_count = spans WHERE id = trace AND span_count <> spans;
    END LOOP;
END
$$;

COMMENT ON FUNCTION recount_spans(uuid[]) IS 'Sets span_count of some traces right; locks them, in the order of their ids.';
REVOKE ALL ON FUNCTION recount_spans(uuid[]) FROM PUBLIC;

-- A trace goes when neither it nor any of its spans reaches older_than, together with its spans. One of more than
-- max_rows spans loses these piece by piece first, its span_count being right after each: whatever is committed is whole.
-- One of more than 100,000 spans is not asked again before each piece whether all of them are old: the old ones go.
--
-- The locks come in the writers' order, traces by key and then their spans, and nothing is waited for. A trace whose row
-- is locked is being written, and is left to the next run. No writer adds a span to a trace whose row is locked here: it
-- waits for the row, finds it gone, and inserts it anew with what it brings.
--
-- A call goes on where the one before it ended (after_start, after_id). From the beginning, each would meet the index
-- entries of all that is gone already. Both are NULL at the end, and where another session is at it.
--
-- Where spans are kept by day, they have gone with their day (drop_spans), but for those before the first day. A trace goes
-- when all of it lies before the day of older_than, and its spans count as deleted with it. One that a late span has brought
-- back since then has its spans counted anew.
--
-- All is found by index: without statistics (after an upgrade or a restore) each call would read the tables as a whole.
CREATE FUNCTION delete_traces(older_than timestamptz, max_rows integer DEFAULT 1000,
                              INOUT after_start timestamptz DEFAULT '-infinity',
                              INOUT after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000',
                              OUT deleted_traces integer, OUT deleted_spans integer)
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
    SET plan_cache_mode = force_custom_plan
    SET enable_seqscan = off
    SET enable_bitmapscan = off
    SET search_path FROM CURRENT
AS $$
DECLARE
    slice     uuid[];
    locked    uuid[];
    old       uuid[];
    trace     uuid;
    spans     integer;
    lives     boolean;
    end_start timestamptz;
    first_day timestamptz;
    by_day    boolean;
    others    integer;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    deleted_traces := 0;
    deleted_spans := 0;
    SELECT p.upper_bound INTO first_day
      FROM append_partitions() AS p WHERE p.table_name = 'trace_spans' AND p.lower_bound = '-infinity';
    by_day := first_day IS NOT NULL;
    IF by_day THEN
        older_than := date_trunc('day', older_than, 'UTC');
    ELSE
        first_day := 'infinity';
    END IF;

    IF pg_try_advisory_xact_lock(hashtextextended('observatory-storage retention ' || current_schema(), 0)) THEN
        -- The oldest that there is room for, a row each and one for each span, but at least one.
        SELECT array_agg(s.id ORDER BY s.number), max(s.start_time)
          INTO slice, end_start
          FROM (SELECT c.id, c.start_time,
                       row_number() OVER by_age AS number, sum(1 + c.span_count) OVER by_age AS rows
                  FROM (SELECT t.id, t.start_time, t.span_count
                          FROM traces AS t
                         WHERE t.start_time < older_than
                           AND (t.start_time, t.id) > (after_start, after_id)
                           AND (by_day OR t.end_time IS NULL OR t.end_time < older_than)
                         ORDER BY t.start_time, t.id
                         LIMIT max_rows) AS c
                WINDOW by_age AS (ORDER BY c.start_time, c.id)) AS s
         WHERE s.rows <= max_rows OR s.number = 1;
    END IF;
    IF slice IS NULL THEN
        after_start := NULL;
        after_id := NULL;
        RETURN;
    END IF;

    -- One by one: rows on several servers are not locked by one statement (Citus).
    FOREACH trace IN ARRAY slice LOOP
        SELECT t.span_count, t.end_time >= older_than INTO spans, lives
          FROM traces AS t
         WHERE t.id = trace AND (by_day OR t.end_time IS NULL OR t.end_time < older_than)
           FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            locked := locked || trace;
        END IF;
    END LOOP;

    IF cardinality(slice) = 1 AND spans > max_rows AND lives IS NOT TRUE
       AND (spans > 100000
            OR NOT EXISTS (SELECT FROM trace_spans AS s
                            WHERE s.trace_id = locked[1] AND greatest(s.start_time, s.end_time) >= older_than)) THEN
        deleted_spans := delete_spans(locked[1], older_than, max_rows);
        UPDATE traces SET span_count = span_count - deleted_spans WHERE id = locked[1];
        IF deleted_spans = max_rows THEN
            RETURN;
        END IF;
    END IF;

    -- A statement of its own, so that it sees what was committed until the rows were locked. A trace does not tell of a
    -- span that has begun and not ended, nor of any when its own end was declared.
    old := array(SELECT unnest(locked) EXCEPT SELECT unnest(living_traces(locked, older_than)));
    IF by_day THEN
        PERFORM recount_spans(array(SELECT unnest(locked) EXCEPT SELECT unnest(old)));
    END IF;
    DELETE FROM trace_spans WHERE trace_id = ANY (old) AND start_time < first_day;
    WITH gone AS (DELETE FROM traces WHERE id = ANY (old) RETURNING span_count)
    SELECT count(*), coalesce(sum(g.span_count), 0) INTO deleted_traces, others FROM gone AS g;
    deleted_spans := deleted_spans + others;
    after_start := end_start;
    after_id := slice[cardinality(slice)];
END
$$;

COMMENT ON FUNCTION delete_traces(timestamptz, integer, timestamptz, uuid) IS
    'Deletes about max_rows rows of traces that ended before older_than, and of their spans; returns where it got to.';
REVOKE ALL ON FUNCTION delete_traces(timestamptz, integer, timestamptz, uuid) FROM PUBLIC;

-- Streams come with each start of a process that has an id of its own, so they go when their points are gone. What was
-- written since older_than may still be waiting for its first point.
CREATE FUNCTION delete_metrics(older_than timestamptz, max_rows integer DEFAULT 1000)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    metric  uuid;
    old     uuid[];
    deleted integer;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    FOR metric IN
        SELECT m.id FROM metrics AS m
         WHERE m.updated_at < older_than
           AND NOT EXISTS (SELECT FROM metric_data_points AS p WHERE p.metric_id = m.id)
         LIMIT max_rows
    LOOP
        PERFORM FROM metrics AS m WHERE m.id = metric AND m.updated_at < older_than FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            old := old || metric;
        END IF;
    END LOOP;
    DELETE FROM metrics WHERE id = ANY (old);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_metrics(timestamptz, integer) IS
    'Deletes at most max_rows metrics that were last written before older_than and have no points; returns how many.';
REVOKE ALL ON FUNCTION delete_metrics(timestamptz, integer) FROM PUBLIC;

CREATE FUNCTION delete_dead_letters(older_than timestamptz, max_rows integer DEFAULT 1000)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    deleted integer;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    -- A locked letter is being replayed: leave it.
    DELETE FROM dead_letters
     WHERE id IN (SELECT l.id FROM dead_letters AS l
                   WHERE l.failed_at < older_than
                   ORDER BY l.failed_at
                   LIMIT max_rows
                     FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_dead_letters(timestamptz, integer) IS
    'Deletes at most max_rows dead letters that were put aside before older_than; returns how many.';
REVOKE ALL ON FUNCTION delete_dead_letters(timestamptz, integer) FROM PUBLIC;

CREATE FUNCTION delete_lanes(older_than interval DEFAULT '30 days')
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
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
REVOKE ALL ON FUNCTION delete_lanes(interval) FROM PUBLIC;

-- Which traces still live, of those that may have spans in a time that is to go. A trace begins with its first span, so its row
-- tells, by the index of their start; only one that declared a start of its own may begin later than its spans, and there the
-- spans are looked for. Spans of a day are ten times as many as its traces, and most of them have not been read for weeks.
--
-- Most traces were last written then, and do not live: see living_traces.
CREATE FUNCTION living_traces_between(since timestamptz, until timestamptz, older_than timestamptz)
    RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET search_path FROM CURRENT
AS $$
DECLARE
    living   uuid[] := '{}';
    others   uuid[];
    declared uuid[];
BEGIN
    SELECT array_agg(t.id)
      INTO others
      FROM traces AS t
     WHERE t.start_time < until
       AND (greatest(t.start_time, t.end_time) >= older_than OR t.updated_at >= older_than - interval '1 hour');
    SELECT array_agg(DISTINCT t.id)
      INTO declared
      FROM traces AS t
      JOIN trace_spans AS s ON s.trace_id = t.id
     WHERE t.declared <> 0 AND t.start_time >= until AND s.start_time >= since AND s.start_time < until;
    others := coalesce(others, '{}') || declared;
    FOR i IN 1 .. cardinality(others) BY 1000 LOOP
        living := living || living_traces(others[i : i + 999], older_than);
    END LOOP;
    RETURN living;
END
$$;

COMMENT ON FUNCTION living_traces_between(timestamptz, timestamptz, timestamptz) IS
    'The traces that reach older_than and may have spans in a time that is to go; a part of drop_spans.';
REVOKE ALL ON FUNCTION living_traces_between(timestamptz, timestamptz, timestamptz) FROM PUBLIC;

-- Where spans are kept by day: the others go with their trace.
--
-- The first day goes, and all before it, but for the spans of traces that live: these move into a new partition for all time
-- before the days that are left. The traces that do not live follow (delete_traces).
--
-- A writer with a span of that day waits until this is done; no other one does, but for the moment of the DROP. Should
-- one hold the row of a trace whose spans move, and wait for this, it is this that gives up (55P03) and is tried again.
CREATE FUNCTION drop_spans(older_than timestamptz)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    first_day timestamptz;
    old       text;
    before    text;
    living    uuid[];
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    older_than := date_trunc('day', older_than, 'UTC');
    IF NOT pg_try_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0)) THEN
        RETURN 0;
    END IF;
    SELECT min(p.upper_bound)
      INTO first_day
      FROM append_partitions() AS p
     WHERE p.table_name = 'trace_spans' AND p.lower_bound > '-infinity';
    IF first_day IS NULL OR first_day > older_than THEN
        RETURN 0;
    END IF;
    SELECT string_agg(format('%I', p.partition_name), ', '), max(p.partition_name) FILTER (WHERE p.lower_bound = '-infinity')
      INTO old, before
      FROM append_partitions() AS p
     WHERE p.table_name = 'trace_spans' AND p.upper_bound <= first_day;

    PERFORM lock_out_vacuum(old);
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', old);
    living := living_traces_between('-infinity', first_day, older_than);
    CREATE TABLE trace_spans_kept (LIKE trace_spans INCLUDING ALL EXCLUDING INDEXES EXCLUDING COMMENTS);
    INSERT INTO trace_spans_kept
    SELECT s.* FROM trace_spans AS s WHERE s.start_time < first_day AND s.trace_id = ANY (living);
    -- A late span may have brought back a trace that was deleted, whose other spans are here.
    PERFORM recount_spans(array(SELECT DISTINCT k.trace_id FROM trace_spans_kept AS k));

    EXECUTE format('DROP TABLE %s', old);
    before := coalesce(before, 'trace_spans_before');
    EXECUTE format('ALTER TABLE trace_spans_kept RENAME TO %I', before);
    EXECUTE format('ALTER TABLE trace_spans ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', before, first_day);
    RETURN 1;
END
$$;

COMMENT ON FUNCTION drop_spans(timestamptz) IS
    'Drops the first day of spans if it lies wholly before older_than; returns whether it did, as 1 or 0.';
REVOKE ALL ON FUNCTION drop_spans(timestamptz) FROM PUBLIC;
