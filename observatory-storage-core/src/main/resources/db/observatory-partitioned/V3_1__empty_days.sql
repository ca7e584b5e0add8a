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

-- From the first day on, as far as they are empty; the time before them gets a partition anew. Until then the locks keep a
-- late span out, and whoever has one waits: with the days no span goes.
CREATE OR REPLACE FUNCTION drop_empty_days(older_than timestamptz)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    day    record;
    filled boolean;
    reach  timestamptz;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0)) THEN
        RETURN 0;
    END IF;
    FOR day IN
        SELECT p.* FROM append_partitions() AS p
         WHERE p.table_name = 'trace_spans' AND p.upper_bound <= older_than
         ORDER BY p.lower_bound
         LIMIT 100
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', day.partition_name) INTO filled;
        EXIT WHEN filled;
        EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', day.partition_name);
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', day.partition_name) INTO filled;
        EXIT WHEN filled;
        reach := day.upper_bound;
    END LOOP;
    RETURN CASE WHEN reach IS NULL THEN 0 ELSE drop_partitions(reach, 'trace_spans') END;
END
$$;
