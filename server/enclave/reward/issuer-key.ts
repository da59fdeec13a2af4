/** The key that issues items: one for each world and lineage, the same on every machine that may run them. */
import { getPublicKey, secretFromSeed, sign } from "@scure/sr25519";
import { bytesToHex } from "#protocol/bytes.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import type { Platform } from "../platform/platform.ts";

export interface IssuerKey {
  readonly account: AccountId;
  /** 64 bytes, by sr25519 under the context "substrate". */
  sign(message: Uint8Array): Uint8Array;
}

/** @param world and @param lineage 32 bytes each. @throws PlatformError "platform-unavailable". */
export async function deriveIssuerKey(platform: Platform, world: Uint8Array, lineage: Uint8Array): Promise<IssuerKey> {
  const path = `phatroom/1/issuer-key/sr25519/${bytesToHex(world)}/${bytesToHex(lineage)}`;
  return issuerKeyOf(await platform.deriveKey(path));
}

/** @param seed 32 bytes. */
export function issuerKeyOf(seed: Uint8Array): IssuerKey {
  const secret = secretFromSeed(seed);
  return { account: accountOf(getPublicKey(secret)), sign: (message) => sign(secret, message) };
}
