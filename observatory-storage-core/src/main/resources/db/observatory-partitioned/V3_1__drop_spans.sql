-- Removal of spans in the layout `partitioned`.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE OR REPLACE FUNCTION delete_spans(trace uuid, older_than timestamptz, max_rows integer)
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

-- The first day goes, and all before it, but for the spans of traces that are still there: these move into a new partition
-- for all time before the days that are left. delete_traces goes first, so that they are few.
--
-- A writer with a span of that day waits until this is done; no other one does, but for the moment of the DROP. Should
-- one hold the row of a trace whose spans move, and wait for this, it is this that gives up (55P03) and is tried again.
CREATE OR REPLACE FUNCTION drop_spans(older_than timestamptz)
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
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
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

    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', old);
    CREATE TABLE trace_spans_kept (LIKE trace_spans INCLUDING ALL EXCLUDING INDEXES EXCLUDING COMMENTS);
    INSERT INTO trace_spans_kept
    SELECT s.* FROM trace_spans AS s
     WHERE s.start_time < first_day AND EXISTS (SELECT FROM traces AS t WHERE t.id = s.trace_id);
    -- A late span may have brought back a trace that was deleted, whose other spans are here.
    PERFORM FROM traces AS t WHERE t.id IN (SELECT k.trace_id FROM trace_spans_kept AS k) ORDER BY t.id FOR UPDATE;
    UPDATE traces AS t
       SET span_count = c.spans
      FROM (SELECT s.trace_id, count(*) AS spans FROM trace_spans AS s
             WHERE s.trace_id IN (SELECT k.trace_id FROM trace_spans_kept AS k)
             GROUP BY s.trace_id) AS c
     WHERE t.id = c.trace_id AND t.span_count <> c.spans;

    EXECUTE format('DROP TABLE %s', old);
    before := coalesce(before, 'trace_spans_before');
    EXECUTE format('ALTER TABLE trace_spans_kept RENAME TO %I', before);
    EXECUTE format('ALTER TABLE trace_spans ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', before, first_day);
    RETURN 1;
END
$$;
