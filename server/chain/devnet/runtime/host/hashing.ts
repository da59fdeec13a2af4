/** Host functions: hashes, and roots of lists. */
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256, keccak_512 } from "@noble/hashes/sha3.js";
import { blake2b128, blake2b256, twox } from "../../hashing.ts";
import { keyOf } from "../../hex.ts";
import { ScaleReader } from "../../scale.ts";
import type { StateVersion } from "../../trie/node.ts";
import { orderedRoot, Trie } from "../../trie/trie.ts";
import type { Host, HostFunctions, Span } from "./host.ts";
import { stateVersion } from "./storage.ts";

export function hashingFunctions(host: Host): HostFunctions {
  const hashed = (hash: (bytes: Uint8Array) => Uint8Array) => (data: Span) => host.give(hash(host.view(data)));
  return {
    ext_hashing_blake2_128_version_1: hashed(blake2b128),
    ext_hashing_blake2_256_version_1: hashed(blake2b256),
    ext_hashing_twox_64_version_1: hashed((bytes) => twox(bytes, 8)),
    ext_hashing_twox_128_version_1: hashed((bytes) => twox(bytes, 16)),
    ext_hashing_twox_256_version_1: hashed((bytes) => twox(bytes, 32)),
    ext_hashing_keccak_256_version_1: hashed(keccak_256),
    ext_hashing_keccak_512_version_1: hashed(keccak_512),
    ext_hashing_sha2_256_version_1: hashed(sha256),
    ext_trie_blake2_256_ordered_root_version_1: (items: Span) => host.give(rootOfList(host.copy(items), 0)),
    ext_trie_blake2_256_ordered_root_version_2: (items: Span, version: number) =>
      host.give(rootOfList(host.copy(items), stateVersion(version))),
    ext_trie_blake2_256_root_version_1: (pairs: Span) => host.give(rootOfPairs(host.copy(pairs), 0)),
    ext_trie_blake2_256_root_version_2: (pairs: Span, version: number) =>
      host.give(rootOfPairs(host.copy(pairs), stateVersion(version))),
  };
}

function rootOfList(encoded: Uint8Array, version: StateVersion): Uint8Array {
  const reader = new ScaleReader(encoded);
  return orderedRoot(
    reader.vector(() => reader.prefixed()),
    version,
  );
}

function rootOfPairs(encoded: Uint8Array, version: StateVersion): Uint8Array {
  const reader = new ScaleReader(encoded);
  const pairs = reader.vector(() => [keyOf(reader.prefixed()), reader.prefixed()] as const);
  return Trie.empty.with(pairs, version).root;
}
