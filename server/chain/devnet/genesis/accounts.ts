/** Development accounts, whose keys everybody knows, with something to spend from the first block on. */
import { concatBytes, hexToBytes } from "#protocol/bytes.ts";
import { blake2b128Concat, storageKey } from "../hashing.ts";
import type { StorageKey } from "../hex.ts";
import { littleEndian, ScaleReader } from "../scale.ts";

/** Sr25519 keys derived from the development phrase of Substrate by `//Alice` and so on. */
export const developmentAccounts: Readonly<Record<string, Uint8Array>> = {
  Alice: hexToBytes("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"),
  Bob: hexToBytes("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"),
  Charlie: hexToBytes("90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22"),
  Dave: hexToBytes("306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20"),
  Eve: hexToBytes("e659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e"),
  Ferdie: hexToBytes("1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c"),
};

/** Of the chain's unit, for each. */
const units = 1_000_000n;
const decimalsUsual = 12;

const issuanceKey = storageKey("Balances", "TotalIssuance");
const amountLength = 16;
/** Nonce and three counts of references, 32 bits each, then what is free; what is reserved and frozen follows. */
const providersAt = 8;
const freeAt = 16;
const accountLength = freeAt + 4 * amountLength;

/** The same state with these accounts funded, and with their funds issued. */
export function funded(
  top: ReadonlyMap<StorageKey, Uint8Array>,
  accounts: readonly Uint8Array[],
  decimals: unknown,
): Map<StorageKey, Uint8Array> {
  const amount = units * 10n ** BigInt(typeof decimals === "number" ? decimals : decimalsUsual);
  const result = new Map(top);
  let issued = amountIn(top.get(issuanceKey), 0);
  for (const account of accounts) {
    const key = storageKey("System", "Account", blake2b128Concat(account));
    const before = result.get(key) ?? new Uint8Array(accountLength);
    const free = amountIn(before, freeAt);
    if (free >= amount) continue;
    issued += amount - free;
    result.set(
      key,
      concatBytes(
        before.subarray(0, providersAt),
        littleEndian(Math.max(1, new ScaleReader(before, providersAt).u32()), 4),
        before.subarray(providersAt + 4, freeAt),
        littleEndian(amount, amountLength),
        before.subarray(freeAt + amountLength),
      ),
    );
  }
  return result.set(issuanceKey, littleEndian(issued, amountLength));
}

const amountIn = (bytes: Uint8Array | undefined, at: number): bigint =>
  bytes === undefined ? 0n : new ScaleReader(bytes, at).integer(amountLength);
