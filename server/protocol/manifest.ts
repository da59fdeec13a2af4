/** What a contract declares, what a world is, and the hashes that name them. */
import { sha256 } from "@noble/hashes/sha2.js";
import { collectionTermsLimits, readCollections, type CollectionTerms } from "./award.ts";
import { lengthPrefixed, u32le, utf8ToBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { frameBuckets } from "./limits.ts";
import { isPlace, requestLimits } from "./request.ts";
import { checkTables } from "./check-tables.ts";
import { inputProblem } from "./input-row.ts";
import type { TableLayout } from "./tables.ts";
import { isRecord } from "./value.ts";

/**
 * Canonical: the JSON of these fields in this order, without white space. Times are in milliseconds so that no unit is
 * ever guessed.
 */
export interface Manifest {
  readonly abi: "room-wasm v1";
  readonly name: string;
  /** Seats. The room plays once `min` are taken. */
  readonly players: { readonly min: number; readonly max: number };
  /** Spectators admitted at once; 0 means nobody may watch. */
  readonly spectators: number;
  /** `turns`: boundaries every 20 ms, and only when something is due. `ticks`: `tick` is called `hz` times a second. */
  readonly pace: "turns" | "ticks";
  /** Boundaries per second; 50 for `turns`. */
  readonly hz: number;
  /** `all`: the room pauses while a seated player is absent. `any`: it goes on. */
  readonly presence: "all" | "any";
  /** How long a dropped player's seat is held before it counts as left. */
  readonly graceMs: number;
  /** How long all absences of one player may pause an `all` room, in total. */
  readonly pauseMs: number;
  /** What a room may be created with, and what the gateway's lobby may see and filter: enumerations only. */
  readonly options: { readonly [name: string]: readonly string[] };
  /** Plaintext size of every frame to a viewer; 0: padded to the next bucket instead. */
  readonly frameBytes: number;
  /** Largest memory of one room, in 64 KiB pages. */
  readonly memoryPages: number;
  /** Work one call may cost, in units of the hardener: about one per instruction, the same on every machine. */
  readonly fuel: number;
  /** What the room's entities consist of, by name. */
  readonly tables: readonly TableLayout[];
  /**
   * `at-end`: when the rules have ended a room, its whole log is revealed to everybody, inputs and randomness included.
   * Absent: never.
   */
  readonly reveal?: "at-end";
  /** Whether something is kept for players between rooms; see `travel.ts`. Absent: nothing is. */
  readonly records?: true;
  /** Places outside that the rules may ask, in order; see `request.ts`. Absent: none. */
  readonly requests?: readonly string[];
  /** Collections of items that the rules award, by symbol; see `award.ts`. Absent: none. */
  readonly collections?: { readonly [symbol: string]: CollectionTerms };
  /** Whether the rules are told what players own on the world's chain; see `held-item.ts`. Absent: they are not. */
  readonly items?: true;
  /** The table that players write, one row for each seat; see `input-row.ts`. Absent: none. */
  readonly input?: string;
  /** SHA-256 of the module by which clients predict their own rows, 64 hex digits. Absent: there is none. */
  readonly predict?: string;
}

export const manifestLimits = {
  nameLength: 32,
  seats: 1024,
  spectators: 1000,
  hz: 60,
  graceMs: 30 * 60_000,
  pauseMs: 24 * 60 * 60_000,
  options: 8,
  optionValues: 16,
  memoryPages: 1024,
  fuel: 200_000_000,
} as const;

/** @throws ProtocolError "malformed", naming the field: an author reads it. */
export function checkManifest(value: unknown): Manifest {
  const fail = (field: string, want: string): never => {
    throw new ProtocolError("malformed", `manifest: ${field} must be ${want}`);
  };
  if (!isRecord(value)) return fail("it", "an object");
  const whole = (source: unknown, field: string, min: number, max: number): number => {
    if (typeof source === "number" && Number.isInteger(source) && source >= min && source <= max) return source;
    return fail(field, `a whole number from ${min} to ${max}`);
  };
  const oneOf = <T extends string | boolean>(source: unknown, field: string, choices: readonly T[]): T =>
    choices.find((choice) => choice === source) ?? fail(field, choices.map((choice) => `"${choice}"`).join(" or "));

  const { name, players, options } = value;
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]*$/.test(name) || name.length > manifestLimits.nameLength) {
    return fail("name", `1 to ${manifestLimits.nameLength} lower-case letters, digits and dashes`);
  }
  if (!isRecord(players)) return fail("players", "{ min, max }");
  const min = whole(players["min"], "players.min", 1, manifestLimits.seats);
  const max = whole(players["max"], "players.max", min, manifestLimits.seats);
  const frameBytes = whole(value["frameBytes"], "frameBytes", 0, 65_519);
  if (frameBytes !== 0 && !(frameBuckets as readonly number[]).includes(frameBytes)) {
    return fail("frameBytes", `0 or one of ${frameBuckets.join(", ")}`);
  }
  const pace = oneOf(value["pace"], "pace", ["turns", "ticks"]);
  const tables = checkTables(value["tables"] ?? [], { seats: max, frameBytes });
  const { input, predict } = value;
  if (predict !== undefined && (typeof predict !== "string" || !/^[0-9a-f]{64}$/.test(predict) || input === undefined))
    return fail("predict", "64 hex digits, beside an input");
  return {
    abi: oneOf(value["abi"], "abi", ["room-wasm v1"]),
    name,
    players: { min, max },
    spectators: whole(value["spectators"], "spectators", 0, manifestLimits.spectators),
    pace,
    hz: pace === "turns" ? whole(value["hz"], "hz", 50, 50) : whole(value["hz"], "hz", 1, manifestLimits.hz),
    presence: oneOf(value["presence"], "presence", ["all", "any"]),
    graceMs: whole(value["graceMs"], "graceMs", 0, manifestLimits.graceMs),
    pauseMs: whole(value["pauseMs"], "pauseMs", 0, manifestLimits.pauseMs),
    options: checkOptions(options, fail),
    frameBytes,
    memoryPages: whole(value["memoryPages"], "memoryPages", 1, manifestLimits.memoryPages),
    fuel: whole(value["fuel"], "fuel", 100_000, manifestLimits.fuel),
    tables,
    ...(oneOf(value["reveal"] ?? "never", "reveal", ["never", "at-end"]) === "at-end" ? { reveal: "at-end" } : {}),
    ...(oneOf(value["records"] ?? false, "records", [true, false]) ? { records: true } : {}),
    ...(value["requests"] === undefined ? {} : { requests: checkPlaces(value["requests"], fail) }),
    ...(value["collections"] === undefined ? {} : { collections: checkCollections(value["collections"], fail) }),
    ...(oneOf(value["items"] ?? false, "items", [true, false]) ? { items: true } : {}),
    ...(input === undefined ? {} : { input: checkInput(input, pace, tables, max, fail) }),
    ...(predict === undefined ? {} : { predict }),
  };
}

function checkInput(
  name: unknown,
  pace: Manifest["pace"],
  tables: readonly TableLayout[],
  seats: number,
  fail: (field: string, want: string) => never,
): string {
  const table = tables.find((known) => known.name === name);
  if (pace !== "ticks" || table === undefined) return fail("input", "one of the tables of a contract that ticks");
  const problem = inputProblem(table, seats);
  return problem === undefined ? table.name : fail("input", `another: ${problem}`);
}

/** In the order of their UTF-16 units, whatever order they were declared in. */
function checkPlaces(value: unknown, fail: (field: string, want: string) => never): readonly string[] {
  const { places } = requestLimits;
  if (!Array.isArray(value) || value.length === 0 || value.length > places)
    return fail("requests", `1 to ${places} places`);
  const found = value.map((place: unknown) =>
    typeof place === "string" && isPlace(place) ? place : fail("requests", 'places like "https://api.example/scores/"'),
  );
  if (new Set(found).size < found.length) return fail("requests", "different places");
  return found.sort();
}

function checkCollections(
  value: unknown,
  fail: (field: string, want: string) => never,
): { readonly [symbol: string]: CollectionTerms } {
  const { collections, max } = collectionTermsLimits;
  const want =
    `1 to ${collections} collections like { SWORDS: { max: 1000, metadata: "ipfs://…" } }, by symbols of A-Z, 0-9 and _, ` +
    `of 1 to ${max} items each`;
  return readCollections(value) ?? fail("collections", want);
}

function checkOptions(value: unknown, fail: (field: string, want: string) => never): Manifest["options"] {
  if (!isRecord(value)) return fail("options", "an object");
  const names = Object.keys(value).sort();
  if (names.length > manifestLimits.options) return fail("options", `at most ${manifestLimits.options}`);
  const options: Record<string, readonly string[]> = {};
  for (const name of names) {
    const values = value[name];
    const word = /^[a-z0-9-]{1,24}$/;
    if (
      !word.test(name) ||
      !Array.isArray(values) ||
      values.length === 0 ||
      values.length > manifestLimits.optionValues
    ) {
      return fail(`options.${name}`, `1 to ${manifestLimits.optionValues} words`);
    }
    options[name] = values.map((item: unknown) =>
      typeof item === "string" && word.test(item) ? item : fail(`options.${name}`, "words of a-z, 0-9 and dashes"),
    );
  }
  return options;
}

/** A choice for every option a manifest declares; the first value where none was given. */
export type RoomOptions = { readonly [name: string]: string };

/** @throws ProtocolError "options-refused" for an option or a value that the manifest does not declare. */
export function chooseOptions(manifest: Pick<Manifest, "options">, wanted: unknown): RoomOptions {
  const asked = wanted === undefined || wanted === null ? {} : wanted;
  if (!isRecord(asked)) throw new ProtocolError("options-refused");
  for (const name of Object.keys(asked)) {
    if (!Object.hasOwn(manifest.options, name)) throw new ProtocolError("options-refused", "unknown option");
  }
  const chosen: Record<string, string> = {};
  for (const [name, values] of Object.entries(manifest.options)) {
    const value = Object.hasOwn(asked, name) ? asked[name] : values[0];
    if (typeof value !== "string" || !values.includes(value))
      throw new ProtocolError("options-refused", "unknown value");
    chosen[name] = value;
  }
  return chosen;
}

/** Input is a checked manifest, whose fields `checkManifest` built in canonical order. */
export const encodeManifest = (manifest: Manifest): Uint8Array => utf8ToBytes(JSON.stringify(manifest));

/** Names a contract: its manifest, its bundle and the engine that runs it. */
export const contractHash = (engineVersion: string, manifest: Manifest, bundle: Uint8Array): Uint8Array =>
  sha256(lengthPrefixed("phatroom/1/contract", engineVersion, encodeManifest(manifest), bundle));

/** What makes a world this world. Contracts are not in it: a world grows without changing its id. */
export interface WorldManifest {
  readonly name: string;
  /** Switches that only development worlds may have on. */
  readonly development: boolean;
  /**
   * Ed25519 public key of the moderator, 64 hex digits: reports are sealed to it, and whoever plays with it as their account
   * keeps order. Absent: nobody does.
   */
  readonly moderator?: string;
}

export const worldId = ({ name, development, moderator }: WorldManifest): Uint8Array =>
  sha256(
    lengthPrefixed(
      "phatroom/1/world",
      JSON.stringify({ name, development, ...(moderator === undefined ? {} : { moderator }) }),
    ),
  );

/** Who may upgrade a contract, and how long players are warned. By default nobody: frozen. */
export interface LineageTerms {
  readonly upgradeKeys: readonly Uint8Array[];
  readonly threshold: number;
  readonly noticeMs: number;
}

export const frozenLineage: LineageTerms = { upgradeKeys: [], threshold: 0, noticeMs: 0 };

/** Room keys derive from the lineage; another contract hash opens a room only through signed upgrade records. */
export const lineageId = (
  world: Uint8Array,
  firstContract: Uint8Array,
  terms: LineageTerms = frozenLineage,
): Uint8Array =>
  sha256(
    lengthPrefixed(
      "phatroom/1/lineage",
      world,
      firstContract,
      u32le(terms.upgradeKeys.length),
      ...terms.upgradeKeys,
      u32le(terms.threshold),
      u32le(terms.noticeMs),
    ),
  );
