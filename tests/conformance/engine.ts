/** What every engine must hold, whatever its contracts are written in: one suite, run on each front-end. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer, Call } from "#contract/abi.ts";
import { ContractRuntime } from "#contract/runtime.ts";
import { SandboxError, type Engine, type Instance, type LoadedContract, type Usage } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { highCard as plainHighCard } from "../contracts/fixtures/high-card.ts";
import type { Attack, Attacks, FrontEnd } from "./front-end.ts";
import { ann, anyLog, ben, key, opened, opening, replay, see, viewers } from "./room-log.ts";

const faulted = expect.objectContaining({ code: "call-faulted" }) as Error;

/** Runs the suite on a front-end. */
export function engineConformance({ start, refused, faulty, ...fixtures }: FrontEnd): void {
  let bundle: Uint8Array;
  let hostileBundle: Uint8Array;
  let engine: Engine;
  let highCard: LoadedContract;
  let hostile: LoadedContract;
  let attacks: Attacks;

  beforeAll(async () => {
    engine = await start();
    bundle = await fixtures.highCard();
    hostileBundle = await fixtures.hostile.bundle();
    highCard = await engine.load(bundle);
    hostile = await engine.load(hostileBundle);
    attacks = fixtures.hostile.attacks(hostile);
  });

  describe("a contract", () => {
    test("is described, named by a hash, and the same whenever it is loaded", async () => {
      const again = await (await start()).load(bundle);
      expect(highCard.manifest).toMatchObject({ name: "high-card", players: { min: 2, max: 2 } });
      expect(highCard.hash).toHaveLength(32);
      expect(again.hash).toEqual(highCard.hash);
      expect(hostile.hash).not.toEqual(highCard.hash);
    });

    test.for(refused)("that is %s is refused", { timeout: 60_000 }, async ([, broken]) => {
      await expect(engine.load(broken())).rejects.toMatchObject({ code: "bundle-refused" });
    });

    test("that is larger than any contract is refused", async () => {
      const large = new Uint8Array(5 * 1024 * 1024);
      large.set(bundle);
      await expect(engine.load(large)).rejects.toMatchObject({ code: "bundle-refused" });
    });
  });

  describe("a room", () => {
    test("is a function of its input log: two instances give the same bytes, and are the same bytes", async () => {
      const elsewhere = await (await start()).load(bundle);
      fc.assert(
        fc.property(anyLog, (log) => {
          const here = opened(highCard);
          const there = opened(elsewhere);
          expect(replay(here, log)).toEqual(replay(there, log));
          expect(here.usage).toEqual(there.usage);
          expect(bytesToHex(here.fingerprint())).toBe(bytesToHex(there.fingerprint()));
          expect(here.snapshot()).toEqual(there.snapshot());
        }),
        { numRuns: 25 },
      );
    });

    test("answers what the rules answer in plain TypeScript", () => {
      fc.assert(
        fc.property(anyLog, (log) => {
          const rules = new ContractRuntime(plainHighCard);
          const plain = { call: (call: Call): Answer => rules.answer(call) };
          const all = [...opening, ...log];
          expect(replay(highCard.instantiate(), all)).toEqual(replay(plain, all));
        }),
        { numRuns: 100 },
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
          expect(instance.usage).toEqual(whole.usage);
          expect(bytesToHex(instance.fingerprint())).toBe(bytesToHex(whole.fingerprint()));
          expect(instance.snapshot()).toEqual(whole.snapshot());
        }),
        { numRuns: 8 },
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
      expect(() => see(instance)).toThrow(faulted);
      expect(() => instance.snapshot()).toThrow(faulted);
      expect(() => instance.fingerprint()).toThrow(faulted);
    });

    test("answers no call before it is opened, and is opened once", () => {
      expect(() => see(highCard.instantiate())).toThrow(faulted);
      expect(() => opened(highCard).call(opening[0]!)).toThrow(faulted);
    });

    test("says what a call cost: some fuel within its budget, for a view the sum over its viewers", () => {
      const instance = opened(highCard);
      const { fuel, memoryPages } = highCard.manifest;
      const cost = (call: Call): Usage => {
        instance.call(call);
        return instance.usage;
      };
      const move = cost({ call: "move", tick: 3, player: ann, move: { kind: "guess", guess: "higher" } });
      expect(move.fuel).toBeGreaterThan(0);
      expect(move.fuel).toBeLessThan(fuel);
      expect(move.pages).toBeGreaterThan(0);
      expect(move.pages).toBeLessThanOrEqual(memoryPages);
      const twin = highCard.restore(instance.snapshot());
      const all = cost({ call: "view", tick: 3, viewers });
      const each = viewers.map((viewer) => {
        twin.call({ call: "view", tick: 3, viewers: [viewer] });
        return twin.usage.fuel;
      });
      expect(each.every((spent) => spent > 0)).toBe(true);
      expect(all.fuel).toBe(each.reduce((sum, spent) => sum + spent, 0));
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
      const refusal = expect.objectContaining({ code: "snapshot-refused" }) as unknown;
      for (let length = 0; length < snapshot.length; length += 97) {
        expect(() => highCard.restore(snapshot.subarray(0, length))).toThrow(refusal as Error);
      }
      expect(() => highCard.restore(new Uint8Array(1000))).toThrow(refusal as Error);
    });
  });

  describe("a hostile contract", () => {
    const attack = (instance: Instance, { move }: Attack): Answer =>
      instance.call({ call: "move", tick: 3, player: ann, move });

    const attackNamed = (name: string): Attack => {
      const found = attacks.fatal.find((each) => each.name === name);
      if (found === undefined) throw new Error(`there is no attack ${name}`);
      return found;
    };

    const detailOf = (instance: Instance, fatal: Attack): string => {
      try {
        attack(instance, fatal);
      } catch (error) {
        if (error instanceof SandboxError) return error.detail;
      }
      throw new Error(`${fatal.name} did not fault`);
    };

    test("that never ends, takes too much or answers nonsense faults its own room only", { timeout: 120_000 }, () => {
      const neighbour = opened(highCard);
      const sibling = opened(hostile);
      const before = [see(neighbour), see(sibling)];
      expect(attacks.fatal.length).toBeGreaterThan(30);
      for (const fatal of attacks.fatal) {
        const victim = opened(hostile);
        expect(() => attack(victim, fatal), fatal.name).toThrow(faulted);
        expect(() => attack(victim, fatal), `after ${fatal.name}`).toThrow(faulted);
      }
      expect([see(neighbour), see(sibling)]).toEqual(before);
      expect(see(opened(hostile))).toEqual(before[1]);
    });

    test(
      "costs exactly as much whenever it attacks, and never has more memory than it may",
      { timeout: 120_000 },
      async () => {
        const elsewhere = await (await start()).load(hostileBundle);
        const cost = (contract: LoadedContract, fatal: Attack): Usage => {
          const victim = opened(contract);
          expect(() => attack(victim, fatal), fatal.name).toThrow(faulted);
          return victim.usage;
        };
        for (const fatal of attacks.fatal) {
          const usage = cost(hostile, fatal);
          expect(cost(elsewhere, fatal), fatal.name).toEqual(usage);
          expect(usage.pages, fatal.name).toBeLessThanOrEqual(hostile.manifest.memoryPages);
        }
      },
    );

    test("that breaks what is its own breaks nobody else's", () => {
      const before = see(opened(hostile));
      expect(attacks.selfish.length).toBeGreaterThan(0);
      for (const selfish of attacks.selfish) {
        const victim = opened(hostile);
        attack(victim, selfish);
        expect(see(victim), selfish.name).not.toEqual(before);
      }
      expect(see(opened(hostile))).toEqual(before);
    });

    test("finds no way to compile text and nothing of the host", () => {
      const instance = opened(hostile);
      for (const escape of attacks.escapes) {
        expect(attack(instance, escape), escape.name).toEqual({
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
      for (const fatal of attacks.fatal.slice(0, 3)) {
        expect(() => attack(instance, fatal)).toThrow(SandboxError);
        expect(see(hostile.restore(snapshot))).toEqual(before);
      }
    });

    test.for(faulty)("its author is told of: %s", ([name, told]) => {
      expect(detailOf(opened(hostile), attackNamed(name))).toMatch(told);
    });
  });
}
