/** What a revealed log consists of, in bytes that never change. */
import { encodeLogFile } from "#audit/log-file.ts";
import { KeyTree } from "#enclave/vault/key-tree.ts";
import { deriveAuthenticationKey, deriveTreeRoot } from "#enclave/vault/keys.ts";
import { RevealableKeys } from "#enclave/vault/opening-keys.ts";
import type { RevealedOpening } from "#enclave/vault/reveal.ts";
import { encodeReveal } from "#enclave/vault/reveal.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { fill, keys, openingNonce, place } from "../enclave/vault/vault-cases.ts";

export interface AuditCase {
  readonly name: string;
  readonly bytes: string;
}

/** Five records, of which two share a subtree with none: its cover has two nodes. */
export function auditCases(): readonly AuditCase[] {
  const opening = new RevealableKeys(keys.room, openingNonce, 0);
  const revealable = true;
  const records = [
    opening.seal(place, { kind: "opening", term: 1, index: 0, nonce: openingNonce, revealable }, fill(0), fill(10, 3)),
  ];
  for (let index = 1; index < 5; index++) {
    const header = { kind: "boundary", term: 1, index, revealable } as const;
    records.push(opening.seal(place, header, records.at(-1)!.head, fill(10 + index, 200 * index)));
  }
  const openings: RevealedOpening[] = [{ records: 5, nodes: opening.cover(5) }];
  const manifest = utf8ToBytes('{"name":"golden"}');
  const finale = { tick: 250, result: { winner: 1 }, awards: { count: 1, hash: fill(30) }, memory: fill(31) };
  const body = encodeReveal({ place, contract: fill(20), manifest, before: records.at(-1)!.head, finale, openings });
  const header = { kind: "reveal", term: 1, index: 5, revealable } as const;
  const reveal = opening.seal(place, header, records.at(-1)!.head, body);
  const file = { place, contract: fill(20), manifest, records: [...records, reveal].map(({ bytes }) => bytes) };
  const tree = new KeyTree(deriveTreeRoot(keys.room, openingNonce));
  const cases: readonly [string, Uint8Array][] = [
    ["root of the tree of keys", deriveTreeRoot(keys.room, openingNonce)],
    ["authentication key", deriveAuthenticationKey(keys.room, openingNonce)],
    ["key of record 0", tree.keyOf(0)],
    ["key of record 5", tree.keyOf(5)],
    ["cover of five records, first node", openings[0]!.nodes[0]!],
    ["cover of five records, second node", openings[0]!.nodes[1]!],
    ["opening record that can be revealed", records[0]!.bytes],
    ["boundary record that can be revealed", records[1]!.bytes],
    ["body of a reveal", body],
    ["head of a revealed log", reveal.head],
    ["log file", encodeLogFile({ ...file, keys: undefined })],
    ["log file with keys in front", encodeLogFile({ ...file, keys: openings, records: file.records.slice(0, 5) })],
  ];
  return cases.map(([name, bytes]) => ({ name, bytes: bytesToHex(bytes) }));
}
