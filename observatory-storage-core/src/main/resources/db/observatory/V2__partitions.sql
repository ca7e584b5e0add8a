-- Partitions: one a day (UTC), made ahead, dropped as a whole.
--
-- The functions that change something are SECURITY DEFINER: the role that writes records need not own the tables. Each is
-- pinned to the schema it was created in, with pg_temp last so that no temporary table can stand in for one of ours, and
-- loses the right to be called that PUBLIC has by default. TimeZone is set because a bound is printed, and a day is
-- counted, in the session's zone.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The one list of them. A table is on it by how it was made.
CREATE FUNCTION partitioned_tables()
    RETURNS SETOF text
    LANGUAGE sql STABLE
    SET search_path FROM CURRENT
AS $$
    SELECT c.relname::text
      FROM pg_class AS c
     WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
$$;

COMMENT ON FUNCTION partitioned_tables() IS 'The append tables, and trace_spans where it is kept by day.';
REVOKE ALL ON FUNCTION partitioned_tables() FROM PUBLIC;

-- The partitions of the append tables, by their bounds, not by their names: a partition that was merged or made by hand
-- counts as well. MINVALUE and MAXVALUE appear as -infinity and infinity. pg_get_expr is asked without the relation (a
-- bound refers to no column), since with it newer versions would lock each partition.
CREATE FUNCTION append_partitions()
    RETURNS TABLE (table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    LANGUAGE sql STABLE
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET search_path FROM CURRENT
AS $$
    SELECT p.relname::text,
           c.relname::text,
           coalesce(substring(b.bound FROM $re$FROM \('([^']+)'\)$re$)::timestamptz, '-infinity'),
           coalesce(substring(b.bound FROM $re$TO \('([^']+)'\)$re$)::timestamptz, 'infinity')
      FROM pg_class p
      JOIN pg_inherits i ON i.inhparent = p.oid AND NOT i.inhdetachpending
      JOIN pg_class c ON c.oid = i.inhrelid
     CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, 0) AS bound) b
     WHERE p.relname IN (SELECT t.name FROM partitioned_tables() AS t (name))
       AND p.relnamespace = quote_ident(current_schema())::regnamespace
       AND b.bound LIKE 'FOR VALUES FROM %'
$$;

COMMENT ON FUNCTION append_partitions() IS 'The partitions of the append tables and their bounds.';
REVOKE ALL ON FUNCTION append_partitions() FROM PUBLIC;

-- What make_partitions has to make: partitions for all time until days_ahead that none covers, be it after the last one,
-- between two (a day that somebody has dropped) or before the first. A day a partition, but one for all time before the
-- first, and one for a hole of more than a month before today: hundreds at once would exhaust the server's lock table.
CREATE FUNCTION missing_partitions(days_ahead integer)
    RETURNS TABLE (table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    LANGUAGE sql STABLE
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET search_path FROM CURRENT
AS $$
    WITH clock AS (
        SELECT date_trunc('day', now()) AS today
    ), existing AS (
        SELECT p.table_name, range_agg(tstzrange(p.lower_bound, p.upper_bound)) AS ranges
          FROM append_partitions() AS p
         GROUP BY p.table_name
    ), holes AS (
        SELECT t.name, lower(h.hole) AS lower, upper(h.hole) AS upper, least(upper(h.hole), c.today) AS past
          FROM clock AS c
         CROSS JOIN partitioned_tables() AS t (name)
          LEFT JOIN existing AS e ON e.table_name = t.name
         CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange('-infinity', c.today + make_interval(days => days_ahead + 1)))
                                   - coalesce(e.ranges, '{}')) AS h (hole)
    ), divided AS (
        SELECT h.name, h.lower, h.upper, CASE WHEN h.lower < h.past - interval '31 days' THEN h.past ELSE h.lower END AS first_day
          FROM holes AS h
    )
    SELECT d.name,
           d.name || CASE d.lower WHEN '-infinity' THEN '_before'
                          ELSE to_char(d.lower, '_YYYYMMDD') || to_char(d.first_day - interval '1 day', '_YYYYMMDD') END,
           d.lower, d.first_day
      FROM divided AS d
     WHERE d.lower < d.first_day
    UNION ALL
    SELECT d.name, d.name || to_char(s.day, '_YYYYMMDD'),
           greatest(s.day, d.first_day), least(s.day + interval '1 day', d.upper)
      FROM divided AS d
     CROSS JOIN LATERAL generate_series(date_trunc('day', d.first_day), d.upper - interval '1 microsecond',
                                        interval '1 day') AS s (day)
$$;

COMMENT ON FUNCTION missing_partitions(integer) IS 'The partitions that make_partitions would make.';
REVOKE ALL ON FUNCTION missing_partitions(integer) FROM PUBLIC;

-- Makes one partition as a table of its own and attaches it: that locks the parent in SHARE UPDATE EXCLUSIVE mode, which
-- neither writers nor readers notice. CREATE TABLE ... PARTITION OF would lock everybody out. ATTACH makes the indexes.
-- A partition that was detached, to be archived say, keeps its name: the new one gets another.
CREATE FUNCTION make_partition(table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
    RETURNS void
    LANGUAGE plpgsql
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET search_path FROM CURRENT
AS $$
BEGIN
    WHILE to_regclass(quote_ident(partition_name)) IS NOT NULL LOOP
        partition_name := partition_name || '_';
    END LOOP;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES EXCLUDING COMMENTS)',
                   partition_name, table_name);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%L)',
                   table_name, partition_name,
                   CASE lower_bound WHEN '-infinity' THEN 'MINVALUE' ELSE quote_literal(lower_bound) END, upper_bound);
END
$$;

COMMENT ON FUNCTION make_partition(text, text, timestamptz, timestamptz) IS
    'Makes one partition; a part of make_partitions and drop_partitions.';
REVOKE ALL ON FUNCTION make_partition(text, text, timestamptz, timestamptz) FROM PUBLIC;

-- Looks without a lock first, so it may be called as often as one likes. Several callers at once wait for each other,
-- then find nothing left to do. Wants READ COMMITTED (the default): the second look must see what the first caller did.
CREATE FUNCTION make_partitions(days_ahead integer DEFAULT 14)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '2s'
    SET search_path FROM CURRENT
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
    'Makes the missing partitions of the append tables until days_ahead after today (UTC); returns how many it made.';
REVOKE ALL ON FUNCTION make_partitions(integer) FROM PUBLIC;

-- Autovacuum gives way to whoever has waited for it for deadlock_timeout (1 s), and nobody else waits for this lock: neither
-- readers nor writers. So it comes before the locks that do hold others up, and that are not waited for so long.
CREATE FUNCTION lock_out_vacuum(partitions text)
    RETURNS void
    LANGUAGE plpgsql
    SET lock_timeout = '2s'
    SET search_path FROM CURRENT
AS $$
BEGIN
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', partitions);
END
$$;

COMMENT ON FUNCTION lock_out_vacuum(text) IS
    'Ends an autovacuum of these partitions and lets none begin; a part of drop_partitions and drop_spans.';
REVOKE ALL ON FUNCTION lock_out_vacuum(text) FROM PUBLIC;

-- Drops the days that lie wholly before older_than, and with them the *_before partition, whose rows are older still.
-- A new, empty *_before then reaches up to the oldest day kept, so that a late record of any age still has a home.
-- At most 100 days a call, for the server's lock table: call again until it returns 0. Dropping needs the parent in
-- ACCESS EXCLUSIVE mode for a moment. While that waits for a long query all writers of the table wait behind it, so it gives
-- up after half a second (55P03) for each of the two locks that it takes; a batch under load may hold the table for longer
-- than a quarter of a second.
CREATE FUNCTION drop_partitions(older_than timestamptz, table_name text)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    parent  text := table_name;
    old     text[];
    before  text;
    gone    text;
    reach   timestamptz;
BEGIN
    IF parent IS NULL OR parent = 'trace_spans' OR parent NOT IN (SELECT t.name FROM partitioned_tables() AS t (name)) THEN
        RAISE EXCEPTION 'table_name must be an append table; spans by day go with drop_spans' USING ERRCODE = '22023';
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

    SELECT string_agg(format('%I', n), ', ') INTO gone FROM unnest(before || old) AS n WHERE n IS NOT NULL;
    PERFORM lock_out_vacuum(gone);
    EXECUTE 'DROP TABLE ' || gone;
    PERFORM make_partition(parent, coalesce(before, parent || '_before'), '-infinity', reach);
    RETURN cardinality(old);
END
$$;

COMMENT ON FUNCTION drop_partitions(timestamptz, text) IS
    'Drops the days of one append table that lie wholly before older_than, and all that is older; returns how many days.';
REVOKE ALL ON FUNCTION drop_partitions(timestamptz, text) FROM PUBLIC;

-- Days count as ahead only while there is no gap before them.
CREATE FUNCTION partitions_ahead()
    RETURNS integer
    LANGUAGE sql STABLE
    SECURITY DEFINER
    SET TimeZone = 'UTC'
    SET DateStyle = 'ISO'
    SET search_path FROM CURRENT
AS $$
    WITH covered AS (
        SELECT p.table_name, range_agg(tstzrange(p.lower_bound, p.upper_bound)) AS ranges
          FROM append_partitions() AS p
         GROUP BY p.table_name
    )
    SELECT min(coalesce((SELECT least(upper(r), date_trunc('day', now()) + interval '10000 days')::date
                           FROM unnest(c.ranges) AS r
                          WHERE r @> now()) - now()::date - 1, -1))
      FROM partitioned_tables() AS t (name)
      LEFT JOIN covered c ON c.table_name = t.name
$$;

COMMENT ON FUNCTION partitions_ahead() IS
    'For how many days after today (UTC) all append tables have partitions; -1: not even for today.';
REVOKE ALL ON FUNCTION partitions_ahead() FROM PUBLIC;

SELECT make_partitions(14);
