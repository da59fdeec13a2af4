/** Host functions: the storage of a block under construction. */
import { concatBytes } from "#protocol/bytes.ts";
import { keyBytes } from "../../hex.ts";
import { littleEndian, ScaleReader } from "../../scale.ts";
import type { StateVersion } from "../../trie/node.ts";
import type { Host, HostFunctions, Span } from "./host.ts";

export const storageFunctions = (host: Host): HostFunctions => ({
  ext_storage_set_version_1: (key: Span, value: Span) => host.storage.set(host.key(key), host.copy(value)),
  ext_storage_get_version_1: (key: Span) => host.giveOption(host.storage.get(host.key(key))),
  ext_storage_exists_version_1: (key: Span) => (host.storage.get(host.key(key)) === undefined ? 0 : 1),
  ext_storage_clear_version_1: (key: Span) => host.storage.set(host.key(key), null),
  ext_storage_read_version_1: (key: Span, out: Span, offset: number) => read(host, key, out, offset >>> 0),
  ext_storage_append_version_1: (key: Span, item: Span) => host.storage.append(host.key(key), host.copy(item)),
  ext_storage_clear_prefix_version_1: (prefix: Span) => {
    host.storage.clear(host.key(prefix), undefined);
  },
  ext_storage_clear_prefix_version_2: (prefix: Span, limit: Span) => clear(host, prefix, limit),
  ext_storage_next_key_version_1: (key: Span) => {
    const next = host.storage.next(host.key(key));
    return host.giveOption(next === undefined ? undefined : keyBytes(next));
  },
  ext_storage_root_version_1: () => host.giveSpan(host.storage.applied(0).root),
  ext_storage_root_version_2: (version: number) => host.giveSpan(host.storage.applied(stateVersion(version)).root),
  ext_storage_changes_root_version_1: () => host.giveSpan(Uint8Array.of(0)),
  ext_storage_start_transaction_version_1: () => host.storage.start(),
  ext_storage_rollback_transaction_version_1: () => host.storage.rollback(),
  ext_storage_commit_transaction_version_1: () => host.storage.commit(),
});

export const stateVersion = (number: number): StateVersion => (number === 0 ? 0 : 1);

/** @returns SCALE: an option of how many bytes there are from the offset on. */
function read(host: Host, key: Span, out: Span, offset: number): Span {
  const value = host.storage.get(host.key(key));
  if (value === undefined) return host.giveSpan(Uint8Array.of(0));
  const rest = value.subarray(Math.min(offset, value.length));
  const room = host.view(out);
  room.set(rest.subarray(0, room.length));
  return host.giveSpan(concatBytes(Uint8Array.of(1), littleEndian(rest.length, 4)));
}

/** @returns SCALE: 0 if all went, 1 if some are left; and how many went. */
function clear(host: Host, prefix: Span, limit: Span): Span {
  const reader = new ScaleReader(host.view(limit));
  const { count, more } = host.storage.clear(host.key(prefix), reader.u8() === 0 ? undefined : reader.u32());
  return host.giveSpan(concatBytes(Uint8Array.of(more ? 1 : 0), littleEndian(count, 4)));
}
