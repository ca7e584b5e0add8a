-- What the pages are measured with: 1 million spans in 200,000 traces (or more, {requests} is their number), one in five spans
-- a call of a model with what was said; 5 million log records, a third of them of a trace; 300,000 data points. All within 7 days before now, the nearer
-- the more (age = 7 days * u ^ 1.5, u even from 0 to 1): 3.3 % lie in the last hour, which is six times the mean, and 27 % in
-- the last day. In the order of their time, as they would have arrived.
SET search_path = observatory;
SET TimeZone = 'UTC';
SET synchronous_commit = off;
SET work_mem = '256MB';
-- no look-up of each span's trace
SET session_replication_role = replica;

-- 100 texts of about 1,500 characters that do not compress to nothing.
CREATE TEMPORARY TABLE prose AS
SELECT n, string_agg((ARRAY['order', 'customer', 'the', 'of', 'refund', 'is', 'please', 'delivery', 'about', 'a', 'invoice',
                            'model', 'answer', 'with', 'number', 'city', 'shop', 'return', 'how', 'when'])
                     [1 + (hashint4(n * 1000 + w) & 2147483647) % 20]
                     || CASE WHEN w % 7 = 0 THEN substr(md5((n * 1000 + w)::text), 1, 6) ELSE '' END, ' ' ORDER BY w) AS text
  FROM generate_series(0, 99) AS n
 CROSS JOIN generate_series(1, 250) AS w
 GROUP BY n;
CREATE INDEX ON prose (n);
ANALYZE prose;

CREATE TEMPORARY TABLE requests AS
SELECT n,
       md5('trace' || n) AS trace_id,
       now() - interval '7 days' * power(({requests} - 1 - n) / {requests}.0, 1.5) AS start_time,
       (ARRAY['shop', 'assistant', 'search', 'billing', 'support'])[1 + n % 5] AS service_name,
       (ARRAY['POST /chat', 'GET /orders/{id}', 'POST /search', 'GET /invoices'])[1 + n % 4] AS name,
       -- microseconds of the call of the model; the rest of the request is around it
       (300000 + 20000 * (hashint4(n) & 255) * power((hashint4(n + 7) & 1023) / 1024.0, 4))::bigint AS call_us,
       CASE WHEN n % 40 = 0 THEN 'error' ELSE 'ok' END AS status,
       (ARRAY['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4', 'gemini-2.5-flash', 'mistral-large'])[1 + (hashint4(n) & 1023) % 5]
           AS model,
       (ARRAY['openai', 'openai', 'anthropic', 'gcp.gen_ai', 'mistral_ai'])[1 + (hashint4(n) & 1023) % 5] AS provider
  FROM generate_series(0, {requests} - 1) AS n;
CREATE INDEX ON requests (n);
ANALYZE requests;

INSERT INTO traces (id, trace_id, service_name, start_time, end_time, duration_us, status, root_span_name,
                    resource_attributes, span_count, lead_span_id, lead_start, lead_is_root)
SELECT r.trace_id::uuid, r.trace_id, r.service_name, r.start_time,
       r.start_time + (r.call_us + 40000) * interval '1 microsecond', r.call_us + 40000, r.status, r.name,
       resource.attributes, 5, substr(md5('span0/' || r.n), 1, 16), r.start_time, true
  FROM requests AS r
 CROSS JOIN LATERAL (
       SELECT jsonb_build_object('service.name', r.service_name, 'service.instance.id', md5('host' || r.n % 4)::uuid,
                                 'host.name', 'node-' || r.n % 4, 'process.pid', 1000 + r.n % 4, 'telemetry.sdk.language',
                                 'java', 'telemetry.sdk.name', 'opentelemetry', 'telemetry.sdk.version', '1.57.0',
                                 'deployment.environment.name', 'production')) AS resource (attributes)
 WHERE r.n >= {from} AND r.n < {to}
 ORDER BY r.n;

INSERT INTO trace_spans (id, trace_id, span_id, parent_span_id, name, kind, service_name, start_time, end_time, duration_us,
                         status, status_message, attributes, events)
SELECT md5('id' || k.k || '/' || r.n)::uuid, r.trace_id::uuid, substr(md5('span' || k.k || '/' || r.n), 1, 16),
       CASE k.k WHEN 0 THEN NULL WHEN 1 THEN substr(md5('span0/' || r.n), 1, 16)
                ELSE substr(md5('span1/' || r.n), 1, 16) END,
       CASE k.k WHEN 0 THEN r.name WHEN 1 THEN 'spring_ai chat_client' WHEN 2 THEN 'chat ' || r.model
                WHEN 3 THEN 'execute_tool stock' ELSE 'SELECT shop.orders' END,
       CASE k.k WHEN 0 THEN 'server' WHEN 2 THEN 'client' WHEN 4 THEN 'client' ELSE 'internal' END,
       r.service_name,
       t.start_time, t.start_time + t.duration_us * interval '1 microsecond', t.duration_us,
       CASE WHEN r.status = 'error' AND k.k <= 2 THEN 'error' ELSE 'ok' END,
       CASE WHEN r.status = 'error' AND k.k = 2 THEN '429 Too Many Requests' END,
       a.attributes || jsonb_build_object(
           'otel.resource', jsonb_build_object('service.name', r.service_name, 'service.instance.id',
               md5('host' || r.n % 4)::uuid, 'host.name', 'node-' || r.n % 4, 'process.pid', 1000 + r.n % 4,
               'telemetry.sdk.language', 'java', 'telemetry.sdk.name', 'opentelemetry', 'telemetry.sdk.version', '1.57.0',
               'deployment.environment.name', 'production'),
           'otel.scope', jsonb_build_object('name', 'org.springframework.boot', 'version', '4.1.1')),
       NULL
  FROM requests AS r
  JOIN prose AS p ON p.n = r.n % 100
  JOIN prose AS q ON q.n = (r.n + 17) % 100
 CROSS JOIN generate_series(0, 4) AS k (k)
 CROSS JOIN LATERAL (
       SELECT r.start_time + (ARRAY[0, 5, 10, 12, 20])[1 + k.k] * interval '1 millisecond',
              CASE k.k WHEN 0 THEN r.call_us + 40000 WHEN 1 THEN r.call_us + 20000 WHEN 2 THEN r.call_us
                       ELSE 3000 + r.n % 5000 END) AS t (start_time, duration_us)
 CROSS JOIN LATERAL (
       SELECT CASE k.k
           WHEN 0 THEN jsonb_build_object('http.request.method', split_part(r.name, ' ', 1), 'http.route',
               split_part(r.name, ' ', 2), 'http.response.status_code', 200, 'url.scheme', 'https', 'server.address',
               'shop.example.com', 'user_agent.original', 'Mozilla/5.0', 'client.address', '10.0.0.' || r.n % 250)
           WHEN 1 THEN jsonb_build_object('gen_ai.operation.name', 'framework', 'gen_ai.provider.name', 'spring_ai',
               'gen_ai.conversation.id', 'conversation-' || r.n / 6, 'spring.ai.chat.client.stream', r.n % 3 = 0)
           WHEN 2 THEN jsonb_build_object('gen_ai.convention.version', '1.41.1', 'gen_ai.operation.name', 'chat',
               'gen_ai.provider.name', r.provider, 'llm.provider', r.provider, 'gen_ai.request.model', r.model,
               'llm.model', r.model, 'gen_ai.request.temperature', 0.5, 'gen_ai.conversation.id',
               'conversation-' || r.n / 6, 'user.id', 'user-' || r.n % 997)
               || CASE WHEN r.status = 'error' THEN jsonb_build_object('error.type', '429')
                  ELSE jsonb_build_object('gen_ai.response.model', r.model || '-2025-08-06', 'gen_ai.response.id',
                      md5('answer' || r.n), 'gen_ai.usage.input_tokens', 300 + r.n % 3000, 'gen_ai.usage.output_tokens',
                      20 + r.n % 500, 'llm.usage.prompt_tokens', 300 + r.n % 3000, 'llm.usage.completion_tokens',
                      20 + r.n % 500, 'llm.usage.total_tokens', 320 + r.n % 3000 + r.n % 500,
                      'gen_ai.usage.cache_read.input_tokens', r.n % 300, 'llm.cost.amount_usd',
                      0.0000025 * (300 + r.n % 3000) + 0.00001 * (20 + r.n % 500), 'llm.cost.source', 'list 2025-11',
                      'gen_ai.response.finish_reasons', '["stop"]'::jsonb, 'gen_ai.response.time_to_first_chunk',
                      0.2 + (r.n % 100) / 100.0, 'gen_ai.input.messages', jsonb_build_array(jsonb_build_object('role', 'user',
                      'parts', jsonb_build_array(jsonb_build_object('type', 'text', 'content', p.text)))),
                      'gen_ai.output.messages', jsonb_build_array(jsonb_build_object('role', 'assistant', 'parts',
                      jsonb_build_array(jsonb_build_object('type', 'text', 'content', left(q.text, 600))),
                      'finish_reason', 'stop'))) END
           WHEN 3 THEN jsonb_build_object('gen_ai.operation.name', 'execute_tool', 'gen_ai.tool.name', 'stock',
               'gen_ai.tool.type', 'function', 'gen_ai.tool.call.id', 'call_' || r.n)
           ELSE jsonb_build_object('db.system.name', 'postgresql', 'db.namespace', 'shop', 'db.operation.name', 'SELECT',
               'db.collection.name', 'orders', 'server.address', 'db.example.com', 'server.port', 5432) END) AS a (attributes)
 WHERE r.n >= {from} AND r.n < {to}
 ORDER BY r.n, k.k;

INSERT INTO logs (id, timestamp, observed_timestamp, severity_number, severity_text, body, service_name, trace_id, span_id,
                  trace_flags, attributes, resource_attributes, scope_name)
SELECT gen_random_uuid(), l.timestamp, l.timestamp + interval '1 millisecond', l.severity,
       CASE l.severity WHEN 17 THEN 'ERROR' WHEN 13 THEN 'WARN' WHEN 9 THEN 'INFO' ELSE 'DEBUG' END,
       (ARRAY['Order ', 'Answered question ', 'Looked up customer ', 'Payment of invoice ', 'Cache miss for key '])[1 + l.n % 5]
           || md5(l.n::text) || ' after ' || l.n % 900 || ' ms',
       (ARRAY['shop', 'assistant', 'search', 'billing', 'support', 'gateway', 'worker', 'mailer'])[1 + (hashint4(l.n) & 7)],
       CASE WHEN l.n % 3 = 0 THEN md5('trace' || l.n::bigint * {requests} / 5000000) END,
       CASE WHEN l.n % 3 = 0 THEN substr(md5('span0/' || l.n::bigint * {requests} / 5000000), 1, 16) END,
       CASE WHEN l.n % 3 = 0 THEN 1 END,
       jsonb_build_object('thread.name', 'http-nio-8080-exec-' || l.n % 50, 'order.id', l.n % 100000),
       jsonb_build_object('host.name', 'node-' || l.n % 4, 'process.pid', 1000 + l.n % 4, 'telemetry.sdk.language', 'java'),
       'com.example.shop.OrderService'
  FROM (SELECT n::integer AS n,
               now() - interval '7 days' * power((4999999 - n) / 5000000.0, 1.5) AS timestamp,
               CASE WHEN n % 200 = 0 THEN 17 WHEN n % 50 = 0 THEN 13 WHEN n % 10 = 0 THEN 5 ELSE 9 END AS severity
          FROM generate_series(0, 4999999) AS n) AS l;

INSERT INTO metrics (id, name, description, unit, metric_type, service_name)
SELECT md5('metric' || m)::uuid, 'http.server.requests.' || m, 'Requests answered', 's',
       (ARRAY['counter', 'gauge', 'histogram', 'summary'])[1 + m % 4], 'shop'
  FROM generate_series(0, 7) AS m;

INSERT INTO metric_data_points (id, metric_id, timestamp, value, count, sum, min, max, buckets, quantiles, attributes)
SELECT gen_random_uuid(), md5('metric' || m)::uuid, minute.minute, CASE WHEN m % 4 < 2 THEN m + random() * 100 END,
       CASE WHEN m % 4 >= 2 THEN 100 END, CASE WHEN m % 4 >= 2 THEN 20 END, CASE WHEN m % 4 >= 2 THEN 0.01 END,
       CASE WHEN m % 4 >= 2 THEN 2 END,
       CASE WHEN m % 4 = 2 THEN '[{"boundary": 0.1, "count": 60}, {"boundary": 0.5, "count": 30}, {"boundary": 1, "count": 8},
                                  {"boundary": "Infinity", "count": 2}]'::jsonb END,
       CASE WHEN m % 4 = 3 THEN '[{"quantile": 0.5, "value": 0.1}, {"quantile": 0.99, "value": 1.2}]'::jsonb END,
       jsonb_build_object('uri', '/orders/' || route, 'status', '200', 'otel.temporality', 'delta')
  FROM generate_series(now() - interval '7 days', now(), interval '1 minute') AS minute (minute)
 CROSS JOIN generate_series(0, 7) AS m
 CROSS JOIN generate_series(0, 3) AS route
 ORDER BY minute.minute;

RESET work_mem;
VACUUM (ANALYZE, FREEZE) traces, trace_spans, logs, metrics, metric_data_points;
CHECKPOINT;
