/** What every engine must hold: one suite, run on each. The engine is given bundles of the contracts in the fixtures. */
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { buildContract } from "#cli/build-contract.ts";
import { encodeAnswer, type Answer, type Call, type Player, type Viewer } from "#contract/abi.ts";
import { SandboxError, type Engine, type Instance, type LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../contracts/fixtures/${name}.ts`, import.meta.url));

const ann: Player = { id: "a".repeat(32), seat: 0 };
const ben: Player = { id: "b".repeat(32), seat: 1 };
const viewers: Viewer[] = [{ kind: "player", ...ann }, { kind: "player", ...ben }, { kind: "spectator" }];
const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

const opening: Call[] = [
  { call: "open", tick: 0, key: key(1), options: { deck: "long" } },
  { call: "join", tick: 1, key: key(2), player: ann },
  { call: "join", tick: 2, key: key(3), player: ben },
];

const opened = (contract: LoadedContract): Instance => {
  const instance = contract.instantiate();
  for (const call of opening) instance.call(call);
  return instance;
};

const see = (instance: Instance, tick = 9): Answer => instance.call({ call: "view", tick, viewers });

const anyMove = fc.oneof(
  fc.constantFrom({ kind: "guess", guess: "higher" }, { kind: "guess", guess: "lower" }, { kind: "guess" }, null),
  fc.record({ kind: fc.constant("shout"), text: fc.string({ unit: "grapheme", maxLength: 24 }) }),
);

const anyCall = (tick: number): fc.Arbitrary<Call> =>
  fc.oneof<fc.Arbitrary<Call>[]>(
    fc.record({
      call: fc.constant("move" as const),
      tick: fc.constant(tick),
      player: fc.constantFrom(ann, ben),
      move: anyMove,
    }),
    fc.record({
      call: fc.constantFrom("dropped" as const, "returned" as const),
      tick: fc.constant(tick),
      player: fc.constantFrom(ann, ben),
    }),
    fc.record({
      call: fc.constant("timer" as const),
      tick: fc.constant(tick),
      name: fc.constant("hurry"),
      payload: fc.constant(null),
    }),
    fc.constant({ call: "view" as const, tick, viewers }),
  );

const anyLog = fc
  .integer({ min: 1, max: 12 })
  .chain((length) => fc.tuple(...Array.from({ length }, (_, i) => anyCall(10 + i))));

const replay = (instance: Instance, log: readonly Call[]): string[] =>
  log.map((call) => bytesToHex(encodeAnswer(instance.call(call))));

/** Runs the suite on an engine; each call of `start` gives another one. */
export function engineConformance(start: () => Promise<Engine>): void {
  let engine: Engine;
  let highCard: LoadedContract;
  let hostile: LoadedContract;
  let bundle: Uint8Array;

  beforeAll(async () => {
    engine = await start();
    ({ bundle } = await buildContract(fixture("high-card")));
    highCard = await engine.load(bundle);
    hostile = await engine.load((await buildContract(fixture("hostile"))).bundle);
  });

  describe("a contract", () => {
    test("is described, named by a hash, and the same whenever it is loaded", async () => {
      const again = await (await start()).load(bundle);
      expect(highCard.manifest).toMatchObject({ name: "high-card", players: { min: 2, max: 2 } });
      expect(highCard.hash).toHaveLength(32);
      expect(again.hash).toEqual(highCard.hash);
      expect(hostile.hash).not.toEqual(highCard.hash);
    });

    test.for([
      ["nothing", ""],
      ["what is no script", "const = 3"],
      ["what throws", "throw new Error('no')"],
      ["what never ends to load", "for (const forever = () => Promise.resolve().then(forever); ; ) forever();"],
      ["what answers nothing", "globalThis.contract = { open() {} }"],
    ])("that is %s is refused", { timeout: 60_000 }, async ([, text]) => {
      await expect(engine.load(Buffer.from(text ?? ""))).rejects.toMatchObject({ code: "bundle-refused" });
    });

    test("that is larger than any contract is refused", async () => {
      await expect(engine.load(new Uint8Array(5 * 1024 * 1024))).rejects.toMatchObject({ code: "bundle-refused" });
    });
  });

  describe("a room", () => {
    test("is a function of its input log: two instances give the same bytes", async () => {
      const elsewhere = await (await start()).load(bundle);
      fc.assert(
        fc.property(anyLog, (log) => {
          const here = opened(highCard);
          const there = opened(elsewhere);
          expect(replay(here, log)).toEqual(replay(there, log));
          expect(here.snapshot()).toEqual(there.snapshot());
        }),
        { numRuns: 25 },
      );
    });

    test("goes on from a snapshot as if nothing had happened, again and again", () => {
      fc.assert(
        fc.property(anyLog, fc.nat(11), (log, cut) => {
          const whole = opened(highCard);
          const answers = replay(whole, log);
          let instance = opened(highCard);
          const resumed = log.flatMap((call, i) => {
            if (i >= cut) instance = highCard.restore(instance.snapshot());
            return replay(instance, [call]);
          });
          expect(resumed).toEqual(answers);
          expect(instance.snapshot()).toEqual(whole.snapshot());
        }),
        { numRuns: 25 },
      );
    });

    test("is not changed by taking a snapshot, nor by being viewed or refused", () => {
      const instance = opened(highCard);
      const before = see(instance);
      const snapshot = instance.snapshot();
      expect(instance.snapshot()).toEqual(snapshot);
      instance.call({ call: "move", tick: 3, player: ann, move: { kind: "guess", guess: "sideways" } });
      expect(see(instance)).toEqual(before);
      expect(see(highCard.restore(snapshot))).toEqual(before);
    });

    test("does not see what other rooms of its contract do", () => {
      const one = opened(highCard);
      const other = opened(highCard);
      const before = see(other);
      one.call({ call: "move", tick: 3, player: ann, move: { kind: "guess", guess: "higher" } });
      expect(see(one)).not.toEqual(before);
      expect(see(other)).toEqual(before);
    });

    test("draws other cards under another key", () => {
      const instance = highCard.instantiate();
      instance.call({ ...opening[0]!, key: key(9) } as Call);
      instance.call({ ...opening[1]!, key: key(10) } as Call);
      instance.call({ ...opening[2]!, key: key(11) } as Call);
      expect(see(instance)).not.toEqual(see(opened(highCard)));
    });

    test("gives each viewer what view builds for them, in order", () => {
      const answer = see(opened(highCard));
      if (answer.answer !== "views") throw new Error(answer.answer);
      const mine = answer.views.map((view) => (view as { mine: unknown }).mine);
      expect(mine).toEqual([expect.any(Number), expect.any(Number), null]);
    });

    test("answers a refused move with the reason and without effects", () => {
      const instance = opened(highCard);
      const guess = { call: "move", tick: 3, player: ann, move: { kind: "guess", guess: "higher" } } as const;
      expect(instance.call(guess)).toEqual({ answer: "done", reason: null, effects: [] });
      expect(instance.call(guess)).toEqual({ answer: "done", reason: "you have guessed already", effects: [] });
    });

    test("ends as abandoned with a result", () => {
      expect(opened(highCard).call({ call: "abandon", tick: 3, absent: [ben] })).toEqual({
        answer: "done",
        reason: null,
        effects: [],
        result: { absent: [1] },
      });
    });

    test("answers no call after it is closed", () => {
      const instance = opened(highCard);
      instance.close();
      expect(() => see(instance)).toThrow(expect.objectContaining({ code: "call-faulted" }));
      expect(() => instance.snapshot()).toThrow(expect.objectContaining({ code: "call-faulted" }));
    });
  });

  describe("a snapshot", () => {
    test("of another contract is refused", () => {
      expect(() => highCard.restore(opened(hostile).snapshot())).toThrow(
        expect.objectContaining({ code: "snapshot-refused" }),
      );
    });

    test("is refused when it is cut anywhere or is something else", () => {
      const snapshot = opened(highCard).snapshot();
      const refused = expect.objectContaining({ code: "snapshot-refused" }) as unknown;
      for (let length = 0; length < snapshot.length; length += 97) {
        expect(() => highCard.restore(snapshot.subarray(0, length))).toThrow(refused as Error);
      }
      expect(() => highCard.restore(new Uint8Array(1000))).toThrow(refused as Error);
    });
  });

  describe("a hostile contract", () => {
    const attack = (instance: Instance, name: string): Answer =>
      instance.call({ call: "move", tick: 3, player: ann, move: { attack: name } });

    const listed = (kind: "fatal" | "selfish" | "escapes"): string[] => {
      const answer = attack(opened(hostile), "list");
      const [effect] = answer.answer === "done" ? answer.effects : [];
      if (effect?.effect !== "send") throw new Error("no list");
      return (effect.message as Record<typeof kind, string[]>)[kind];
    };

    test("that never ends, takes too much or answers nonsense faults its own room only", { timeout: 120_000 }, () => {
      const neighbour = opened(highCard);
      const sibling = opened(hostile);
      const before = [see(neighbour), see(sibling)];
      const names = listed("fatal");
      expect(names.length).toBeGreaterThan(30);
      for (const name of names) {
        const victim = opened(hostile);
        expect(() => attack(victim, name), name).toThrow(expect.objectContaining({ code: "call-faulted" }));
        expect(() => attack(victim, "list"), `after ${name}`).toThrow(
          expect.objectContaining({ code: "call-faulted" }),
        );
      }
      expect([see(neighbour), see(sibling)]).toEqual(before);
      expect(see(opened(hostile))).toEqual(before[1]);
    });

    test("that breaks its own globals breaks nobody else's", () => {
      const before = see(opened(hostile));
      for (const name of listed("selfish")) {
        const victim = opened(hostile);
        attack(victim, name);
        expect(see(victim), name).not.toEqual(before);
      }
      expect(see(opened(hostile))).toEqual(before);
    });

    test("finds no way to compile text and nothing of the host", () => {
      const names = listed("escapes");
      expect(names.length).toBeGreaterThan(15);
      const instance = opened(hostile);
      for (const name of names) {
        expect(attack(instance, name), name).toEqual({
          answer: "done",
          reason: null,
          effects: [{ effect: "send", to: "everyone", message: { escaped: false } }],
        });
      }
    });

    test("that faulted goes on from its last snapshot", () => {
      const instance = opened(hostile);
      const snapshot = instance.snapshot();
      const before = see(instance);
      expect(() => attack(instance, "throw")).toThrow(SandboxError);
      expect(see(hostile.restore(snapshot))).toEqual(before);
    });
  });

  test("a contract's clock is the room's tick, and it has no other", () => {
    const at = (tick: number): unknown => {
      const answer = see(opened(hostile), tick);
      return answer.answer === "views" ? answer.views[0] : undefined;
    };
    expect(at(100)).toMatchObject({ now: 2000, offset: 0 });
    expect(at(101)).toMatchObject({ now: 2020 });
    expect(at(101)).toEqual(at(101));
  });

  test("a view draws no random numbers", () => {
    const answer = see(opened(hostile));
    expect(answer).toMatchObject({ views: [{ random: false }, { random: false }, { random: false }] });
  });

  test("an author's fault says what was thrown and where, in the author's file", async () => {
    const built = await buildContract(fixture("hostile"));
    const contract = await engine.load(built.bundle, { sourceMap: built.sourceMap });
    const faulty = opened(contract);
    const error = (() => {
      try {
        faulty.call({ call: "move", tick: 3, player: ann, move: { attack: "throw" } });
        return undefined;
      } catch (thrown) {
        return thrown as SandboxError;
      }
    })();
    expect(error?.message).toBe("call-faulted");
    expect(error?.detail).toMatch(/^Error: a rule failed\n\s+at hostile\.ts:\d+:\d+\n/);
  });
}
