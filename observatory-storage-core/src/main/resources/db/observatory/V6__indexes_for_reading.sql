-- Indexes that only those who read have a use for.

-- The calls of models by their time, for llm_calls, whose condition this is, word for word: the planner looks for that.
-- Without it each span of the time is read, and its attributes decompressed, to see whether it is a call. Small, as most
-- spans are none.
CREATE INDEX idx_spans_calls ON trace_spans (start_time DESC)
    WHERE attributes ->> 'gen_ai.operation.name'
              IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
       OR (attributes ->> 'gen_ai.operation.name' IS NULL
           AND attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model']);

-- The traces of a service, the newest first, as a list shows them: an index on the service alone finds all of them, to sort
-- them all.
DROP INDEX idx_traces_service_name;
CREATE INDEX idx_traces_service_name ON traces (service_name, start_time DESC);
