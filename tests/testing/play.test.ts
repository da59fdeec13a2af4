import * as v from "valibot";
import { expect, test } from "vitest";
import { accept, refuse, type Contract } from "#contract/contract.ts";
import { inProcess } from "#testing/in-process.ts";
import { playRoom } from "#testing/play.ts";

interface Bell {
  rings: number;
  away: number;
}

/** Rings a bell that the other one hears, and every second by itself. */
const bell: Contract<Bell, { readonly ring: number }, { readonly rings: number; readonly away: number }> = {
  name: "bell",
  players: { min: 1, max: 2 },
  spectators: 1,
  presence: "any",
  graceMs: 5000,
  options: { tone: ["high", "low"] },
  moves: v.strictObject({ ring: v.pipe(v.number(), v.minValue(1)) }),
  open: () => ({ rings: 0, away: 0 }),
  join: (_state, _player, context) => context.schedule("hour", context.seconds(1)),
  dropped: (state) => void state.away++,
  returned: (state) => void state.away--,
  timer(state, _timer, context) {
    state.rings++;
    context.schedule("hour", context.seconds(1));
  },
  apply(state, { ring }, context) {
    if (ring === 13) throw new Error("bad luck");
    if (ring > 3) return refuse("That is too loud.");
    state.rings += ring;
    context.send("everyone", { from: context.player.seat, tone: context.options["tone"]! });
    if (ring === 3) context.award(context.player, "bell", { once: "loud" });
    if (ring === 2) context.end({ rings: state.rings });
    return accept(state);
  },
  view: ({ rings, away }) => ({ rings, away }),
};

test("a room is played by hand: moves are answered, views and messages arrive, time passes when told", () => {
  const room = playRoom(bell, { options: { tone: "low" } });
  const ann = room.join("Ann");
  const eve = room.watch("Eve");
  expect([ann.seat, eve.seat, room.phase]).toEqual([0, null, "playing"]);
  expect(ann.move({ ring: 1 })).toEqual({ accepted: true });
  expect(ann.move({ ring: 9 })).toEqual({ accepted: false, reason: "That is too loud." });
  expect(ann.move("ding")).toMatchObject({ accepted: false });
  expect(eve.move({ ring: 1 })).toMatchObject({ accepted: false });
  expect(eve.sent).toEqual([{ from: 0, tone: "low" }]);
  expect(eve.view).toEqual({ rings: 1, away: 0 });
  room.advance(3.5);
  expect(eve.view.rings).toBe(4);
  expect(room.state).toEqual({ rings: 4, away: 0 });
  expect(room.tick).toBeGreaterThan(150);
});

test("awards go to the one who earned them", () => {
  const room = playRoom(bell);
  const [ann, ben] = [room.join(), room.join()];
  ann.move({ ring: 3 });
  expect(ann.awards).toEqual([{ item: "bell", once: "loud" }]);
  expect(ben.awards).toEqual([]);
});

test("people drop, return, open a second window and leave", () => {
  const room = playRoom(bell);
  const [ann, ben] = [room.join("Ann"), room.join("Ben")];
  ben.drop();
  expect(ann.view.away).toBe(1);
  expect(() => ben.view).not.toThrow();
  ben.join();
  expect([ann.view.away, ben.view.away]).toEqual([0, 0]);
  ben.join();
  expect(ben.move({ ring: 1 })).toEqual({ accepted: true });
  ben.leave();
  expect(ben.closed).toBe("left");
  expect(ann.roster.map(({ name }) => name)).toEqual(["Ann"]);
  expect(room.listing).toMatchObject({ taken: 1, free: 1 });
});

test("who is not let in sees why", () => {
  const room = playRoom(bell);
  for (const name of ["Ann", "Ben"]) room.join(name);
  const third = room.join("Cem");
  expect(third.closed).toBe("room-full");
  expect(() => third.view).toThrow(/room-full/);
  room.watch();
  expect(room.watch().closed).toBe("watching-refused");
});

test("a room ends with a result, and moves are answered after it", () => {
  const room = playRoom(bell);
  const ann = room.join();
  ann.move({ ring: 2 });
  expect(room.phase).toBe("ended");
  expect(ann.status?.ended).toEqual({ how: "finished", result: { rings: 2 } });
  expect(ann.move({ ring: 1 })).toMatchObject({ accepted: false });
});

test("a paused room says so instead of answering", () => {
  const room = playRoom({ ...bell, presence: "all" });
  const [ann, ben] = [room.join(), room.join()];
  ben.drop();
  expect(() => ann.move({ ring: 1 })).toThrow(/paused/);
});

test("a rule that throws is shown with the author's stack, and the room goes on without that move", () => {
  const room = playRoom(bell);
  const ann = room.join();
  expect(() => ann.move({ ring: 13 })).toThrow(/bad luck[\s\S]*play\.test\.ts/);
  expect(ann.move({ ring: 1 })).toEqual({ accepted: true });
  expect(ann.view.rings).toBe(1);
});

test("seeds make the room's randomness", () => {
  const dice: Contract<{ roll: number }, never, number> = {
    name: "dice",
    players: { min: 1, max: 1 },
    moves: v.never(),
    open: (context) => ({ roll: context.random.below(1_000_000) }),
    apply: accept,
    view: ({ roll }) => roll,
  };
  const roll = (seed: string): number => playRoom(dice, { seed }).join().view;
  expect(roll("a")).toBe(roll("a"));
  expect(roll("a")).not.toBe(roll("b"));
});

test.for<[string, object]>([
  ["no rules", { name: "x", players: { min: 1, max: 1 } }],
  ["a name that is none", { ...bell, name: "Not A Name" }],
  ["more seats than there are", { ...bell, players: { min: 2, max: 1 } }],
  [
    "a schema that waits",
    {
      ...bell,
      moves: v.pipeAsync(
        v.string(),
        v.checkAsync(async () => true),
      ),
    },
  ],
])("a contract with %s is refused", ([, wrong]) => {
  expect(() => playRoom(wrong as typeof bell)).toThrow(expect.objectContaining({ code: "bundle-refused" }));
});

const key = new Uint8Array(32).fill(1);
const ann = { id: "a".repeat(32), seat: 0 };

test("an instance goes on from its snapshot as if nothing had happened", () => {
  const contract = inProcess(bell);
  const instance = contract.instantiate();
  instance.call({ call: "open", tick: 0, key, options: { tone: "high" } });
  instance.call({ call: "join", tick: 0, key, player: ann });
  instance.call({ call: "move", tick: 1, player: ann, move: { ring: 1 } });
  const copy = contract.restore(instance.snapshot());
  expect(copy.state).toEqual(instance.state);
  expect(copy.state).not.toBe(instance.state);
});

test("an instance that has faulted answers nothing any more", () => {
  const instance = inProcess(bell).instantiate();
  const faulted = expect.objectContaining({ code: "call-faulted" });
  expect(() => instance.call({ call: "join", tick: 0, key, player: ann })).toThrow(faulted);
  expect(() => instance.call({ call: "open", tick: 0, key, options: {} })).toThrow(faulted);
});

test("bytes that are no snapshot are refused", () => {
  expect(() => inProcess(bell).restore(Uint8Array.of(1, 2, 3))).toThrow(
    expect.objectContaining({ code: "snapshot-refused" }),
  );
});
