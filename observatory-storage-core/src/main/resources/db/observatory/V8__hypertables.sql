-- The tables by day as hypertables of TimescaleDB, for its compression. Nobody but the owner calls this, once, right after
-- the migration; until then the tables are PostgreSQL's own.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The extension's own functions may be in any schema, which nobody's search_path needs to have.
CREATE FUNCTION timescaledb_schema()
    RETURNS text
    LANGUAGE sql STABLE
    SET search_path FROM CURRENT
AS $$
    SELECT n.nspname::text
      FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'
$$;

COMMENT ON FUNCTION timescaledb_schema() IS 'Where the functions of TimescaleDB are; NULL where it is not.';
REVOKE ALL ON FUNCTION timescaledb_schema() FROM PUBLIC;

CREATE FUNCTION drop_chunks(table_name text, since timestamptz, until timestamptz)
    RETURNS integer
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
DECLARE
    dropped integer;
BEGIN
    EXECUTE format('SELECT count(*) FROM %I.drop_chunks(%L, older_than => $1, newer_than => $2)',
                   timescaledb_schema(), table_name)
       INTO dropped USING until, since;
    RETURN dropped;
END
$$;

COMMENT ON FUNCTION drop_chunks(text, timestamptz, timestamptz) IS
    'Drops the chunks between two times, or all until one; a part of drop_partitions and drop_spans.';
REVOKE ALL ON FUNCTION drop_chunks(text, timestamptz, timestamptz) FROM PUBLIC;

-- A partitioned table cannot become a hypertable, so each table is made anew, with its columns, indexes and rows, and the
-- views read the new ones. Rights to the tables have to be given afterwards.
CREATE FUNCTION make_hypertables()
    RETURNS void
    LANGUAGE plpgsql
    SET client_min_messages = warning
    SET search_path FROM CURRENT
AS $make$
DECLARE
    timescaledb text;
    views       text[];
    statement   text;
    indexes     text[];
    t           record;
BEGIN
    timescaledb := timescaledb_schema();
    IF timescaledb IS NULL THEN
        RAISE EXCEPTION 'the extension timescaledb is not in this database'
            USING ERRCODE = '0A000', HINT = 'CREATE EXTENSION timescaledb: docs/scale.md.';
    END IF;
    IF 'trace_spans' NOT IN (SELECT p.name FROM partitioned_tables() AS p (name)) THEN
        RAISE EXCEPTION 'the schema has the layout source, whose keys cannot be those of hypertables' USING ERRCODE = '0A000';
    END IF;
    SELECT array_agg(format('CREATE OR REPLACE VIEW %s AS %s', v.oid::regclass, pg_get_viewdef(v.oid)) ORDER BY v.oid)
      INTO views
      FROM pg_class AS v WHERE v.relkind = 'v' AND v.relnamespace = quote_ident(current_schema())::regnamespace;

    CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT p.name, p.name || '_by_day' AS before, CASE p.name WHEN 'trace_spans' THEN 'start_time' ELSE 'timestamp' END AS time
      FROM partitioned_tables() AS p (name);
    FOR t IN SELECT * FROM made LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', t.name, t.before);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES)', t.name, t.before);
        EXECUTE format('COMMENT ON TABLE %I IS %L', t.name, obj_description(t.before::regclass));
        EXECUTE format('INSERT INTO %I SELECT * FROM %I', t.name, t.before);
    END LOOP;
    FOREACH statement IN ARRAY views LOOP
        EXECUTE statement;
    END LOOP;
    FOR t IN SELECT * FROM made LOOP
        SELECT array_agg(replace(replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), t.before, t.name))
          INTO indexes FROM pg_index AS i WHERE i.indrelid = t.before::regclass;
        EXECUTE format('DROP TABLE %I', t.before);
        FOREACH statement IN ARRAY indexes LOOP
            EXECUTE statement;
        END LOOP;
    END LOOP;
    ALTER TABLE trace_spans ADD PRIMARY KEY USING INDEX trace_spans_pkey;
    FOR t IN SELECT * FROM made LOOP
        EXECUTE format('SELECT %1$I.create_hypertable(%2$L, %1$I.by_range(%3$L, interval ''1 day''),
                                                      create_default_indexes => false, migrate_data => true)',
                       timescaledb, t.name, t.time);
    END LOOP;

    CREATE OR REPLACE FUNCTION partitioned_tables()
        RETURNS SETOF text
        LANGUAGE sql STABLE
        SET search_path FROM CURRENT
    AS $$
        SELECT h.hypertable_name::text
          FROM timescaledb_information.hypertables AS h WHERE h.hypertable_schema = current_schema()
    $$;

    -- The chunks, which TimescaleDB makes for any time: so there are partitions for all time before the first and from it on.
    CREATE OR REPLACE FUNCTION append_partitions()
        RETURNS TABLE (table_name text, partition_name text, lower_bound timestamptz, upper_bound timestamptz)
        LANGUAGE sql STABLE
        SET search_path FROM CURRENT
    AS $$
        WITH chunks AS (
            SELECT c.hypertable_name::text AS name, format('%I.%I', c.chunk_schema, c.chunk_name) AS chunk,
                   c.range_start, c.range_end
              FROM timescaledb_information.chunks AS c WHERE c.hypertable_schema = current_schema()
        ), first_chunks AS (
            SELECT t.name, coalesce(min(c.range_start), now()) AS start
              FROM partitioned_tables() AS t (name) LEFT JOIN chunks AS c ON c.name = t.name GROUP BY t.name
        )
        SELECT c.* FROM chunks AS c
        UNION ALL
        SELECT f.name, NULL, '-infinity', f.start FROM first_chunks AS f
        UNION ALL
        SELECT f.name, NULL, f.start, 'infinity' FROM first_chunks AS f
    $$;

    CREATE OR REPLACE FUNCTION drop_partitions(older_than timestamptz, table_name text)
        RETURNS integer
        LANGUAGE plpgsql
        SECURITY DEFINER
        SET lock_timeout = '500ms'
        SET search_path FROM CURRENT
    AS $$
    DECLARE
        parent text := table_name;
        old    text;
    BEGIN
        IF parent IS NULL OR parent = 'trace_spans' OR parent NOT IN (SELECT t.name FROM partitioned_tables() AS t (name)) THEN
            RAISE EXCEPTION 'table_name must be an append table; spans by day go with drop_spans' USING ERRCODE = '22023';
        END IF;
        IF older_than IS NULL OR older_than > now() THEN
            RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0));
        SELECT string_agg(p.partition_name, ', ')
          INTO old
          FROM append_partitions() AS p
         WHERE p.table_name = parent AND p.partition_name IS NOT NULL AND p.upper_bound <= older_than;
        IF old IS NULL THEN
            RETURN 0;
        END IF;
        PERFORM lock_out_vacuum(old);
        RETURN drop_chunks(parent, NULL, older_than);
    END
    $$;

    -- The first day of spans that is old and has a span of a trace that does not live. The spans of those that do come back
    -- into a chunk of their own, which goes when their traces are gone, too.
    CREATE OR REPLACE FUNCTION drop_spans(older_than timestamptz)
        RETURNS integer
        LANGUAGE plpgsql
        SECURITY DEFINER
        SET lock_timeout = '500ms'
        SET search_path FROM CURRENT
    AS $$
    DECLARE
        old    record;
        living uuid[];
    BEGIN
        IF older_than IS NULL OR older_than > now() THEN
            RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
        END IF;
        older_than := date_trunc('day', older_than, 'UTC');
        IF NOT pg_try_advisory_xact_lock(hashtextextended('observatory-storage partitions ' || current_schema(), 0)) THEN
            RETURN 0;
        END IF;
        FOR old IN
            SELECT p.* FROM append_partitions() AS p
             WHERE p.table_name = 'trace_spans' AND p.partition_name IS NOT NULL AND p.upper_bound <= older_than
             ORDER BY p.lower_bound
        LOOP
            PERFORM lock_out_vacuum(old.partition_name);
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', old.partition_name);
            living := living_traces_between(old.lower_bound, old.upper_bound, older_than);
            EXIT WHEN EXISTS (SELECT FROM trace_spans AS s
                               WHERE s.start_time >= old.lower_bound AND s.start_time < old.upper_bound
                                 AND s.trace_id <> ALL (living));
            old := NULL;
        END LOOP;
        IF old IS NULL THEN
            RETURN 0;
        END IF;

        CREATE TABLE trace_spans_kept AS
        SELECT s.* FROM trace_spans AS s
         WHERE s.start_time >= old.lower_bound AND s.start_time < old.upper_bound AND s.trace_id = ANY (living);
        -- A late span may have brought back a trace that was deleted, whose other spans are here.
        PERFORM recount_spans(array(SELECT DISTINCT k.trace_id FROM trace_spans_kept AS k));
        PERFORM drop_chunks('trace_spans', old.lower_bound, old.upper_bound);
        INSERT INTO trace_spans SELECT * FROM trace_spans_kept;
        DROP TABLE trace_spans_kept;
        RETURN 1;
    END
    $$;
END
$make$;

COMMENT ON FUNCTION make_hypertables() IS
    'Makes hypertables of TimescaleDB of the tables by day, a chunk a day; rows that are there are copied.';
REVOKE ALL ON FUNCTION make_hypertables() FROM PUBLIC;
