/** Nobody in Skirmish is told what they cannot see; a fault in who sees what is found. */
import { beforeAll, expect, test } from "vitest";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { secrecyTestCompiled, type SecrecyReport } from "#testing/secrecy.ts";
import { SecrecyError } from "#testing/secrecy-error.ts";
import * as components from "../../../contracts/skirmish/components.ts";
import { rowsOf, skirmishContract } from "./arena.ts";
import { arranged } from "./arranged.ts";
import { skirmishSecrecy } from "./entitled.ts";

const { Fighter, Find, Gear, Shot } = components;
let contract: LoadedContract;

beforeAll(async () => {
  contract = await skirmishContract();
}, 240_000);

const play = (loaded: LoadedContract, steps: number): SecrecyReport =>
  secrecyTestCompiled({ loaded, components }, { ...skirmishSecrecy(), steps, stepsPerGame: 50 });

test("walls, distance and what nobody has found keep their secrets, byte for byte", { timeout: 120_000 }, () => {
  const { gamesVaried, framesCompared } = play(contract, 100);
  expect(gamesVaried).toBeGreaterThan(1);
  expect(framesCompared.players).toBeGreaterThan(60);
});

const faulty = (fault: () => void): LoadedContract => arranged(contract, fault);

const seats = (): number[] => rowsOf(Fighter).map((row) => Fighter.owner[row]!);

const faults: readonly (readonly [string, () => void])[] = [
  [
    "somebody near is seen through walls",
    () => {
      for (const row of rowsOf(Fighter)) {
        for (const other of rowsOf(Fighter)) {
          const distance = Math.hypot(Fighter.x[row]! - Fighter.x[other]!, Fighter.z[row]! - Fighter.z[other]!);
          if (row !== other && distance < 20) Fighter.reveal(other, Fighter.owner[row]!);
        }
      }
    },
  ],
  [
    "shots are seen from everywhere",
    () => rowsOf(Shot).forEach((shot) => seats().forEach((s) => Shot.reveal(shot, s))),
  ],
  [
    "what lies about is seen by all",
    () => seats().forEach((seat) => rowsOf(Find).forEach((row) => Find.reveal(row, seat))),
  ],
  [
    "the number of shots in the air stands among the walls nearby",
    () => rowsOf(Gear).forEach((row) => (Gear.nearby[row] = rowsOf(Shot).length)),
  ],
  [
    "somebody's health stands in everybody's own row",
    () => {
      const [first] = rowsOf(Fighter);
      for (const row of rowsOf(Gear)) Gear.column[row] = Fighter.health[first!]!;
    },
  ],
];

test.for(faults)("that %s is found", { timeout: 120_000 }, ([, fault]) => {
  let found: unknown;
  try {
    play(faulty(fault), 400);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(SecrecyError);
  expect((found as SecrecyError).code).toBe("leak");
});
