-- How many rows a lane has taken, so that after a failover that lost commits the writer can say how many records these
-- were. In the row that every batch moves anyway.
ALTER TABLE lanes ADD COLUMN row_count BIGINT NOT NULL DEFAULT 0;

COMMENT ON COLUMN lanes.row_count IS 'Number of rows in all batches that were committed.';
