-- What is new in `fields` becomes events, two postings each, and balances; then it is durable.
create temp table sums as select account, amount from postings with no data;

with fresh as (
  insert into events (source, sequence, type, account, at, trips, amount)
  select sources.source, fields.sequence, types.type, fields.account, fields.at, fields.trips,
    fields.trips * types.amount
  from fields
  join sources on sources.name = fields.source
  join types on types.name = fields.type
  on conflict do nothing
  returning source, sequence, account, amount
), posted as (
  insert into postings (source, sequence, account, amount)
  select source, sequence, account, amount from fresh
  union all
  select source, sequence, 0, -amount from fresh
)
insert into sums
select account, sum(amount) from fresh group by account
union all
select 0, -sum(amount) from fresh;

-- Two sessions that update the same accounts in different orders would wait for each other for
-- ever; so one at a time, which the other uses to parse.
select pg_advisory_xact_lock(1) \g /dev/null
update accounts set balance = balance + sums.amount from sums
where accounts.account = sums.account;
commit;
