-- Rows over several servers, by the extension Citus. Nobody but the owner calls this, once, after the migration; until then,
-- and without Citus, the tables are those of one server.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- A trace, its spans and its scores lie together, and so do a metric and its points: what joins them joins within a server. Each table
-- that is only appended to has its shards to itself, so that they can be moved without the others. lanes and dead_letters
-- stay where they are, on the coordinator: its COMMIT decides about a batch, whatever has become of a worker.
CREATE FUNCTION distribute()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        RAISE EXCEPTION 'the extension citus is not in this database'
            USING ERRCODE = '0A000', HINT = 'Create it on each node, and add the workers to the coordinator: docs/scale.md.';
    END IF;
    IF 'trace_spans' NOT IN (SELECT t.name FROM partitioned_tables() AS t (name)) THEN
        RAISE EXCEPTION 'the schema has the layout source, whose keys cannot be distributed' USING ERRCODE = '0A000';
    END IF;
    PERFORM create_distributed_table('traces', 'id', colocate_with => 'none');
    PERFORM create_distributed_table('trace_spans', 'trace_id', colocate_with => 'traces');
    PERFORM create_distributed_table('scores', 'target_id', colocate_with => 'traces');
    PERFORM create_distributed_table('metrics', 'id', colocate_with => 'none');
    PERFORM create_distributed_table('metric_data_points', 'metric_id', colocate_with => 'metrics');
    PERFORM create_distributed_table('trace_events', 'span_id', colocate_with => 'none');
    PERFORM create_distributed_table('logs', 'id', colocate_with => 'none');

    -- The sums over time, without the recursion that goes from one day or hour to the next: the workers add up by themselves.
    CREATE OR REPLACE VIEW llm_usage_by_day AS
    SELECT (c.start_time AT TIME ZONE 'UTC')::date AS day, c.provider, c.model,
           count(*) AS calls,
           count(*) FILTER (WHERE c.failed) AS failed_calls,
           sum(c.input_tokens) AS input_tokens,
           sum(c.output_tokens) AS output_tokens,
           sum(c.total_tokens) AS total_tokens,
           sum(c.cached_tokens) AS cached_tokens,
           sum(c.reasoning_tokens) AS reasoning_tokens,
           sum(c.cost_usd) AS cost_usd,
           count(*) FILTER (WHERE c.cost_usd IS NULL) AS calls_without_cost
      FROM llm_calls AS c
     GROUP BY 1, c.provider, c.model;

    CREATE OR REPLACE VIEW span_latency_by_hour AS
    SELECT l.hour, l.service_name, l.name, l.kind, l.spans, l.failed_spans,
           l.failed_spans::double precision / l.spans AS error_rate,
           l.percentiles[1] AS p50_us, l.percentiles[2] AS p95_us, l.percentiles[3] AS p99_us, l.max_us
      FROM (SELECT date_trunc('hour', s.start_time, 'UTC') AS hour, s.service_name, s.name, s.kind,
                   count(*) AS spans,
                   count(*) FILTER (WHERE s.status = 'error') AS failed_spans,
                   percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY s.duration_us) AS percentiles,
                   max(s.duration_us) AS max_us
              FROM trace_spans AS s
             GROUP BY 1, s.service_name, s.name, s.kind) AS l;

    -- A log and its span are on different workers: who wants its name asks for the spans of the trace.
    CREATE OR REPLACE VIEW trace_logs AS
    SELECT l.trace_id, l.timestamp, l.severity_number, l.severity_text, l.service_name, l.span_id,
           NULL::text AS span_name, l.body, l.attributes, l.id
      FROM logs AS l
     WHERE l.trace_id IS NOT NULL;
END
$$;

COMMENT ON FUNCTION distribute() IS
    'Distributes the tables over the workers of Citus, citus.shard_count shards each; rows that are there are moved.';
REVOKE ALL ON FUNCTION distribute() FROM PUBLIC;
