/** A hub goes on by other rules: who was there, what they keep and own, what lies buried, and who is kept out. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeCall, type Answer } from "#contract/abi.ts";
import type { Value } from "#contract/index.ts";
import { inProcess, type InProcessInstance } from "#testing/in-process.ts";
import { callInputMax } from "#protocol/limits.ts";
import { showAll } from "../../../contracts/phala-world/common.ts";
import { Body, Look, Treasure } from "../../../contracts/phala-world/components.ts";
import { handoverMax, save } from "../../../contracts/phala-world/handover/handover.ts";
import { HandoverError, Packer, Unpacker } from "../../../contracts/phala-world/handover/packing.ts";
import { hold, numbered } from "../../../contracts/phala-world/loop/loop.ts";
import { lotOf } from "../../../contracts/phala-world/loop/lot.ts";
import { bannedMax } from "../../../contracts/phala-world/moderation.ts";
import { phalaWorld, type State } from "../../../contracts/phala-world/phala-world.ts";
import { unheardMax } from "../../../contracts/phala-world/record.ts";
import { newPerson } from "../../../contracts/phala-world/state.ts";
import { breathMax } from "../../../contracts/phala-world/speech.ts";
import { comeIn, openHub, pushes, put, settle, told, type Client, type Hub } from "./hub.ts";

const key = new Uint8Array(32).fill(5);
const room = "ab".repeat(10);

/** The same rules, as others would take over from them. */
const next = inProcess({ ...phalaWorld, fuel: phalaWorld.fuel! - 1 });

interface Followed {
  readonly instance: InProcessInstance;
  readonly state: State;
  readonly answer: Extract<Answer, { answer: "done" }>;
}

/** @param saved what the rules of before handed over; default: what they do. */
function follow(hub: Hub, saved: Value = hub.inside(() => save(hub.state))): Followed {
  const instance = next.instantiate();
  const players = hub.state.people.flatMap((person) => (person === null ? [] : [{ ...person.player }]));
  const call = { call: "migrate", tick: hub.tick, key, options: { clock: "seconds" }, players, state: saved } as const;
  const answer = instance.call(call) as Followed["answer"];
  return { instance, state: instance.state as State, answer };
}

/** Somebody who has been everywhere. */
function lives(hub: Hub, client: Client): void {
  const { loop } = hub.state;
  loop.accounts[client.id] = {
    pha: 77,
    spirit: true,
    tickets: { prime: 9 },
    feeding: { era: 0, food: 3, given: { 4: 2 } },
  };
  const kinds = { owner: client.id, rarity: "magic", race: "xgene", career: "monk" } as const;
  hold(loop, "origins", { ...kinds, id: numbered(loop), energy: 5, since: -3, lot: lotOf(new Uint8Array(32).fill(8)) });
  hold(loop, "origins", { ...kinds, id: numbered(loop), energy: 0, since: null, lot: null });
  const shell = { ...kinds, id: numbered(loop), seed: "5c".repeat(32), energy: 30, worn: {} as Record<string, number> };
  hold(loop, "shells", shell);
  const part = { owner: client.id, rarity: "epic", gem: "void", shell: shell.id } as const;
  const halo = numbered(loop);
  hold(loop, "parts", { ...part, id: halo, name: "monk-halo" });
  hold(loop, "parts", { ...part, id: numbered(loop), name: "monk-robe", gem: null });
  hold(loop, "parts", { ...part, id: numbered(loop), name: "blade", rarity: "normal", shell: null });
  shell.worn["head"] = halo;
  const person = hub.state.people[client.seat!]!;
  person.shell = shell.id;
  Object.assign(person.kept, { found: 3, won: { dot4: 2 }, seenIn: 0 });
}

function busyHub(): Hub {
  const hub = openHub("minutes");
  const [ann, ben, cid] = [comeIn(hub, "Ann"), comeIn(hub, "Bén 𐍈"), comeIn(hub, "Cid")];
  hub.join("Dee");
  const eve = comeIn(hub, "Eve");
  const keeper = comeIn(hub, "Keeper", { moderator: true });
  lives(hub, ann);
  ann.move({ do: "dress", race: "spectre", coat: 3, light: 4 });
  ann.move({ do: "mute", player: ben.id, mute: true });
  ann.move({ do: "block", player: cid.id, block: true });
  ben.move({ do: "space", keep: true });
  put(hub, ben, { x: 12.5, z: -7.25 });
  pushes(cid, 1, 0.4, true);
  hub.advance(1);
  keeper.move({ do: "ban", player: eve.id, ban: true });
  keeper.move({ do: "kick", player: cid.id });
  keeper.move({ do: "give-ticket", player: "77".repeat(16), purpose: "spirit" });
  hub.state.loop.preorders[40] = { id: 40, owner: "66".repeat(16), race: "cyborg", career: "druid" };
  hub.state.loop.waiting["66".repeat(16)] = 40;
  hub.state.loop.draws.push({ era: 3, seed: "1d".repeat(32), preorders: [7, 9, 40], chosen: [40, 7] });
  hub.state.loop.stock.xgene.prime.sale = 17;
  eve.leave();
  showAll(hub.state);
  return hub;
}

/** What is handed over, without what somebody was doing. */
function lasting(state: State): object {
  const { present, aloof, people, common, ...rest } = state;
  const lastingOf = people.map((person) => {
    if (person === null) return null;
    const { row, id, seat, player, name, race, coat, light, gate, shell, kept, unsaved, moderator } = person;
    const body = { id, seat, player, name, race, coat, light, gate, shell, inWorld: row !== -1 };
    return { ...body, kept, unsaved, moderator };
  });
  while (lastingOf.at(-1) === null) lastingOf.pop();
  return {
    ...rest,
    common: { ...common },
    people: lastingOf,
    present: present.map(({ id }) => id).sort(),
    aloof: aloof.map(({ id }) => id),
  };
}

describe("other rules", () => {
  test("go on with the same people, their things, what lies buried, and who is kept out", () => {
    const hub = busyHub();
    const { state } = follow(hub);
    expect(lasting(state)).toEqual(lasting(hub.state));
  });

  test("let everybody stand where they stood, seen as they were, and look from there", () => {
    const hub = busyHub();
    const { instance, answer } = follow(hub);
    const rows = (): unknown =>
      Array.from({ length: Body.capacity }, (_, row) => row)
        .filter((row) => Body.live[row] === 1)
        .map((row) => {
          const look = ["race", "career", "coat", "light", "head", "chest"] as const;
          const looks = look.map((field) => Look[field][row]);
          return [
            Body.seat[row],
            Body.owner[row],
            Body.x[row],
            Body.z[row],
            Body.heading[row],
            Look.name.get(row),
            ...looks,
          ];
        })
        .sort((a, b) => (a[0]! as number) - (b[0]! as number));
    const buried = (): unknown =>
      Array.from({ length: Treasure.capacity }, (_, row) => row)
        .filter((row) => Treasure.live[row] === 1)
        .map((row) => [Treasure.x[row], Treasure.z[row], Treasure.kind[row]]);
    expect(instance.inside(rows)).toEqual(hub.inside(rows));
    expect(instance.inside(buried)).toEqual(hub.inside(buried));
    const present = hub.state.present.map(({ id }) => id).sort();
    expect(answer.effects.flatMap((effect) => (effect.effect === "focus" ? [effect.player] : [])).sort()).toEqual(
      present,
    );
  });

  test("let people walk, talk, dig and report what was said before", () => {
    const hub = openHub("seconds");
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    ann.move({ do: "say", text: "said before" });
    settle(hub);
    const [said] = told(ben, "said") as unknown as { from: string; tick: number; text: string; mac: Uint8Array }[];
    const { instance, state } = follow(hub);
    const tick = hub.tick + 1;
    const does = (seat: number, move: Value): unknown =>
      instance.call({ call: "move", tick, player: { ...state.people[seat]!.player }, move });
    const { from, text, mac } = said!;
    const message = { from, tick: said!.tick, text, mac };
    expect(does(ben.seat!, { do: "disclose", message })).toMatchObject({ reason: null });
    expect(does(ann.seat!, { do: "say", text: "and after" })).toMatchObject({ reason: null });
    expect(does(ann.seat!, { do: "claim-spirit" })).toMatchObject({ reason: null });
    const at = state.people[ann.seat!]!;
    expect(at.breath.left).toBe(breathMax - 1);
    instance.call({ call: "tick", tick: tick + 1 });
  });

  test("hand over again what was handed to them", () => {
    const hub = busyHub();
    const saved = hub.inside(() => save(hub.state)) as Uint8Array;
    const { instance, state } = follow(hub, saved);
    expect(instance.inside(() => save(state))).toEqual(saved);
  });

  test("know whom a gate had let in", () => {
    const hub = openHub();
    const ann = comeIn(hub, "Ann");
    put(hub, ann, { x: 0, z: 24 });
    pushes(ann, 0.01, 0);
    hub.advance(0.1);
    const { state, instance } = follow(hub);
    expect(state.people[ann.seat!]!.gate).toBe(hub.state.people[ann.seat!]!.gate);
    const player = { ...state.people[ann.seat!]!.player };
    const answer = instance.call({ call: "move", tick: hub.tick + 1, player, move: { do: "travel", room } });
    expect(answer).toMatchObject({ reason: null });
  });
});

describe("what is handed over", () => {
  /** So many people, each with a Shell of six parts. */
  function full(count: number, banned = 0): Hub {
    const hub = openHub();
    for (let seat = 0; seat < count; seat++) seatWithShell(hub.state, seat, (seat + 1).toString(16).padStart(32, "0"));
    for (let i = 0; i < banned; i++) hub.state.banned[(0x1000 + i).toString(16).padStart(32, "f")] = true;
    return hub;
  }

  function seatWithShell(state: State, seat: number, id: string): void {
    const { loop } = state;
    loop.accounts[id] = { pha: 100, spirit: true, tickets: {}, feeding: { era: 0, food: 0, given: {} } };
    const kinds = { owner: id, rarity: "prime", race: "xgene", career: "monk" } as const;
    const shell = { ...kinds, id: numbered(loop), seed: "5c".repeat(32), energy: 48, worn: {} };
    hold(loop, "shells", shell);
    for (const name of ["monk-halo", "monk-robe", "blade", "druid-pack", "druid-lantern", "trader-goggles"] as const)
      hold(loop, "parts", { id: numbered(loop), name, rarity: "rare", gem: "acid", owner: id, shell: shell.id });
    state.people[seat] = { ...newPerson({ id, seat }, false), name: "Somebody", shell: shell.id };
  }

  const packed = (hub: Hub): Uint8Array => hub.inside(() => save(hub.state)) as Uint8Array;

  test("has room for four hundred with a Shell of six parts each, and for those who were banned", () => {
    expect(packed(full(400)).length).toBeLessThan(handoverMax);
    expect(packed(full(200, bannedMax)).length).toBeLessThan(handoverMax);
  });

  test("leaves room in a call for the ids and seats of a full hub", () => {
    const players = Array.from({ length: 512 }, (_, seat) => ({ id: "f".repeat(32), seat }));
    const call = { call: "migrate", tick: 2 ** 32, key, options: { clock: "seconds" }, players } as const;
    expect(encodeCall({ ...call, state: new Uint8Array(handoverMax) }).length).toBeLessThan(callInputMax);
  });

  test("is refused in a sentence when it is too much: the room stays with its rules", () => {
    const hub = full(400);
    for (const person of hub.state.people)
      person!.kept.blocked = Array.from({ length: unheardMax }, (_, i) => i.toString(16).padStart(32, "a"));
    expect(() => packed(hub)).toThrow(
      new HandoverError(`this hub remembers more than the ${handoverMax} bytes that rules can hand over`),
    );
  });

  test.for<readonly [string, (saved: Uint8Array) => Value]>([
    ["no bytes", () => ({ people: [] })],
    ["a later version", (saved) => saved.map((byte, i) => (i === 0 ? 2 : byte))],
    ["too little", (saved) => saved.slice(0, -1)],
    ["too much", (saved) => new Uint8Array([...saved, 0])],
    ["nothing", () => new Uint8Array(0)],
  ])("is refused if it is %s", ([, change]) => {
    const hub = busyHub();
    const saved = hub.inside(() => save(hub.state)) as Uint8Array;
    expect(() => follow(hub, change(saved))).toThrow(expect.objectContaining({ code: "call-faulted" }));
  });

  test("never is read past its end, whatever stands there", () => {
    const hub = busyHub();
    const saved = hub.inside(() => save(hub.state)) as Uint8Array;
    fc.assert(
      fc.property(fc.nat(saved.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = saved.map((byte, i) => (i === at ? byte ^ change : byte));
        try {
          follow(hub, bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "call-faulted" });
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("what is packed is read again, in order", () => {
  const thing = fc.oneof(
    fc.record({ kind: fc.constant("count" as const), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant("whole" as const), value: fc.integer() }),
    fc.record({ kind: fc.constant("real" as const), value: fc.float({ noNaN: true }) }),
    fc.record({ kind: fc.constant("text" as const), value: fc.string({ unit: "binary" }) }),
  );
  fc.assert(
    fc.property(fc.array(thing), (things) => {
      const packer = new Packer(100_000);
      for (const { kind, value } of things) packer[kind](value as never);
      const unpacker = new Unpacker(packer.packed);
      for (const { kind, value } of things) expect(unpacker[kind]()).toEqual(value);
      expect(unpacker.done).toBe(true);
    }),
  );
});
