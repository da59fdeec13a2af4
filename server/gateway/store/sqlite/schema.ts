/** Tables of the SQLite store. */

/** Of this layout; kept in the file, so that another one is noticed. */
export const schemaVersion = 1;

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
create table snapshots (
  chain text not null,
  number integer not null,
  head blob not null,
  bytes blob not null,
  primary key (chain, number)
) strict;
pragma user_version = ${schemaVersion};
`;

/**
 * A transaction that has returned is on the disk ("full" syncs the log of each commit). One process has the file: another
 * one that opens it is told so, instead of both waiting for each other.
 */
export const settings = `
pragma locking_mode = exclusive;
pragma journal_mode = wal;
pragma synchronous = full;
pragma wal_autocheckpoint = 4096;
pragma cache_size = -65536;
`;
