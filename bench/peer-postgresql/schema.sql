-- The least that keeps what the books keep: no foreign keys, no index for an account's passbook.
-- Columns stand from wide to narrow, so that rows have no holes.

create table sources (
  source smallint primary key,
  name text not null unique
);

-- What an act is worth, in milligrams of CO2e: of a bus trip 105 g.
create table types (
  type smallint primary key,
  name text not null unique,
  amount bigint not null
);

-- Account 0 is the issuance, all other balances' opposite. Half of each page is left free, so that
-- a new balance finds room on its page and the index need not be touched.
create table accounts (
  account bigint not null,
  balance bigint not null
) with (fillfactor = 50);

create table events (
  sequence bigint not null,
  account bigint not null,
  at timestamptz not null,
  amount bigint not null,
  trips integer not null,
  source smallint not null,
  type smallint not null,
  primary key (source, sequence)
);

create table postings (
  sequence bigint not null,
  account bigint not null,
  amount bigint not null,
  source smallint not null
);

insert into sources values (1, 'gates');
insert into types values (1, 'trip.bus', 105000);
insert into accounts
select 100 * place + 98 - 100 * place % 97, 0 from generate_series(1, :accounts) as place;
insert into accounts values (0, 0);
alter table accounts add primary key (account);
vacuum analyze;
