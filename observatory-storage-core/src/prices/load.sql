-- Fills model_prices with the prices of this list, for the models that were called in the last 90 days:
--
--     psql -c 'SET search_path = observatory' -f load.sql
--
-- beside genai-prices.tsv, which is in the jar of observatory-storage-core too. Prices that are there already stay.

CREATE TEMPORARY TABLE list (provider text, model text, match text, valid_from date, hours text, above_tokens bigint,
                             input numeric, output numeric, cache_read numeric, cache_write numeric,
                             cache_write_1h numeric, input_audio numeric, output_audio numeric, reasoning numeric,
                             requests numeric, line integer GENERATED ALWAYS AS IDENTITY);

\copy list (provider, model, match, valid_from, hours, above_tokens, input, output, cache_read, cache_write, cache_write_1h, input_audio, output_audio, reasoning, requests) FROM PROGRAM 'grep -v ^# genai-prices.tsv' WITH (FORMAT csv, DELIMITER E'\t')

-- Which model of the list a name means: as it is, or without what a host and a date add to it.
INSERT INTO model_prices
SELECT c.provider, c.model, l.valid_from, split_part(l.hours, '-', 1)::time, split_part(l.hours, '-', 2)::time,
       l.above_tokens, l.input, l.output, l.cache_read, l.cache_write, l.cache_write_1h, l.reasoning
  FROM (SELECT DISTINCT provider, model,
               CASE provider WHEN 'gcp.gen_ai' THEN 'google' WHEN 'gcp.gemini' THEN 'google'
                             WHEN 'gcp.vertex_ai' THEN 'google' WHEN 'aws.bedrock' THEN 'aws'
                             WHEN 'azure.ai.openai' THEN 'openai' WHEN 'mistral_ai' THEN 'mistral'
                             WHEN 'x_ai' THEN 'x-ai' WHEN 'moonshot_ai' THEN 'moonshotai'
                             WHEN 'together_ai' THEN 'together' WHEN 'fireworks_ai' THEN 'fireworks'
                             ELSE lower(provider) END AS listed
          FROM llm_calls
         WHERE start_time >= now() - interval '90 days') AS c
 CROSS JOIN LATERAL (
       SELECT m.provider, m.model
         FROM list AS m
        WHERE m.provider = c.listed
          AND (lower(c.model) ~ ('^(?:' || m.match || ')$')
               OR regexp_replace(lower(c.model), '^.*/|-20[0-9]{2}-?[0-9]{2}-?[0-9]{2}$', '', 'g')
                  ~ ('^(?:' || m.match || ')$'))
        ORDER BY lower(c.model) ~ ('^(?:' || m.match || ')$') DESC, m.line
        LIMIT 1) AS m
  JOIN list AS l ON l.provider = m.provider AND l.model = m.model AND l.input IS NOT NULL AND l.output IS NOT NULL
    ON CONFLICT DO NOTHING;

DROP TABLE list;
