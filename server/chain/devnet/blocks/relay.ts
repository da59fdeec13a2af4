/** The relay chain as a parachain's runtime sees it: there is none, so one is made up that fits. */
import { concatBytes } from "#protocol/bytes.ts";
import { storageKey, twox64Concat } from "../hashing.ts";
import { littleEndian, prefixed, vector } from "../scale.ts";
import { readProof } from "../trie/proof.ts";
import { Trie } from "../trie/trie.ts";

const relaySlotMs = 6000;
const relayBlocksPerBlock = 2;
const firstRelayBlock = 1000;
const povBytesMax = 5 * 1024 * 1024;
const paraUsual = 1000;

/**
 * What a relay chain allows its parachains, as Kusama did in 2024: sizes of code, head and upward messages, how many of
 * these, the delay of upgrades, and for asynchronous backing one block at a time.
 */
const hostConfiguration = concatBytes(
  ...[3_145_728, 20_480, 174_762, 1_048_576, 65_531, 16, 10, 14_400, 600, 0, 0].map((value) => littleEndian(value, 4)),
);

/**
 * SCALE: `ParachainInherentData`. The block's parent is what the relay chain included last, and nobody sent messages.
 *
 * @param timestamp of the block, in milliseconds.
 */
export function parachainInherent(
  state: Trie,
  parentHeader: Uint8Array,
  number: number,
  timestamp: number,
): Uint8Array {
  const para = state.get(storageKey("ParachainInfo", "ParachainId")) ?? littleEndian(paraUsual, 4);
  const relay = Trie.empty.with(
    [
      [storageKey("Configuration", "ActiveConfig"), hostConfiguration],
      [storageKey("Babe", "CurrentSlot"), littleEndian(Math.floor(timestamp / relaySlotMs), 8)],
      [storageKey("Paras", "Heads", twox64Concat(para)), prefixed(parentHeader)],
    ],
    0,
  );
  const proof = readProof(relay, [...relay.keys("")]);
  return concatBytes(
    prefixed(parentHeader),
    littleEndian(firstRelayBlock + number * relayBlocksPerBlock, 4),
    relay.root,
    littleEndian(povBytesMax, 4),
    vector(proof.map(prefixed)),
    // No messages from above, none from beside; and for later runtimes no descendants and no collator.
    new Uint8Array(4),
  );
}
