-- The seven days before today have partitions of their own, as they would have after a week.
DO $$
DECLARE
    before record;
    day    timestamptz;
    oldest timestamptz := date_trunc('day', now(), 'UTC') - interval '7 days';
BEGIN
    SET LOCAL search_path = observatory;
    FOR before IN SELECT * FROM append_partitions() WHERE lower_bound = '-infinity' LOOP
        EXECUTE format('DROP TABLE %I', before.partition_name);
        PERFORM make_partition(before.table_name, before.partition_name, '-infinity', oldest);
        FOR day IN SELECT generate_series(oldest, before.upper_bound - interval '1 day', interval '1 day') LOOP
            PERFORM make_partition(before.table_name, before.table_name || to_char(day AT TIME ZONE 'UTC', '_YYYYMMDD'),
                                   day, day + interval '1 day');
        END LOOP;
    END LOOP;
END
$$
