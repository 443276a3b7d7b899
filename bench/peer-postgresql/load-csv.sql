-- A batch whose fields somebody else has split already.
create temp table fields (
  source text, type text, account bigint, at timestamptz, sequence bigint, trips integer
);
begin;
\copy fields from pstdin with (format csv)
\ir post.sql
