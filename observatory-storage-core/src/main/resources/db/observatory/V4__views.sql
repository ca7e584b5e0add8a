-- Views for those who ask: what a call of a model said in its attributes, as typed columns, and sums over it. None of
-- them stores anything. An attribute is whatever somebody sent; what should be a number and is none is NULL, never an
-- error.


-- ---------------------------------------------------------------------------------------------------------------------
-- Numbers out of attributes. Small enough for the planner to put them in place of the call. [0-9] and not \d, which
-- knows the digits of all scripts; blanks and not \s, for the same reason: the cast takes neither.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE FUNCTION number_or_null(value text)
    RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value ~ '^ *[-+]?([0-9]{1,30}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][-+]?[0-9]{1,2})? *$'
                THEN value::numeric END;

COMMENT ON FUNCTION number_or_null(text) IS
    'The number that a text is, of at most 30 digits before the point; NULL for any other text.';

-- 18 digits always fit, and so do the sum of two and what rounding makes of one.
CREATE FUNCTION integer_or_null(value text)
    RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value ~ '^ *[-+]?[0-9]{1,18}([.][0-9]{0,60})? *$' THEN value::numeric::bigint END;

COMMENT ON FUNCTION integer_or_null(text) IS
    'The number that a text is, rounded, of at most 18 digits before the point; NULL for any other text.';

CREATE FUNCTION count_or_null(value text)
    RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value ~ '^ *[+]?[0-9]{1,18}([.][0-9]{0,60})? *$' THEN value::numeric::bigint END;

COMMENT ON FUNCTION count_or_null(text) IS
    'The number of things that a text is, rounded, of at most 18 digits before the point; NULL for any other text, and for a
negative number, by which some say that they do not know.';

-- A sender may give any number as a cost. What is negative, or more than a call of any model can come to, is not counted.
CREATE FUNCTION cost_or_null(value text)
    RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN number_or_null(value) BETWEEN 0 AND 10000 THEN number_or_null(value) END;

COMMENT ON FUNCTION cost_or_null(text) IS
    'The cost of a call in US dollars that a text is; NULL for any other text, a negative number or one above 10,000.';

-- The way from traces.trace_id and logs.trace_id to traces.id and trace_spans.trace_id. Of what is not hex it is a UUID of
-- version 8 (RFC 9562) of the text's SHA-256.
CREATE FUNCTION trace_key(trace_id text)
    RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN trace_id ~ '^[0-9a-fA-F]{32}$' THEN trace_id::uuid
                ELSE (SELECT encode(substr(set_byte(set_byte(h.hash, 6, get_byte(h.hash, 6) & 15 | 128),
                                                    8, get_byte(h.hash, 8) & 63 | 128), 1, 16), 'hex')::uuid
                        FROM (SELECT sha256(convert_to(trace_id, 'UTF8')) AS hash) AS h) END;

COMMENT ON FUNCTION trace_key(text) IS 'traces.id of the trace with this id.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Calls of models.
--
-- A span is one if it says an operation of models. Tools, agents, workflows, and Spring AI's chat clients and advisors
-- (operation framework) are around or beside a call: to count them would count its tokens twice. A span that says no
-- operation is one if it names a model: the source system's llm.* attributes and older conventions have no operation.
-- Of an attribute's names the newest wins, as in GenAiNames. Where the Vercel AI SDK 7 (scope gen_ai) has two spans for one
-- embedding, one below the other, the outer one repeats the inner and is left out.
--
-- Attributes with prompts in them are stored compressed. OFFSET 0 keeps the planner from putting the expression in the
-- place of each a.attributes: so they are decompressed once a row, and not once a column.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE VIEW llm_calls AS
SELECT id, trace_id, trace_key, span_id, parent_span_id, service_name, name, start_time, end_time, duration_us,
       operation, provider, request_model, response_model, response_id, coalesce(response_model, request_model) AS model,
       input_tokens, output_tokens,
       coalesce(total_tokens, input_tokens + output_tokens, input_tokens, output_tokens) AS total_tokens,
       cached_tokens, cache_write_tokens, reasoning_tokens, cost_usd, cost_source, time_to_first_chunk_us,
       finish_reasons, conversation_id, user_id, status, failed, error_type, input, output
  FROM (SELECT s.id,
               coalesce(s.external_trace_id, replace(s.trace_id::text, '-', '')) AS trace_id,
               s.trace_id AS trace_key,
               s.span_id, s.parent_span_id, s.service_name, s.name, s.start_time, s.end_time, s.duration_us,
               CASE a.attributes ->> 'gen_ai.operation.name'
                   WHEN 'embedding' THEN 'embeddings'
                   ELSE coalesce(a.attributes ->> 'gen_ai.operation.name', 'chat') END AS operation,
               coalesce(a.attributes ->> 'gen_ai.provider.name',
                        a.attributes ->> 'gen_ai.system',
                        a.attributes ->> 'llm.provider') AS provider,
               coalesce(a.attributes ->> 'gen_ai.request.model', a.attributes ->> 'llm.model') AS request_model,
               a.attributes ->> 'gen_ai.response.model' AS response_model,
               a.attributes ->> 'gen_ai.response.id' AS response_id,
               coalesce(count_or_null(a.attributes ->> 'gen_ai.usage.input_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.prompt_tokens'),
                        count_or_null(a.attributes ->> 'llm.usage.prompt_tokens')) AS input_tokens,
               coalesce(count_or_null(a.attributes ->> 'gen_ai.usage.output_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.completion_tokens'),
                        count_or_null(a.attributes ->> 'llm.usage.completion_tokens')) AS output_tokens,
               coalesce(count_or_null(a.attributes ->> 'llm.usage.total_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.total_tokens')) AS total_tokens,
               coalesce(count_or_null(a.attributes ->> 'gen_ai.usage.cache_read.input_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.cache_read_input_tokens')) AS cached_tokens,
               coalesce(count_or_null(a.attributes ->> 'gen_ai.usage.cache_write.input_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.cache_creation.input_tokens'),
                        count_or_null(a.attributes ->> 'gen_ai.usage.cache_creation_input_tokens'))
                   AS cache_write_tokens,
               count_or_null(a.attributes ->> 'gen_ai.usage.reasoning.output_tokens') AS reasoning_tokens,
               cost_or_null(a.attributes ->> 'llm.cost.amount_usd') AS cost_usd,
               a.attributes ->> 'llm.cost.source' AS cost_source,
               integer_or_null(coalesce(
                   number_or_null(a.attributes ->> 'gen_ai.response.time_to_first_chunk') * 1000000,
                   number_or_null(a.attributes ->> 'llm.latency.ttft_ms') * 1000)::text) AS time_to_first_chunk_us,
               coalesce(CASE jsonb_typeof(a.attributes -> 'gen_ai.response.finish_reasons')
                            WHEN 'array' THEN ARRAY(
                                SELECT jsonb_array_elements_text(a.attributes -> 'gen_ai.response.finish_reasons'))
                            WHEN 'string' THEN ARRAY[a.attributes ->> 'gen_ai.response.finish_reasons'] END,
                        string_to_array(a.attributes ->> 'gen_ai.response.finish_reason', ''),
                        string_to_array(a.attributes #>> '{llm.output,finish_reason}', '')) AS finish_reasons,
               coalesce(a.attributes ->> 'gen_ai.conversation.id',
                        a.attributes ->> 'spring.ai.chat.client.conversation.id',
                        a.attributes ->> 'session.id') AS conversation_id,
               a.attributes ->> 'user.id' AS user_id,
               s.status,
               s.status = 'error' AS failed,
               a.attributes ->> 'error.type' AS error_type,
               coalesce(a.attributes -> 'gen_ai.input.messages', a.attributes -> 'llm.input') AS input,
               coalesce(a.attributes -> 'gen_ai.output.messages', a.attributes -> 'llm.output') AS output
          FROM trace_spans AS s
         CROSS JOIN LATERAL (SELECT s.attributes || '{}' AS attributes OFFSET 0) AS a
         WHERE (s.attributes ->> 'gen_ai.operation.name'
                   IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
            OR (s.attributes ->> 'gen_ai.operation.name' IS NULL
                AND s.attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model']))
           AND (a.attributes ->> 'gen_ai.operation.name' = 'embeddings'
                AND a.attributes #>> '{otel.scope,name}' = 'gen_ai'
                AND EXISTS (SELECT FROM trace_spans AS b
                             WHERE b.trace_id = s.trace_id AND b.parent_span_id = s.span_id
                               AND b.attributes ->> 'gen_ai.operation.name' = 'embeddings')) IS NOT TRUE) AS c;

COMMENT ON VIEW llm_calls IS
    'One row a call of a model. A condition on start_time or another column of trace_spans uses its indexes.';
COMMENT ON COLUMN llm_calls.id IS 'trace_spans.id.';
COMMENT ON COLUMN llm_calls.trace_id IS 'The trace''s id as text, as in traces.trace_id and logs.trace_id.';
COMMENT ON COLUMN llm_calls.trace_key IS 'traces.id.';
COMMENT ON COLUMN llm_calls.operation IS 'chat, embeddings, ...; chat where the span says none.';
COMMENT ON COLUMN llm_calls.model IS 'The model that answered; if that is not known, the one asked for.';
COMMENT ON COLUMN llm_calls.input_tokens IS 'Cached ones included.';
COMMENT ON COLUMN llm_calls.output_tokens IS 'Those of reasoning included.';
COMMENT ON COLUMN llm_calls.total_tokens IS 'As the provider counts them, else the sum of those that are known.';
COMMENT ON COLUMN llm_calls.cost_usd IS
    'US dollars; NULL where the price is not known, in another currency, negative or above 10,000.';
COMMENT ON COLUMN llm_calls.cost_source IS 'Where the cost comes from: caller, or the price list and its version.';
COMMENT ON COLUMN llm_calls.time_to_first_chunk_us IS 'Of a stream: microseconds until its first chunk.';
COMMENT ON COLUMN llm_calls.failed IS 'Whether status is error.';
COMMENT ON COLUMN llm_calls.input IS
    'What the model was given, if that is stored: messages in the shape of OpenTelemetry''s convention, as JSON or as text.';
COMMENT ON COLUMN llm_calls.output IS 'What the model answered, likewise.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Sums over time. They go from one day (hour) that has spans to the next by the index on start_time, and sum up each by
-- itself: a condition on the day (hour) then reads these alone, which it could not as a condition on an expression over
-- start_time.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE VIEW llm_usage_by_day AS
WITH RECURSIVE days (start) AS (
    SELECT date_trunc('day', min(s.start_time) AT TIME ZONE 'UTC') FROM trace_spans AS s
    UNION ALL
    SELECT (SELECT date_trunc('day', min(s.start_time) AT TIME ZONE 'UTC')
              FROM trace_spans AS s
             WHERE s.start_time >= (d.start + interval '1 day') AT TIME ZONE 'UTC')
      FROM days AS d
     WHERE d.start IS NOT NULL
)
SELECT d.start::date AS day, u.*
  FROM days AS d
 CROSS JOIN LATERAL (
       SELECT c.provider, c.model,
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
        WHERE c.start_time >= d.start AT TIME ZONE 'UTC'
          AND c.start_time < (d.start + interval '1 day') AT TIME ZONE 'UTC'
        GROUP BY c.provider, c.model) AS u;

COMMENT ON VIEW llm_usage_by_day IS 'Calls, tokens and cost of each model, by day.';
COMMENT ON COLUMN llm_usage_by_day.day IS 'In UTC, by the start of the call.';
COMMENT ON COLUMN llm_usage_by_day.calls_without_cost IS 'Calls that cost_usd knows nothing of.';

CREATE VIEW span_latency_by_hour AS
WITH RECURSIVE hours (start) AS (
    SELECT date_trunc('hour', min(s.start_time), 'UTC') FROM trace_spans AS s
    UNION ALL
    SELECT (SELECT date_trunc('hour', min(s.start_time), 'UTC')
              FROM trace_spans AS s
             WHERE s.start_time >= h.start + interval '1 hour')
      FROM hours AS h
     WHERE h.start IS NOT NULL
)
SELECT h.start AS hour, l.service_name, l.name, l.kind, l.spans, l.failed_spans,
       l.failed_spans::double precision / l.spans AS error_rate,
       l.percentiles[1] AS p50_us, l.percentiles[2] AS p95_us, l.percentiles[3] AS p99_us, l.max_us
  FROM hours AS h
 CROSS JOIN LATERAL (
       SELECT s.service_name, s.name, s.kind,
              count(*) AS spans,
              count(*) FILTER (WHERE s.status = 'error') AS failed_spans,
              percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY s.duration_us) AS percentiles,
              max(s.duration_us) AS max_us
         FROM trace_spans AS s
        WHERE s.start_time >= h.start
          AND s.start_time < h.start + interval '1 hour'
        GROUP BY s.service_name, s.name, s.kind) AS l;

COMMENT ON VIEW span_latency_by_hour IS 'Number, error rate and latency of each operation of a service, by hour.';
COMMENT ON COLUMN span_latency_by_hour.hour IS 'The hour''s start; spans count by their start.';
COMMENT ON COLUMN span_latency_by_hour.error_rate IS 'From 0 to 1.';
COMMENT ON COLUMN span_latency_by_hour.p50_us IS
    'A duration of which this part of the ended spans is not above it. Percentiles of several hours cannot be added up.';


-- ---------------------------------------------------------------------------------------------------------------------
-- Calls of one conversation, logs of one trace: whole, whenever they were.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE VIEW llm_conversations AS
SELECT c.conversation_id,
       min(c.start_time) AS first_call_time,
       max(c.start_time) AS last_call_time,
       count(*) AS calls,
       count(*) FILTER (WHERE c.failed) AS failed_calls,
       count(DISTINCT c.trace_key) AS traces,
       array_agg(DISTINCT c.model) FILTER (WHERE c.model IS NOT NULL) AS models,
       array_agg(DISTINCT c.user_id) FILTER (WHERE c.user_id IS NOT NULL) AS users,
       sum(c.input_tokens) AS input_tokens,
       sum(c.output_tokens) AS output_tokens,
       sum(c.total_tokens) AS total_tokens,
       sum(c.cost_usd) AS cost_usd
  FROM llm_calls AS c
 WHERE c.conversation_id IS NOT NULL
 GROUP BY c.conversation_id;

COMMENT ON VIEW llm_conversations IS
    'Calls, tokens and cost of each conversation. Reads all calls: for those of a time, group llm_calls instead.';

-- In the layout `partitioned` two spans of a trace may share an id: the first of them is named.
CREATE VIEW trace_logs AS
SELECT l.trace_id, l.timestamp, l.severity_number, l.severity_text, l.service_name, l.span_id,
       (SELECT s.name
          FROM trace_spans AS s
         WHERE s.trace_id = trace_key(l.trace_id) AND s.span_id = l.span_id
         ORDER BY s.start_time, s.kind
         LIMIT 1) AS span_name,
       l.body, l.attributes, l.id
  FROM logs AS l
 WHERE l.trace_id IS NOT NULL;

COMMENT ON VIEW trace_logs IS 'Log records that belong to a trace, with the name of their span. To be asked by trace_id.';
