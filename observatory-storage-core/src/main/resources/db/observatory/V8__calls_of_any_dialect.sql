-- What a call was given and answered, as columns; numbers of tokens and costs that cannot be, as unknown.


-- ---------------------------------------------------------------------------------------------------------------------
-- 18 digits always fit, and so does the sum of two.
-- ---------------------------------------------------------------------------------------------------------------------

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


-- ---------------------------------------------------------------------------------------------------------------------
-- Calls of models: what of their spans says so is in V5. Of two embeddings of the Vercel AI SDK 7, whose scope is gen_ai,
-- one below the other, the outer one repeats the inner.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE VIEW llm_calls AS
SELECT id, trace_id, trace_key, span_id, parent_span_id, service_name, name, start_time, end_time, duration_us,
       operation, provider, request_model, response_model, coalesce(response_model, request_model) AS model,
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

COMMENT ON COLUMN llm_calls.input IS
    'What the model was given, if that is stored: messages in the shape of OpenTelemetry''s convention, as JSON or as text.';
COMMENT ON COLUMN llm_calls.output IS 'What the model answered, likewise.';
COMMENT ON COLUMN llm_calls.cost_usd IS
    'US dollars; NULL where the price is not known, in another currency, negative or above 10,000.';
COMMENT ON COLUMN llm_calls.cost_source IS 'Where the cost comes from: caller, or the price list and its version.';


-- ---------------------------------------------------------------------------------------------------------------------
-- The spans of a conversation, for those who ask for one by its id. Small, as most spans belong to none.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE INDEX idx_spans_conversation ON trace_spans ((attributes ->> 'gen_ai.conversation.id'))
    WHERE attributes ->> 'gen_ai.conversation.id' IS NOT NULL;
