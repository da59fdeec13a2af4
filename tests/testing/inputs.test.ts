/** The testing kit pushes input rows: by hand, and in the secrecy test, which finds what they give away. */
import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, component, everyone, i8, owner, refuse, u8, type Contract } from "#contract/index.ts";
import { playRoom } from "#testing/play.ts";
import { secrecyTest } from "#testing/secrecy.ts";
import { SecrecyError } from "#testing/secrecy-error.ts";
import * as pushing from "../contracts/fixtures/push/components.ts";
import { push } from "../contracts/fixtures/push/push.ts";

test("a test pushes, and sees what comes of it", () => {
  const room = playRoom(push);
  const ann = room.join();
  const ben = room.join();
  ann.push({ x: 100 });
  expect(ann.acknowledged).toEqual({ applied: 1, ahead: 32 });
  room.advance(0.5);
  const [first] = ben.rows("Body");
  expect(first!["x"]).toBeGreaterThan(1);
  ann.push({ x: 0, fire: 1 });
  room.advance(2);
  expect(ben.rows("Body")[0]).toMatchObject({ shots: 1 });
  expect(room.inside(() => pushing.Push.x[0])).toBe(0);
  expect(() => ann.push({ shots: 1 })).toThrow(TypeError);
  expect(() => ann.push({ seen: 1 })).toThrow(TypeError);
});

/** Players walk in the open and lay traps that only they know of. */
function ambush(leak: "none" | "count" | "pace") {
  const Body = component({ x: i8, laid: u8 }, { capacity: 4, audience: everyone });
  const Trap = component({ x: i8 }, { capacity: 64, audience: owner });
  const Push = component({ x: i8, lay: u8 }, { capacity: 4 });
  const contract: Contract<{ lay: number[]; traps: number }, never, object> = {
    name: "ambush",
    players: { min: 2, max: 4 },
    pace: "ticks",
    hz: 10,
    presence: "any",
    graceMs: 1000,
    components: { Body, Trap, Push },
    input: "Push",
    moves: v.never(),
    open: () => ({ lay: [0, 0, 0, 0], traps: 0 }),
    join: (_state, { seat }) => void Body.spawn(seat),
    leave: (_state, { seat }) => {
      Body.despawn(Body.owner.indexOf(seat));
      for (let row = 0; row < Trap.capacity; row++) if (Trap.owner[row] === seat) Trap.despawn(row);
    },
    apply: (state) => (state.traps < 0 ? accept(state) : refuse("nobody moves")),
    tick(state, context) {
      for (let row = 0; row < Body.capacity; row++) {
        if (Body.live[row] === 0) continue;
        const seat = Body.owner[row]!;
        Body.x[row] = Math.max(-100, Math.min(100, Body.x[row]! + Math.sign(Push.x[seat]!)));
        if (Push.lay[seat] === state.lay[seat]) continue;
        state.lay[seat] = Push.lay[seat]!;
        if (state.lay[seat] === 0) continue;
        const trap = Trap.spawn(seat);
        if (trap !== -1) Trap.x[trap] = Body.x[row]!;
        if (leak === "count") Body.laid[row]! += 1;
        if (leak === "pace") context.send("everyone", null);
      }
    },
    view: () => ({}),
  };
  const knows = (state: { lay: number[] }, viewer: { kind: string; seat?: number }): unknown =>
    viewer.kind === "spectator" ? null : [state.lay[viewer.seat!], Trap.owner.join() === "" ? [] : own(viewer.seat!)];
  const own = (seat: number): number[] =>
    Array.from({ length: Trap.capacity }, (_, row) => row)
      .filter((row) => Trap.live[row] === 1 && Trap.owner[row] === seat)
      .map((row) => Trap.x[row]!);
  return secrecyTest(contract, {
    knows: knows as never,
    move: () => null,
    push: ({ random }) => ({ x: random.below(3) - 1, lay: random.below(4) }),
    varyPush: ({ wanted, random }) => ({ ...wanted, lay: random.below(4) }),
    steps: 300,
    stepsPerGame: 60,
    seed: "ambush",
  });
}

test("what is pushed in secret shows nobody anything", () => {
  const { gamesVaried, framesCompared } = ambush("none");
  expect(gamesVaried).toBeGreaterThan(1);
  expect(framesCompared.players).toBeGreaterThan(100);
});

test.for(["count", "pace"] as const)("a leak of what was pushed is found: %s", (leak) => {
  expect(() => ambush(leak)).toThrow(SecrecyError);
});
