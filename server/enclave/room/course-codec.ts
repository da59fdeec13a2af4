/**
 * Bytes of a saved course, as a snapshot's body holds them.
 *
 * ```text
 * course = [label "phatroom course 2\0"] [length u32 le] [head: MessagePack] [instance snapshot]
 * ```
 *
 * What grows with players (views, outcomes, what is kept for them) or with time (awards) is MessagePack in MessagePack, so
 * that each piece keeps to the limits that every other value keeps to. In version 1 awards, and what is kept, were as they
 * are: it is read, too.
 */
import { concatBytes, u32le, utf8ToBytes } from "#protocol/bytes.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { valueDepthMax } from "#protocol/limits.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import { VaultError } from "../vault/errors.ts";
import type { ItemAward } from "./happenings.ts";
import type { SavedKept } from "./kept.ts";
import type { SavedRules } from "./rules.ts";
import type { SavedCourse } from "./saved-course.ts";
import type { Perspective } from "./views.ts";

const labels = { 1: utf8ToBytes("phatroom course 1\0"), 2: utf8ToBytes("phatroom course 2\0") } as const;

/** A timer's payload inside a timer inside the rules. */
const depthMax = valueDepthMax + 6;

/** Awards in one piece: of what a contract gives, each has a few nodes. */
const awardsPerPiece = 512;

type Rules = Omit<SavedRules, "instance">;

/** `SavedCourse` with its large parts packed. */
type Head<RulesOf> = Omit<SavedCourse, "views" | "outcomes" | "rules"> & {
  readonly outcomes: readonly (readonly [player: PlayerId, outcomes: Uint8Array])[];
  readonly views: Omit<SavedCourse["views"], "newest"> & {
    readonly newest: readonly (readonly [perspective: Perspective, value: Uint8Array, stale: boolean])[];
  };
  readonly rules: RulesOf;
};

type PackedRules = Omit<Rules, "awarded" | "items" | "kept"> & {
  readonly awarded: Uint8Array;
  readonly items?: readonly Uint8Array[];
  readonly kept?: Omit<SavedKept, "going"> & { readonly going: readonly Uint8Array[] };
};

export function encodeCourse({ views, outcomes, rules: { instance, ...rules }, ...rest }: SavedCourse): Uint8Array {
  const head: Head<PackedRules> = {
    ...rest,
    outcomes: outcomes.map(([player, entries]) => [player, encodeMsgpack(entries)]),
    views: {
      ...views,
      newest: views.newest.map(([perspective, value, stale]) => [perspective, encodeMsgpack(value), stale]),
    },
    rules: packRules(rules),
  };
  const packed = encodeMsgpack(head);
  return concatBytes(labels[2], u32le(packed.length), packed, instance);
}

/** @throws VaultError "damaged". The bytes were sealed by a worker: what does not fit is a version that is not ours. */
export function decodeCourse(bytes: Uint8Array): SavedCourse {
  const version = ([1, 2] as const).find((one) => labels[one].every((byte, i) => bytes[i] === byte));
  if (version === undefined) throw new VaultError("damaged", "another version of a course");
  const at = labels[version].length + 4;
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - 4, true);
    // Written by `encodeCourse`, by a worker that holds this room's key: it is what it was when it was packed.
    const head: unknown = decodeMsgpack(bytes.subarray(at, at + length), depthMax);
    const { views, outcomes, rules, ...rest } = head as Head<Rules | PackedRules>;
    return {
      ...rest,
      outcomes: outcomes.map(([player, entries]) => [player, decodeMsgpack(entries) as unknown as OutcomeEntry[]]),
      views: {
        ...views,
        newest: views.newest.map(([perspective, value, stale]) => [perspective, decodeMsgpack(value) as Value, stale]),
      },
      rules: {
        ...(version === 1 ? (rules as Rules) : unpackRules(rules as PackedRules)),
        instance: bytes.slice(at + length),
      },
    };
  } catch (error) {
    throw new VaultError("damaged", error instanceof Error ? error.message : "no course");
  }
}

function packRules({ awarded, items, kept, ...rest }: Rules): PackedRules {
  return {
    ...rest,
    awarded: encodeMsgpack(awarded),
    ...(items === undefined ? {} : { items: inPieces(items, awardsPerPiece).map(encodeMsgpack) }),
    ...(kept === undefined ? {} : { kept: { ...kept, going: kept.going.map(encodeMsgpack) } }),
  };
}

function unpackRules({ awarded, items, kept, ...rest }: PackedRules): Rules {
  const unpack = <T>(piece: Uint8Array): T => decodeMsgpack(piece) as T;
  return {
    ...rest,
    awarded: unpack(awarded),
    ...(items === undefined ? {} : { items: items.flatMap((piece) => unpack<readonly ItemAward[]>(piece)) }),
    ...(kept === undefined
      ? {}
      : { kept: { ...kept, going: kept.going.map((piece) => unpack<SavedKept["going"][number]>(piece)) } }),
  };
}

function inPieces<T>(all: readonly T[], length: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length));
}
