/**
 * Tables of the PostgreSQL store. Made at first start; a chain's name is compared by its bytes, as everywhere. Of gateways
 * that start at once one makes them: "if not exists" alone lets several try, and all but one fail.
 */
export const schema = `
select pg_advisory_xact_lock(hashtext('phatroom'));
create table if not exists phatroom_chains (
  chain text collate "C" primary key,
  length bigint not null,
  first bigint not null,
  head bytea not null,
  changed_at timestamptz not null default now()
);
create table if not exists phatroom_records (
  chain text collate "C" not null,
  index bigint not null,
  head bytea not null,
  record bytea,
  primary key (chain, index)
);
create table if not exists phatroom_snapshots (
  chain text collate "C" not null,
  index bigint not null,
  head bytea not null,
  bytes bytea not null,
  primary key (chain, index)
);
`;
