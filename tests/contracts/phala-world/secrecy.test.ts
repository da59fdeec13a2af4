/** Whoever was not spoken to and has not come close gets the same bytes, whatever is said and wherever things lie. */
import { expect, test, vi } from "vitest";
import { secrecyTest } from "#testing/secrecy.ts";
import { Treasure } from "../../../contracts/phala-world/components.ts";
import { phalaWorld, type Move, type State, type View } from "../../../contracts/phala-world/phala-world.ts";
import type { Contract } from "#contract/index.ts";
import { hubSecrecy, watchedHub } from "./entitled.ts";

/** `npm run deep -- secrecy-hub` takes many more. */
const steps = 90;

/** These count steps, not seconds; a busy machine may take long. */
vi.setConfig({ testTimeout: 300_000 });

test("what is said to others and lies elsewhere stays secret", () => {
  const report = secrecyTest(watchedHub(), { ...hubSecrecy, steps, stepsPerGame: 60 });
  expect(report.steps).toBe(steps);
  expect(report.gamesVaried).toBeGreaterThan(0);
  expect(report.framesCompared.players + report.framesCompared.spectators).toBeGreaterThan(20);
});

const said = "of what is said, to everybody";

/** Rules that give something away. */
const leaks: Readonly<Record<string, Contract<State, Move, View>>> = {
  [said]: {
    ...phalaWorld,
    apply(state, move, context) {
      const outcome = phalaWorld.apply(state, move, context);
      if (outcome.accepted && move.do === "say") context.send("everyone", { length: move.text.length });
      return outcome;
    },
  },
  "of what lies where, to all players": {
    ...phalaWorld,
    tick(state, context) {
      phalaWorld.tick!(state, context);
      for (const player of context.players) Treasure.reveal(0, player.seat);
    },
  },
};

test.for(Object.entries(leaks))("a leak %s is found", ([name, rules]) => {
  const { vary, redeal, ...rest } = hubSecrecy;
  const ways = name === said ? { vary: vary! } : { redeal: redeal! };
  const play = (): unknown => secrecyTest(watchedHub(rules), { ...rest, ...ways, steps: 600, stepsPerGame: 60 });
  expect(play).toThrow(expect.objectContaining({ code: "leak" }));
});
