/** Judges models: what the client expects of each, what each may cost, and whether it is the file that was reviewed. */
import {
  bones,
  clips,
  clipNames,
  clipRate,
  modelFiles,
  parts,
  slots,
  surfaces,
  type Clip,
  type Part,
} from "#world/avatars/catalogue.ts";
import {
  budgets,
  bytesTogetherMax,
  extensionsKnown,
  kindOf,
  partReachMax,
  textureSideMax,
  type Kind,
} from "./budgets.ts";
import type { Facts } from "./inspect.ts";

/** What is wrong with a model. */
export type Fault =
  | "unknown-file"
  | "missing-file"
  | "not-the-kept-bytes"
  | "too-many-bytes"
  | "too-many-triangles"
  | "too-large-texture"
  | "unknown-extension"
  | "more-than-one-mesh"
  | "more-than-one-material"
  | "wrong-slots"
  | "wrong-bones"
  | "wrong-clips"
  | "unknown-surface"
  | "out-of-reach"
  | "too-many-bytes-together";

/** What is kept beside the models, in hashes.json. */
export interface Kept {
  readonly sha256: string;
  readonly bytes: number;
  readonly triangles: number;
}

export interface Found {
  readonly sha256: string;
  readonly bytes: number;
  readonly facts: Facts;
}

/** Faults by file, sorted; none for a set of models that may be shipped. */
export function validate(
  found: ReadonlyMap<string, Found>,
  kept: { readonly [file: string]: Kept },
): [string, Fault][] {
  const faults: [string, Fault][] = [];
  for (const file of new Set([...modelFiles, ...Object.keys(kept)])) {
    if (!found.has(file)) faults.push([file, "missing-file"]);
  }
  for (const [file, model] of found) {
    const kind = kindOf(file);
    const known = kept[file];
    if (kind === undefined || known === undefined || !modelFiles.includes(file)) {
      faults.push([file, "unknown-file"]);
      continue;
    }
    if (known.sha256 !== model.sha256 || known.bytes !== model.bytes || known.triangles !== model.facts.triangles) {
      faults.push([file, "not-the-kept-bytes"]);
    }
    faults.push(...faultsOf(file, kind, model).map((fault): [string, Fault] => [file, fault]));
  }
  const together = [...found.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  if (together > bytesTogetherMax) faults.push(["", "too-many-bytes-together"]);
  return faults.sort(([a, x], [b, y]) => (a + x < b + y ? -1 : 1));
}

function faultsOf(file: string, kind: Kind, { bytes, facts }: Found): Fault[] {
  const budget = budgets[kind];
  const checks: readonly [Fault, boolean][] = [
    ["too-many-bytes", bytes <= budget.bytes],
    ["too-many-triangles", facts.triangles <= budget.triangles],
    ["too-large-texture", facts.textures.every((side) => side <= textureSideMax)],
    ["unknown-extension", facts.extensions.every((name) => extensionsKnown.has(name))],
    ["more-than-one-mesh", facts.meshes === (kind === "rig" ? 0 : 1)],
    ["more-than-one-material", facts.materials <= 1],
    ["unknown-surface", [...facts.alphas].every(isSurface)],
    ...(kind === "rig"
      ? rigChecks(facts)
      : kind === "part" || kind === "scenery"
        ? stillChecks(file, kind, facts)
        : avatarChecks(facts)),
  ];
  return checks.flatMap(([fault, holds]) => (holds ? [] : [fault]));
}

/** Eight bits cannot hold one half. */
const isSurface = (alpha: number): boolean =>
  Object.values(surfaces).some((surface) => Math.abs(surface - alpha) < 1 / 255);

function avatarChecks({ slots: found, bones: joints, clips: moves, low, high }: Facts): [Fault, boolean][] {
  return [
    ["wrong-slots", same(found, slots)],
    ["wrong-bones", same(joints, bones)],
    ["wrong-clips", moves.size === 0],
    // Feet on the ground or above it, and no taller than a doorway.
    ["out-of-reach", low[1] > -0.02 && high[1] > 1.4 && high[1] < 2.1 && low[0] > -0.8 && high[0] < 0.8],
  ];
}

/** The bones of a rig without a skin are its nodes, which the client's reader asks for by name. */
function rigChecks({ clips: moves }: Facts): [Fault, boolean][] {
  const lasts = (clip: Clip): boolean => Math.abs((moves.get(clip) ?? 0) * clipRate - clips[clip].frames) < 0.01;
  return [["wrong-clips", same([...moves.keys()], clipNames) && clipNames.every(lasts)]];
}

function stillChecks(
  file: string,
  kind: Kind,
  { slots: found, bones: joints, clips: moves, low, high }: Facts,
): [Fault, boolean][] {
  const name = file.slice(`${kind}-`.length, -".glb".length);
  const expected = kind === "part" ? [parts[name as Part] as string] : [];
  const reach = Math.max(...low.map(Math.abs), ...high.map(Math.abs));
  return [
    ["wrong-slots", same(found, expected)],
    ["wrong-bones", joints.length === 0],
    ["wrong-clips", moves.size === 0],
    ["out-of-reach", kind !== "part" || reach <= partReachMax],
  ];
}

const same = (found: readonly string[], expected: readonly string[]): boolean =>
  found.length === expected.length && [...found].sort().join() === [...expected].sort().join();
