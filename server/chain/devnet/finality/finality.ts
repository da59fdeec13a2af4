/** Which set of authorities finalizes which block, and the proofs that they have, as GRANDPA's nodes give them. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { decodeHeader } from "../blocks/header.ts";
import type { Block } from "../blocks/tree.ts";
import { DevnetError } from "../errors.ts";
import { littleEndian, prefixed, vector } from "../scale.ts";
import { announcedDelay, announcement, developmentAuthorities } from "./authorities.ts";

interface FinalBlock {
  readonly hash: string;
  readonly number: number;
}

/** What is asked for of blocks that are final. */
export interface FinalChain {
  /** Hash of a final block. */
  hashAt(number: number): string;
  /** Encoded header of a final block. */
  headerAt(number: number): Uint8Array;
}

const precommit = 1;

export class DevelopmentFinality {
  /** Last blocks of sets that are announced on the finalized chain, in order: the first one's is set 0's. */
  readonly #ends: number[] = [];

  /** Blocks that are final now, oldest first. */
  finalized(blocks: Iterable<{ readonly number: number; readonly header: Uint8Array }>): void {
    for (const { number, header } of blocks) {
      const delay = delayIn(header);
      if (delay !== undefined) this.#ends.push(number + delay);
    }
  }

  /**
   * What the header of a block on this one has to carry so that other authorities come after it.
   *
   * @throws DevnetError "authorities-coming" while others were announced and do not vote yet.
   */
  announce(parent: Block, delay: number): Uint8Array {
    const number = parent.number + 1;
    let count = this.#ends.length;
    let last = this.#ends.at(-1) ?? -1;
    // Those of blocks that are not final are in their headers only.
    for (let block: Block | undefined = parent; block !== undefined; block = block.parent) {
      const announced = delayIn(block.header);
      if (announced === undefined || this.#ends.includes(block.number + announced)) continue;
      count++;
      last = Math.max(last, block.number + announced);
    }
    if (last >= number) throw new DevnetError("authorities-coming", `after block ${last}`);
    return announcement(count + 1, delay);
  }

  /** A `GrandpaJustification`. Always the same one: of all authorities, in a round of the block's number. */
  justification({ hash, number }: FinalBlock): Uint8Array {
    const setId = this.#setOf(number);
    const vote = concatBytes(hexToBytes(hash.slice(2)), littleEndian(number, 4));
    const round = littleEndian(number, 8);
    const message = concatBytes(Uint8Array.of(precommit), vote, round, littleEndian(setId, 8));
    const votes = developmentAuthorities(setId).map(({ secret, key }) =>
      concatBytes(vote, ed25519.sign(message, secret), key),
    );
    return concatBytes(round, vote, vector(votes), vector([]));
  }

  /** Whether no block above it can be proven to be final without it. */
  isLastOfSet(number: number): boolean {
    return this.#ends.includes(number);
  }

  /**
   * A `FinalityProof` of this block: the justification of the last one of its set, or of the newest final one.
   *
   * @param newest the newest final block's number.
   */
  prove(number: number, newest: number, chain: FinalChain): Uint8Array {
    const end = this.#ends.find((last) => last >= number) ?? newest;
    const at = Math.min(end, newest);
    const hash = chain.hashAt(at);
    const unknown = Array.from({ length: at - number }, (_, i) => chain.headerAt(number + 1 + i));
    return concatBytes(hexToBytes(hash.slice(2)), prefixed(this.justification({ hash, number: at })), vector(unknown));
  }

  #setOf(number: number): number {
    return this.#ends.filter((last) => last < number).length;
  }
}

function delayIn(header: Uint8Array): number | undefined {
  for (const log of decodeHeader(header).logs) {
    const delay = announcedDelay(log);
    if (delay !== undefined) return delay;
  }
  return undefined;
}
