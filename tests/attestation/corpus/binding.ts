/** Genuine evidence about somebody or something else than was asked for: what a client makes of it. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { encodeEvidence } from "#attestation/evidence.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import { memoryEvaluations } from "#client/evaluations.ts";
import { examine } from "#client/shield.ts";
import { verifyEvidence } from "#client/verify-evidence.ts";
import { leafOf, merkleRoot, type PathStep, reportData, type RoomClaims, type Welcome } from "#protocol/binding.ts";
import type { RoomId } from "#protocol/identity.ts";
import { flip, forge, now } from "../forge.ts";
import type { Attack } from "./attack.ts";

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const channelKey = hash(1);
const ephemeral = hash(2);
const claims: RoomClaims = {
  world: hash(3),
  contract: hash(4),
  lineage: hash(5),
  room: "abcdefghjkmnpqrs" as RoomId,
  term: 1,
  head: hash(6),
  issuer: hash(11),
  reportKey: hash(12),
};
const path: readonly PathStep[] = [
  { sibling: hash(7), right: true },
  { sibling: hash(8), right: false },
];

interface Told {
  /** What the quote is over. */
  readonly key?: Uint8Array;
  readonly keyEpoch?: number;
  readonly root?: Uint8Array;
  /** Over these very bytes instead. */
  readonly bytes?: Uint8Array;
  /** What the worker says beside it. */
  readonly welcome?: Partial<Welcome>;
  /** What it says about the room. */
  readonly claims?: Partial<RoomClaims>;
  /** Whose visit the leaf is about. */
  readonly visitor?: Uint8Array;
}

function told(about: Told): Promise<unknown> {
  const said = { ...claims, ...about.claims };
  const root = about.root ?? merkleRoot(leafOf(about.visitor ?? ephemeral, said), path);
  const data = about.bytes ?? reportData(about.key ?? channelKey, about.keyEpoch ?? 7, root);
  const evidence = encodeEvidence(forge({ td: { reportData: data } }));
  const welcome: Welcome = { claims: said, keyEpoch: 7, root, path, evidence, ...about.welcome };
  const { world, contract, lineage, room } = claims;
  return examine(
    { welcome, channelKey, ephemeral },
    { world, contract, lineage, room },
    {
      policy: developmentPolicy,
      loopback: true,
      evaluations: memoryEvaluations(),
      now: now * 1000,
      origin: null,
      verify: verifyEvidence,
    },
  );
}

const cases: readonly (readonly [AttestationErrorCode, string, Told])[] = [
  ["key-not-bound", "a quote over another channel key", { key: hash(9) }],
  ["key-not-bound", "a quote over another epoch of the key", { keyEpoch: 8 }],
  ["key-not-bound", "a quote over zeros", { bytes: new Uint8Array(64) }],
  ["key-not-bound", "a quote over the channel key itself", { bytes: new Uint8Array(64).fill(1) }],
  ["key-not-bound", "report data with one bit changed", { bytes: flip(reportData(channelKey, 7, hash(0)), 63) }],
  ["key-not-bound", "the epoch of another quote", { welcome: { keyEpoch: 6 } }],
  ["key-not-bound", "the batch of another quote", { welcome: { root: hash(9) } }],
  ["stale-evidence", "a quote for a batch that we are not in", { root: hash(9) }],
  ["stale-evidence", "a quote for somebody else's visit", { visitor: hash(9) }],
  ["stale-evidence", "a path that leaves out a sibling", { welcome: { path: path.slice(1) } }],
  [
    "stale-evidence",
    "a path whose sides are swapped",
    { welcome: { path: path.map((step) => ({ ...step, right: !step.right })) } },
  ],
  [
    "stale-evidence",
    "another opening of the room than the quote is about",
    { welcome: { claims: { ...claims, term: 2 } } },
  ],
  [
    "stale-evidence",
    "another state of the room than the quote is about",
    { welcome: { claims: { ...claims, head: hash(9) } } },
  ],
  [
    "stale-evidence",
    "another issuer of items than the quote is about",
    { welcome: { claims: { ...claims, issuer: hash(9) } } },
  ],
  [
    "stale-evidence",
    "another key for reports than the quote is about",
    { welcome: { claims: { ...claims, reportKey: hash(9) } } },
  ],
  ["wrong-world", "another world, well bound", { claims: { world: hash(9) } }],
  ["wrong-contract", "other rules, well bound", { claims: { contract: hash(9) } }],
  ["wrong-lineage", "another lineage, well bound", { claims: { lineage: hash(9) } }],
  ["wrong-room", "another room, well bound", { claims: { room: "bbcdefghjkmnpqrs" as RoomId } }],
];

/** What is told truly is believed: without this, nothing here would say anything. */
export const toldTruly = (): Promise<unknown> => told({});

export const binding: readonly Attack[] = cases.map(([code, name, about]) => ({ code, name, run: () => told(about) }));
