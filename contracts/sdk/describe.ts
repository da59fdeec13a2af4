/** What a contract declares, with every default filled in. The host checks it: nothing here is trusted by anybody. */
import type { Manifest } from "#protocol/manifest.ts";
import { layoutsOf } from "./components.ts";
import type { AnyContract } from "./contract.ts";

/** Rooms of up to this many seats pause while a seated player is absent, unless they say otherwise. */
const smallRoom = 8;

/** What `phatroom build` makes beside a contract, and the contract is bound to. */
export interface Built {
  /** SHA-256 of the module by which clients predict, in hex. */
  readonly predict?: string;
}

export function describeContract(contract: AnyContract, built: Built = {}): Manifest {
  const pace = contract.pace ?? "turns";
  return {
    abi: "room-wasm v1",
    name: contract.name,
    players: { min: contract.players?.min, max: contract.players?.max },
    spectators: contract.spectators ?? 100,
    pace,
    hz: contract.hz ?? (pace === "turns" ? 50 : 20),
    presence: contract.presence ?? (contract.players?.max <= smallRoom ? "all" : "any"),
    graceMs: contract.graceMs ?? 60_000,
    pauseMs: contract.pauseMs ?? 180_000,
    options: contract.options ?? {},
    frameBytes: contract.frameBytes ?? (pace === "turns" ? 1024 : 0),
    memoryPages: contract.memoryPages ?? 256,
    fuel: contract.fuel ?? 20_000_000,
    tables: layoutsOf(contract.components ?? {}),
    ...(contract.reveal === undefined || contract.reveal === "never" ? {} : { reveal: contract.reveal }),
    ...(contract.records === true ? { records: true } : {}),
    ...(contract.items === undefined ? {} : { items: true }),
    ...(contract.collections === undefined ? {} : { collections: contract.collections }),
    ...((contract.requests ?? []).length === 0 ? {} : { requests: contract.requests! }),
    ...(contract.input === undefined ? {} : { input: contract.input }),
    ...(built.predict === undefined ? {} : { predict: built.predict }),
  };
}

/** @throws TypeError naming what is missing: an author reads it. */
export function checkShape(contract: AnyContract): void {
  if (typeof contract !== "object" || contract === null) throw new TypeError("a contract is an object");
  for (const rule of ["open", "apply", "view"] as const) {
    if (typeof contract[rule] !== "function") throw new TypeError(`a contract has a function ${rule}`);
  }
  for (const rule of [
    "join",
    "leave",
    "dropped",
    "returned",
    "tick",
    "timer",
    "answer",
    "consumed",
    "items",
    "abandon",
    "save",
    "migrate",
  ] as const) {
    if (contract[rule] !== undefined && typeof contract[rule] !== "function") {
      throw new TypeError(`${rule} must be a function if it is there`);
    }
  }
  if (typeof contract.moves?.["~standard"]?.validate !== "function") {
    throw new TypeError("moves must be a Standard Schema, such as one made with valibot, zod or arktype");
  }
}
