/** What a block's author knows and the runtime does not: of this the runtime makes a block's first extrinsics. */
import { concatBytes } from "#protocol/bytes.ts";
import { littleEndian, prefixed, vector } from "../scale.ts";
import type { Trie } from "../trie/trie.ts";
import { parachainInherent } from "./relay.ts";

export interface Moment {
  readonly slot: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** SCALE: `InherentData`. A runtime takes what it knows and leaves the rest. */
export function inherentData(
  state: Trie,
  parentHeader: Uint8Array,
  number: number,
  { slot, timestamp }: Moment,
): Uint8Array {
  const entries: readonly (readonly [string, Uint8Array])[] = [
    ["auraslot", littleEndian(slot, 8)],
    ["babeslot", littleEndian(slot, 8)],
    // Of a relay chain: no bitfields, no candidates, no disputes.
    ["parachn0", concatBytes(new Uint8Array(3), parentHeader)],
    ["sysi1337", parachainInherent(state, parentHeader, number, timestamp)],
    ["timstap0", littleEndian(timestamp, 8)],
  ];
  return vector(entries.map(([id, data]) => concatBytes(new Uint8Array(Buffer.from(id, "latin1")), prefixed(data))));
}
