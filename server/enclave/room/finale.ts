/** How a room ended whose log is revealed: what whoever repeats the log must find, too. */
import { sha256 } from "@noble/hashes/sha2.js";
import { lengthPrefixed } from "#protocol/bytes.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import type { Value } from "#protocol/value.ts";
import type { Happening } from "./happenings.ts";

export interface Finale {
  readonly tick: number;
  readonly result: Value;
  readonly awards: AwardsTally;
  /** SHA-256 over memory and globals of the contract: 32 bytes. */
  readonly memory: Uint8Array;
}

/** Everything that a room has awarded, in order. */
export interface AwardsTally {
  readonly count: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

export const noAwards: AwardsTally = { count: 0, hash: new Uint8Array(32) };

/** hash = SHA-256(lp("phatroom/1/award", hash before it, player, once, MessagePack of the item)) */
export function tallied(tally: AwardsTally, happenings: readonly Happening[]): AwardsTally {
  let { count, hash } = tally;
  for (const happening of happenings) {
    if (happening.happening !== "awarded") continue;
    const { player, once, item } = happening;
    count += 1;
    hash = sha256(lengthPrefixed("phatroom/1/award", hash, player, once, encodeMsgpack(item)));
  }
  return { count, hash };
}
