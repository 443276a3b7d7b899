-- A batch of lines of JSON. A column of jsonb parses each line once, while it is copied. Text and a
-- cast, and json_populate_record, took as long; json and its operators, which parse for each field,
-- longer. The delimiter and the quote are characters that JSON cannot hold, so that a line is one
-- field as it stands.
create temp table staging (line jsonb);
create temp view fields as
select line->>'source' as source, line->>'type' as type, (line->>'subject')::bigint as account,
  (line->>'time')::timestamptz as at, (line->>'sequence')::bigint as sequence,
  (line->'data'->>'trips')::integer as trips
from staging;
begin;
\copy staging from pstdin with (format csv, delimiter e'\x02', quote e'\x01')
\ir post.sql
