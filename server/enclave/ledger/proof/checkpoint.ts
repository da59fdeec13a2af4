/**
 * Where following a chain begins: a final block and its authorities, which come with the program or the world and not
 * from whoever runs the machine. JSON, so that people can read and compare it.
 */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Authority, ComingAuthorities } from "./authorities.ts";
import { demand } from "./errors.ts";
import type { BlockRef, Finalized } from "./finality.ts";
import type { BlockHash } from "./header.ts";
import { authoritiesMax } from "./limits.ts";
import type { Strength } from "./strength.ts";

export interface Checkpoint {
  /** Of the chain, also when a relay chain finalizes it. */
  readonly genesis: BlockHash;
  readonly strength: Strength;
  readonly finalized: Finalized;
  /** The chain is a parachain: `finalized` is the relay chain's, and this is its own newest final block. */
  readonly parachain: { readonly id: number; readonly block: BlockRef } | undefined;
}

const textLengthMax = 1024 * 1024;

/** @throws ProofError "too-long", "checkpoint-malformed" for anything that `encodeCheckpoint` would not have written. */
export function decodeCheckpoint(text: string): Checkpoint {
  demand(text.length <= textLengthMax, "too-long");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const { genesis, strength, finalized, parachain } = membersOf(json, [
    "genesis",
    "strength",
    "finalized",
    "parachain",
  ]);
  const { block, set, coming } = membersOf(finalized, ["block", "set", "coming"]);
  demand(strength === "finality-proven" || strength === "trusted-node" || strength === "development-chain", code);
  demand((strength === "trusted-node") === (set === null) && (set !== null || coming === null), code);
  return {
    genesis: readHash(genesis),
    strength,
    finalized: {
      block: readBlock(block),
      handover:
        set === null ? undefined : { set: readSet(set), coming: coming === null ? undefined : readComing(coming) },
    },
    parachain: parachain === null ? undefined : readParachain(parachain),
  };
}

export function encodeCheckpoint({ genesis, strength, finalized, parachain }: Checkpoint): string {
  const { block, handover } = finalized;
  const set = handover && { id: String(handover.set.id), authorities: handover.set.authorities.map(authorityJson) };
  const coming = handover?.coming && {
    after: handover.coming.after,
    authorities: handover.coming.authorities.map(authorityJson),
  };
  const json = {
    genesis,
    strength,
    finalized: { block: blockJson(block), set: set ?? null, coming: coming ?? null },
    parachain: parachain === undefined ? null : { id: parachain.id, block: blockJson(parachain.block) },
  };
  return JSON.stringify(json, undefined, 2);
}

const code = "checkpoint-malformed";

const blockJson = ({ hash, number }: BlockRef) => ({ hash, number });
const authorityJson = ({ key, weight }: Authority) => ({ key, weight: String(weight) });

function membersOf(json: unknown, names: readonly string[]): Record<string, unknown> {
  demand(typeof json === "object" && json !== null && !Array.isArray(json), code);
  const found = Object.keys(json);
  demand(found.length === names.length && names.every((name) => Object.hasOwn(json, name)), code, found.join());
  return json as Record<string, unknown>;
}

function readHash(json: unknown): BlockHash {
  demand(typeof json === "string" && /^[0-9a-f]{64}$/.test(json), code);
  return json as BlockHash;
}

function readNumber(json: unknown): number {
  demand(typeof json === "number" && Number.isInteger(json) && json >= 0 && json <= 0xffff_ffff, code);
  return json;
}

function readCount(json: unknown): bigint {
  demand(typeof json === "string" && /^(?:0|[1-9][0-9]{0,19})$/.test(json) && BigInt(json) < 1n << 64n, code);
  return BigInt(json);
}

function readBlock(json: unknown): BlockRef {
  const { hash, number } = membersOf(json, ["hash", "number"]);
  return { hash: readHash(hash), number: readNumber(number) };
}

function readSet(json: unknown) {
  const { id, authorities } = membersOf(json, ["id", "authorities"]);
  return { id: readCount(id), authorities: readAuthorities(authorities) };
}

function readComing(json: unknown): ComingAuthorities {
  const { after, authorities } = membersOf(json, ["after", "authorities"]);
  return { after: readNumber(after), authorities: readAuthorities(authorities) };
}

function readParachain(json: unknown) {
  const { id, block } = membersOf(json, ["id", "block"]);
  return { id: readNumber(id), block: readBlock(block) };
}

function readAuthorities(json: unknown): readonly Authority[] {
  demand(Array.isArray(json) && json.length > 0 && json.length <= authoritiesMax, code);
  const authorities = json.map((one: unknown) => {
    const { key, weight } = membersOf(one, ["key", "weight"]);
    return { key: readHash(key) as string, weight: readCount(weight) };
  });
  demand(new Set(authorities.map(({ key }) => key)).size === authorities.length, code, "an authority twice");
  demand(
    authorities.every(({ weight }) => weight > 0n),
    code,
    "an authority without weight",
  );
  return authorities;
}

/** For a chain whose genesis state holds its authorities' keys: hexadecimal. */
export const authorityOf = (key: Uint8Array): Authority => ({ key: bytesToHex(key), weight: 1n });
