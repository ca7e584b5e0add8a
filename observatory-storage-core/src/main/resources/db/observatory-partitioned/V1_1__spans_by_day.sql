-- The layout `partitioned`: other keys, the same columns. Chosen when a schema is made: this file comes right after
-- V1__tables.sql, or never.
--
-- A table of spans that grows is slow by its keys: each new span touches a random page of three indexes, and after a
-- checkpoint the first touch of a page writes it whole into the WAL. Here the spans of a trace lie side by side in one
-- index, an index of one day.
--
-- Spans are known by trace, span id and start, and there is no foreign key: a trace is made with its spans. The start is in
-- the key because a partitioned table wants it there; it never changes, and what is sent again has the same. Of a trace all
-- days are looked at, unless one knows its time.

CREATE TABLE spans_by_day (
    LIKE trace_spans INCLUDING ALL EXCLUDING INDEXES,
    PRIMARY KEY (trace_id, span_id, start_time)
) PARTITION BY RANGE (start_time);

DROP TABLE trace_spans;
ALTER TABLE spans_by_day RENAME TO trace_spans;
ALTER TABLE trace_spans RENAME CONSTRAINT spans_by_day_pkey TO trace_spans_pkey;

-- A B-tree, a tenth of what a span costs: sums by hour go from one hour that has spans to the next, and lists of spans are in
-- the order of their start, which BRIN cannot give.
CREATE INDEX idx_spans_start_time ON trace_spans (start_time DESC);

-- As in V1__tables.sql.
CREATE INDEX idx_spans_calls ON trace_spans (start_time DESC)
    WHERE attributes ->> 'gen_ai.operation.name'
              IN ('chat', 'generate_content', 'text_completion', 'embeddings', 'embedding', 'image')
       OR (attributes ->> 'gen_ai.operation.name' IS NULL
           AND attributes ?| ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model']);
CREATE INDEX idx_spans_conversation ON trace_spans ((attributes ->> 'gen_ai.conversation.id'))
    WHERE attributes ->> 'gen_ai.conversation.id' IS NOT NULL;

COMMENT ON TABLE trace_spans IS
    'One row a span, by the day of its start. A span lands with its trace or without: the trace row is made where it is missing.';

-- The id is derived from it, so that one key says the same as two; see trace_key for the way from the one to the other.
ALTER TABLE traces DROP CONSTRAINT idx_traces_trace_id;
