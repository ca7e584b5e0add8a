-- The layout `partitioned` of a new schema, after the files of db/observatory: a move of no spans. Where they have moved
-- already it does nothing, so that it may run again.
DO $$
BEGIN
    WHILE move_spans() IS NOT NULL LOOP
    END LOOP;
END
$$;
