/**
 * Authorities of the development chain: they sign what is final as GRANDPA's do, and everybody can make their keys. Each
 * set has keys of its own.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { blake2b256 } from "../hashing.ts";
import { littleEndian, prefixed, vector } from "../scale.ts";

export interface DevelopmentAuthority {
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
}

/** One may be wrong or away. */
const authorityCount = 4;

/** @param setId from 0 on. */
export const developmentAuthorities = (setId: number): readonly DevelopmentAuthority[] =>
  Array.from({ length: authorityCount }, (_, index) => {
    const secret = blake2b256(utf8ToBytes(`phatroom development authority ${setId} ${index}`));
    return { secret, key: ed25519.getPublicKey(secret) };
  });

const consensus = 4;
const engine = utf8ToBytes("FRNK");
const scheduledChange = 1;
const weight = littleEndian(1, 8);

/**
 * A digest item: the next authorities, and after how many blocks they take over (Polkadot specification, section 6.1
 * "GRANDPA consensus message").
 */
export const announcement = (setId: number, delay: number): Uint8Array =>
  concatBytes(
    Uint8Array.of(consensus),
    engine,
    prefixed(
      concatBytes(
        Uint8Array.of(scheduledChange),
        vector(developmentAuthorities(setId).map(({ key }) => concatBytes(key, weight))),
        littleEndian(delay, 4),
      ),
    ),
  );

/** Of such an item; undefined for others. */
export function announcedDelay(log: Uint8Array): number | undefined {
  const ours = log[0] === consensus && Buffer.compare(log.subarray(1, 5), engine) === 0;
  if (!ours) return undefined;
  const data = log.subarray(-4);
  return new DataView(data.buffer, data.byteOffset).getUint32(0, true);
}
