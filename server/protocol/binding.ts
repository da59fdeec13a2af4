/**
 * What a quote binds: the worker's channel key, and for each join of a batch the client's own ephemeral with the room
 * it asked for. One quote serves the batch; each client finds itself under the Merkle root, so each join is fresh.
 *
 * ```text
 * report data = SHA-512(lp("phatroom/1/report-data", channel key, key epoch u32, root))
 * leaf        = SHA-256(0x00 ‖ lp("phatroom/1/leaf", ephemeral, contract hash, lineage, world, room, term u32, head, issuer,
 *                                 report key))
 * node        = SHA-256(0x01 ‖ left ‖ right)          (RFC 6962 section 2.1 domain separation)
 * ```
 */
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, equalBytes, lengthPrefixed, u32le } from "./bytes.ts";
import { decodeMsgpack, encodeMsgpack } from "./msgpack.ts";
import { ProtocolError } from "./errors.ts";
import { isRoomId, type RoomId } from "./identity.ts";

/** What the worker says about the room a client is joining. All hashes are 32 bytes. */
export interface RoomClaims {
  readonly contract: Uint8Array;
  readonly lineage: Uint8Array;
  readonly world: Uint8Array;
  readonly room: RoomId;
  /** Which opening of the room this is. */
  readonly term: number;
  /** Newest link of the room's record chain. */
  readonly head: Uint8Array;
  /** The account on chain, sr25519, that issues the items which the room awards: only its lineage has the key. */
  readonly issuer: Uint8Array;
  /** Ed25519: signs what is reported to the world's moderator. Only the world's workers have the other half. */
  readonly reportKey: Uint8Array;
}

/** A sibling on the way from a leaf to the root. */
export interface PathStep {
  readonly sibling: Uint8Array;
  /** The sibling stands on the right. */
  readonly right: boolean;
}

/** The payload of Noise message 2. */
export interface Welcome {
  readonly claims: RoomClaims;
  /** Counts channel keys of this worker; a key lives an hour at most. */
  readonly keyEpoch: number;
  /** Of the batch that the quote serves. */
  readonly root: Uint8Array;
  /** From this client's leaf to the root. */
  readonly path: readonly PathStep[];
  /** `Evidence` in the platform's own encoding; see `#attestation/evidence.ts`. */
  readonly evidence: Uint8Array;
}

/** A batch never exceeds 2¹⁶ joins. */
const pathLengthMax = 16;

/** 64 bytes for the quote. */
export const reportData = (channelKey: Uint8Array, keyEpoch: number, root: Uint8Array): Uint8Array =>
  sha512(lengthPrefixed("phatroom/1/report-data", channelKey, u32le(keyEpoch), root));

export const leafOf = (ephemeral: Uint8Array, claims: RoomClaims): Uint8Array =>
  sha256(
    concatBytes(
      Uint8Array.of(0),
      lengthPrefixed(
        "phatroom/1/leaf",
        ephemeral,
        claims.contract,
        claims.lineage,
        claims.world,
        claims.room,
        u32le(claims.term),
        claims.head,
        claims.issuer,
        claims.reportKey,
      ),
    ),
  );

const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(Uint8Array.of(1), left, right));

/** The root over at least one leaf, and each leaf's path to it. An odd last node moves up unchanged. */
export function merkleTree(leaves: readonly Uint8Array[]): {
  readonly root: Uint8Array;
  readonly paths: readonly (readonly PathStep[])[];
} {
  const paths: PathStep[][] = leaves.map(() => []);
  const places = leaves.map((_, i) => i);
  let level = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      above.push(i + 1 < level.length ? nodeOf(level[i]!, level[i + 1]!) : level[i]!);
    }
    for (let leaf = 0; leaf < places.length; leaf++) {
      const place = places[leaf]!;
      const sibling = level[place ^ 1];
      if (sibling !== undefined) paths[leaf]!.push({ sibling, right: (place ^ 1) > place });
      places[leaf] = place >> 1;
    }
    level = above;
  }
  return { root: level[0]!, paths };
}

/** The root that a leaf and its path lead to. */
export function merkleRoot(leaf: Uint8Array, path: readonly PathStep[]): Uint8Array {
  let node = leaf;
  for (const step of path) node = step.right ? nodeOf(node, step.sibling) : nodeOf(step.sibling, node);
  return node;
}

/**
 * Whether the report data of verified evidence binds this channel key, and this client's own ephemeral with the room
 * it asked for. "key-not-bound": somebody else's quote. "stale-evidence": a quote made for other joins than this one.
 */
export function checkBinding(
  reported: Uint8Array,
  channelKey: Uint8Array,
  ephemeral: Uint8Array,
  welcome: Welcome,
): "bound" | "key-not-bound" | "stale-evidence" {
  if (!equalBytes(reported, reportData(channelKey, welcome.keyEpoch, welcome.root))) return "key-not-bound";
  const root = merkleRoot(leafOf(ephemeral, welcome.claims), welcome.path);
  return equalBytes(root, welcome.root) ? "bound" : "stale-evidence";
}

export function encodeWelcome(welcome: Welcome): Uint8Array {
  const { contract, lineage, world, room, term, head, issuer, reportKey } = welcome.claims;
  return encodeMsgpack([
    [contract, lineage, world, room, term, head, issuer, reportKey],
    welcome.keyEpoch,
    welcome.root,
    welcome.path.map((step) => [step.sibling, step.right]),
    welcome.evidence,
  ]);
}

/** @throws ProtocolError "malformed". */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  const [claims, keyEpoch, root, path, evidence] = tuple(decodeMsgpack(bytes), 5);
  const [contract, lineage, world, room, term, head, issuer, reportKey] = tuple(claims, 8);
  if (!isRoomId(room) || !Array.isArray(path) || path.length > pathLengthMax || !(evidence instanceof Uint8Array)) {
    throw new ProtocolError("malformed", "welcome");
  }
  return {
    claims: {
      contract: hash(contract),
      lineage: hash(lineage),
      world: hash(world),
      room,
      term: u32(term),
      head: hash(head),
      issuer: hash(issuer),
      reportKey: hash(reportKey),
    },
    keyEpoch: u32(keyEpoch),
    root: hash(root),
    path: path.map((step): PathStep => {
      const [sibling, right] = tuple(step, 2);
      if (typeof right !== "boolean") throw new ProtocolError("malformed", "path");
      return { sibling: hash(sibling), right };
    }),
    evidence,
  };
}

function tuple(value: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw new ProtocolError("malformed", "tuple");
  return value;
}

function hash(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== 32) throw new ProtocolError("malformed", "hash");
  return value;
}

function u32(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new ProtocolError("malformed", "u32");
  }
  return value;
}
