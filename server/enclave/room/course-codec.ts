/**
 * Bytes of a saved course, as a snapshot's body holds them.
 *
 * ```text
 * course = [label "phatroom course 1\0"] [length u32 le] [head: MessagePack] [instance snapshot]
 * ```
 *
 * What grows with players (views, outcomes, what is kept for them) or with time (awards) is MessagePack in MessagePack, so
 * that each piece keeps to the limits that every other value keeps to. Earlier workers wrote awards, and what is kept, as
 * they are: that is read, too.
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

const label = utf8ToBytes("phatroom course 1\0");

/** A timer's payload inside a timer inside the rules. */
const depthMax = valueDepthMax + 6;

/** Awards in one piece: of what a contract gives, each has a few nodes. */
const awardsPerPiece = 512;

/** `SavedCourse` with its large parts packed. */
type Head = Omit<SavedCourse, "views" | "outcomes" | "rules"> & {
  readonly outcomes: readonly (readonly [player: PlayerId, outcomes: Uint8Array])[];
  readonly views: Omit<SavedCourse["views"], "newest"> & {
    readonly newest: readonly (readonly [perspective: Perspective, value: Uint8Array, stale: boolean])[];
  };
  readonly rules: PackedRules;
};

type PackedRules = Omit<SavedRules, "instance" | "awarded" | "items" | "kept"> & {
  readonly awarded: Packed<readonly string[]>;
  readonly items?: readonly (Packed<readonly ItemAward[]> | ItemAward)[];
  readonly kept?: Omit<SavedKept, "going"> & { readonly going: readonly (Packed<Going> | Going)[] };
};

type Going = SavedKept["going"][number];

/** As its bytes, or as it is. */
type Packed<T> = Uint8Array | T;

export function encodeCourse({ views, outcomes, rules: { instance, ...rules }, ...rest }: SavedCourse): Uint8Array {
  const head: Head = {
    ...rest,
    outcomes: outcomes.map(([player, entries]) => [player, encodeMsgpack(entries)]),
    views: {
      ...views,
      newest: views.newest.map(([perspective, value, stale]) => [perspective, encodeMsgpack(value), stale]),
    },
    rules: packRules(rules),
  };
  const packed = encodeMsgpack(head);
  return concatBytes(label, u32le(packed.length), packed, instance);
}

/** @throws VaultError "damaged". The bytes were sealed by a worker: what does not fit is a version that is not ours. */
export function decodeCourse(bytes: Uint8Array): SavedCourse {
  if (label.some((byte, i) => bytes[i] !== byte)) throw new VaultError("damaged", "another version of a course");
  const at = label.length + 4;
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(label.length, true);
    // Written by `encodeCourse`, by a worker that holds this room's key: it is what it was when it was packed.
    const { views, outcomes, rules, ...rest } = decodeMsgpack(
      bytes.subarray(at, at + length),
      depthMax,
      length,
    ) as unknown as Head;
    return {
      ...rest,
      outcomes: outcomes.map(([player, entries]) => [player, decodeMsgpack(entries) as unknown as OutcomeEntry[]]),
      views: {
        ...views,
        newest: views.newest.map(([perspective, value, stale]) => [perspective, decodeMsgpack(value) as Value, stale]),
      },
      rules: { ...unpackRules(rules), instance: bytes.slice(at + length) },
    };
  } catch (error) {
    throw new VaultError("damaged", error instanceof Error ? error.message : "no course");
  }
}

function packRules({ awarded, items, kept, ...rest }: Omit<SavedRules, "instance">): PackedRules {
  return {
    ...rest,
    awarded: encodeMsgpack(awarded),
    ...(items === undefined ? {} : { items: inPieces(items, awardsPerPiece).map(encodeMsgpack) }),
    ...(kept === undefined ? {} : { kept: { ...kept, going: kept.going.map(encodeMsgpack) } }),
  };
}

function unpackRules({ awarded, items, kept, ...rest }: PackedRules): Omit<SavedRules, "instance"> {
  return {
    ...rest,
    awarded: unpacked(awarded),
    ...(items === undefined
      ? {}
      : { items: items.flatMap((piece) => unpacked<readonly ItemAward[] | ItemAward>(piece)) }),
    ...(kept === undefined ? {} : { kept: { ...kept, going: kept.going.map((going) => unpacked(going)) } }),
  };
}

function inPieces<T>(all: readonly T[], length: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, i) => all.slice(i * length, (i + 1) * length));
}

const unpacked = <T>(packed: Packed<T>): T => (packed instanceof Uint8Array ? (decodeMsgpack(packed) as T) : packed);
