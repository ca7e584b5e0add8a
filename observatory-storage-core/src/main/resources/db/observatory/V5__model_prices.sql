-- What was stored can be reckoned anew by the prices of its day.


-- ---------------------------------------------------------------------------------------------------------------------
-- Prices to reckon past costs anew with. Empty until somebody fills it: docs/sql.md says how. The columns are those of
-- genai-prices.tsv, with a model as llm_calls calls it.
-- ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE model_prices (
    provider       text,
    model          text    NOT NULL,
    valid_from     date,
    from_time      time,
    until_time     time,
    above_tokens   bigint,
    input          numeric NOT NULL CHECK (input >= 0),
    output         numeric NOT NULL CHECK (output >= 0),
    cache_read     numeric CHECK (cache_read >= 0),
    cache_write    numeric CHECK (cache_write >= 0),
    cache_write_1h numeric CHECK (cache_write_1h >= 0),
    reasoning      numeric CHECK (reasoning >= 0),
    UNIQUE NULLS NOT DISTINCT (model, provider, valid_from, from_time, above_tokens),
    CHECK ((from_time IS NULL) = (until_time IS NULL))
);

COMMENT ON TABLE model_prices IS
    'Prices of models, in US dollars for a million tokens, by which llm_calls_repriced reckons. Where a price is NULL, '
    'that of the input (output) counts.';
COMMENT ON COLUMN model_prices.provider IS 'As llm_calls.provider; NULL for whoever runs the model.';
COMMENT ON COLUMN model_prices.model IS 'As llm_calls.model.';
COMMENT ON COLUMN model_prices.valid_from IS 'The first day (UTC) of the price; NULL for always.';
COMMENT ON COLUMN model_prices.from_time IS 'The time of day (UTC) from which it holds, until until_time; NULL for all day.';
COMMENT ON COLUMN model_prices.above_tokens IS 'Holds for inputs of more tokens than this; NULL for any.';

CREATE VIEW llm_calls_repriced AS
SELECT c.id, c.trace_id, c.start_time, c.service_name, c.provider, c.model, c.input_tokens, c.output_tokens,
       c.cost_usd, c.cost_source, p.cost_usd AS repriced_usd
  FROM llm_calls AS c
  LEFT JOIN LATERAL (
       SELECT round((greatest(coalesce(c.input_tokens, 0) - u.read - u.written, 0) * m.input
                     + u.read * coalesce(m.cache_read, m.input)
                     + (u.written - u.hour) * coalesce(m.cache_write, m.input)
                     + u.hour * coalesce(m.cache_write_1h, m.cache_write, m.input)
                     + greatest(coalesce(c.output_tokens, 0) - u.reasoned, 0) * m.output
                     + u.reasoned * coalesce(m.reasoning, m.output)) / 1000000, 12) AS cost_usd
         FROM model_prices AS m
        CROSS JOIN (SELECT coalesce(c.cached_tokens, 0) AS read,
                           greatest(c.cache_write_tokens, h.hour, 0) AS written,
                           coalesce(h.hour, 0) AS hour,
                           coalesce(c.reasoning_tokens, 0) AS reasoned
                      FROM (SELECT integer_or_null(s.attributes ->> 'gen_ai.usage.cache_write_1h.input_tokens') AS hour
                              FROM trace_spans AS s
                             WHERE s.trace_id = c.trace_key AND s.span_id = c.span_id
                               AND s.start_time = c.start_time AND s.id = c.id) AS h) AS u
        WHERE m.model = c.model
          AND (m.provider IS NULL OR m.provider = c.provider)
          AND (m.valid_from IS NULL OR m.valid_from <= (c.start_time AT TIME ZONE 'UTC')::date)
          AND (m.above_tokens IS NULL OR m.above_tokens < c.input_tokens)
          AND CASE WHEN m.from_time IS NULL THEN true
                   WHEN m.from_time <= m.until_time
                   THEN (c.start_time AT TIME ZONE 'UTC')::time >= m.from_time
                        AND (c.start_time AT TIME ZONE 'UTC')::time < m.until_time
                   ELSE (c.start_time AT TIME ZONE 'UTC')::time >= m.from_time
                        OR (c.start_time AT TIME ZONE 'UTC')::time < m.until_time END
          AND (c.input_tokens > 0 OR c.output_tokens > 0)
        -- the price that says most: of this provider, of these hours, of the latest day, of the longest prompts
        ORDER BY m.provider IS NULL, m.from_time IS NULL, m.valid_from DESC NULLS LAST, m.above_tokens DESC NULLS LAST
        LIMIT 1) AS p ON true;

COMMENT ON VIEW llm_calls_repriced IS
    'What each call was stored with, and what it costs by model_prices. A condition on start_time uses its index.';
COMMENT ON COLUMN llm_calls_repriced.repriced_usd IS
    'US dollars, by the price of the time of the call; NULL where model_prices has none or the call used no tokens.';
