-- Scores: what people and programs thought of an answer.

SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- One row for each name and source, and what it is about; merged like the traces. Not a foreign key: a score may come
-- before its trace, and is about one that is never stored where traces are sampled. What it is about comes first in the
-- key, so that the scores of a trace are found by it, and so that the table can be distributed with the traces.
CREATE TABLE scores (
    id              UUID             NOT NULL,
    target_id       UUID             NOT NULL,
    trace_id        TEXT,
    span_id         TEXT,
    conversation_id TEXT,
    response_id     TEXT,
    name            TEXT             NOT NULL,
    source          TEXT             NOT NULL CHECK (source IN ('user', 'reviewer', 'evaluation')),
    value           DOUBLE PRECISION,
    label           TEXT,
    comment         TEXT,
    timestamp       TIMESTAMPTZ      NOT NULL,
    service_name    TEXT             NOT NULL,
    created_at      TIMESTAMPTZ      NOT NULL DEFAULT now(),
    PRIMARY KEY (target_id, id)
);

CREATE INDEX idx_scores_timestamp       ON scores (timestamp DESC);
CREATE INDEX idx_scores_conversation_id ON scores (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX idx_scores_response_id     ON scores (response_id) WHERE response_id IS NOT NULL;

COMMENT ON TABLE  scores IS 'One row a score: the latest of its name and source about one trace, span, conversation or response.';
COMMENT ON COLUMN scores.id IS 'Derived from target_id, span_id, name and source.';
COMMENT ON COLUMN scores.target_id IS 'traces.id, or derived from conversation_id or response_id.';
COMMENT ON COLUMN scores.response_id IS 'gen_ai.response.id of the call, where neither its trace nor its span is known.';
COMMENT ON COLUMN scores.value IS 'A number; 1 for true and 0 for false.';
COMMENT ON COLUMN scores.timestamp IS 'When it was given: of two, the later one is kept.';

CREATE FUNCTION delete_scores(older_than timestamptz, max_rows integer DEFAULT 1000)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
    SET search_path FROM CURRENT
AS $$
DECLARE
    score   record;
    targets uuid[];
    old     uuid[];
    deleted integer;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    -- One by one: rows on several servers are not locked by one statement (Citus). A locked score is being corrected.
    FOR score IN
        SELECT s.target_id, s.id FROM scores AS s WHERE s.timestamp < older_than ORDER BY s.timestamp LIMIT max_rows
    LOOP
        PERFORM FROM scores AS s
          WHERE s.target_id = score.target_id AND s.id = score.id AND s.timestamp < older_than
            FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            targets := targets || score.target_id;
            old := old || score.id;
        END IF;
    END LOOP;
    DELETE FROM scores WHERE target_id = ANY (targets) AND id = ANY (old);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_scores(timestamptz, integer) IS
    'Deletes at most max_rows scores that were given before older_than; returns how many.';
REVOKE ALL ON FUNCTION delete_scores(timestamptz, integer) FROM PUBLIC;

CREATE VIEW llm_call_scores AS
SELECT c.trace_id, c.trace_key, c.span_id, c.start_time, c.service_name, c.operation, c.provider, c.model,
       c.conversation_id, c.user_id, c.total_tokens, c.cost_usd, c.duration_us, c.input, c.output,
       s.name AS score_name, s.source AS score_source, s.value, s.label, s.comment, s.timestamp AS scored_at,
       s.span_id IS NULL AS of_whole_trace
  FROM llm_calls AS c
  JOIN scores AS s ON s.target_id = c.trace_key AND (s.span_id = c.span_id OR s.span_id IS NULL)
UNION ALL
SELECT c.trace_id, c.trace_key, c.span_id, c.start_time, c.service_name, c.operation, c.provider, c.model,
       c.conversation_id, c.user_id, c.total_tokens, c.cost_usd, c.duration_us, c.input, c.output,
       s.name, s.source, s.value, s.label, s.comment, s.timestamp, false
  FROM llm_calls AS c
  JOIN scores AS s ON s.response_id = c.response_id;

COMMENT ON VIEW llm_call_scores IS
    'One row a call and a score of it, of its response or of its whole trace. A condition on start_time uses its index.';
COMMENT ON COLUMN llm_call_scores.of_whole_trace IS
    'Whether the trace was judged, not this call alone: such a score is there with each call of the trace.';
