-- A row of metrics is one stream of OpenTelemetry: two instances, scopes, units or types of one name and service are
-- several. What is the same for all points of a stream stands here, once, and not with each of them.
--
-- Rows that are there stay, and so do their points. Writers of the version before go on as they did: they name the
-- column id in their ON CONFLICT.

ALTER TABLE metrics DROP CONSTRAINT idx_metrics_name_service;
CREATE INDEX idx_metrics_name_service ON metrics (name, service_name);

COMMENT ON TABLE  metrics IS 'One row a stream of a metric; its values are in metric_data_points.';
COMMENT ON COLUMN metrics.id IS
    'Derived from resource, scope, name, unit, type, temporality and monotonicity, or from name and service alone: a data point finds its metric without a lookup.';
COMMENT ON COLUMN metrics.attributes IS
    'The scope (otel.scope), otel.temporality and otel.monotonic of all its points, and the metric''s metadata.';
COMMENT ON COLUMN metrics.resource_attributes IS 'Whose points these are.';

-- Streams come with each start of a process that has an id of its own, so they go when their points are gone. What was
-- written since older_than may still be waiting for its first point.
CREATE FUNCTION delete_metrics(older_than timestamptz, max_rows integer DEFAULT 1000)
    RETURNS integer
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET lock_timeout = '500ms'
AS $$
DECLARE
    deleted integer;
BEGIN
    IF older_than IS NULL OR older_than > now() THEN
        RAISE EXCEPTION 'older_than must lie in the past' USING ERRCODE = '22023';
    END IF;
    IF max_rows IS NULL OR max_rows < 1 THEN
        RAISE EXCEPTION 'max_rows must be at least 1' USING ERRCODE = '22023';
    END IF;
    DELETE FROM metrics
     WHERE id IN (SELECT m.id FROM metrics AS m
                   WHERE m.updated_at < older_than
                     AND NOT EXISTS (SELECT FROM metric_data_points AS p WHERE p.metric_id = m.id)
                   LIMIT max_rows
                     FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END
$$;

COMMENT ON FUNCTION delete_metrics(timestamptz, integer) IS
    'Deletes at most max_rows metrics that were last written before older_than and have no points; returns how many.';

-- As in V1: pinned to this schema, and nobody else's to call.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION %1$I.delete_metrics(timestamptz, integer) SET search_path = %1$I, pg_temp',
                   current_schema());
    EXECUTE format('REVOKE ALL ON FUNCTION %I.delete_metrics(timestamptz, integer) FROM PUBLIC', current_schema());
END
$$;
