/** Tables of the SQLite store. */

/** Of this layout; kept in the file, so that another one is noticed. */
export const schemaVersion = 2;

/** Pieces of a snapshot are written one by one; it is there once its own row is. */
const snapshots = `
create table snapshots (
  id integer primary key,
  chain text not null,
  number integer not null,
  head blob not null,
  unique (chain, number)
) strict;
create table pieces (
  snapshot integer not null,
  number integer not null,
  bytes blob not null,
  primary key (snapshot, number)
) strict;
`;

export const schema = `
create table chains (
  chain text primary key,
  length integer not null,
  first integer not null,
  changed_at integer not null,
  head blob not null
) without rowid, strict;
create table records (
  chain text not null,
  number integer not null,
  head blob not null,
  record blob,
  primary key (chain, number)
) without rowid, strict;
${snapshots}
pragma user_version = ${schemaVersion};
`;

/** Version 1 had a snapshot's bytes in one piece, beside its head. */
export const fromVersion1 = `
alter table snapshots rename to whole_snapshots;
${snapshots}
insert into pieces (snapshot, number, bytes) select rowid, 0, bytes from whole_snapshots;
insert into snapshots (id, chain, number, head) select rowid, chain, number, head from whole_snapshots;
drop table whole_snapshots;
pragma user_version = ${schemaVersion};
`;

/** A transaction that has returned is on the disk ("full" syncs the log of each commit). `Checkpoints` copy the log. */
export const settings = `
pragma journal_mode = wal;
pragma synchronous = full;
pragma wal_autocheckpoint = 0;
pragma cache_size = -65536;
`;

/** Held for as long as the store is open: another process that opens it is told so, instead of both writing. */
export const lock = `
pragma locking_mode = exclusive;
begin exclusive;
`;
