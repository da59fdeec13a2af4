/** From a Spirit to a dressed Shell that others see, as moves, and what of it goes with its owner. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { recordLengthMax } from "#protocol/travel.ts";
import type { Answer } from "#contract/abi.ts";
import type { Value } from "#contract/index.ts";
import { inProcess } from "#testing/in-process.ts";
import { careerCode, partCode, partsOfLook, raceCode } from "../../../contracts/phala-world/codes.ts";
import { drawParts } from "../../../contracts/phala-world/loop/hatching.ts";
import { gems, partKinds, races, slots, type PartName } from "../../../contracts/phala-world/loop/kinds.ts";
import {
  hold,
  newLoop,
  numbered,
  originsOf,
  partsOf,
  shellsOf,
  type Loop,
} from "../../../contracts/phala-world/loop/loop.ts";
import { lotOf } from "../../../contracts/phala-world/loop/lot.ts";
import { originsEach } from "../../../contracts/phala-world/loop/numbers.ts";
import { refusals } from "../../../contracts/phala-world/loop/refusals.ts";
import { phalaWorld, type Move } from "../../../contracts/phala-world/phala-world.ts";
import { emptyRecord, readRecord, shellsEach, unheardMax, writeRecord } from "../../../contracts/phala-world/record.ts";
import { comeIn, enters, openHub, settle, told, type Client, type Hub } from "./hub.ts";

const wish = { race: "xgene", career: "druid" } as const;
const prime = { do: "buy-origin", rarity: "prime", ...wish } as const;

/** Eras of two seconds. */
const era = 2;

function accepted(client: Client, move: Move): void {
  expect([move.do, client.move(move)]).toEqual([move.do, { accepted: true }]);
}

/** Somebody with a Spirit and an Origin in its incubator, at the last day of sale. */
function incubating(hub: Hub, name = "Ann"): readonly [Client, number] {
  const client = comeIn(hub, name);
  accepted(client, { do: "claim-spirit" });
  while (client.view.era < 3) hub.advance(1);
  accepted(client, prime);
  settle(hub);
  const origin = client.view.mine!.origins[0]!.id;
  accepted(client, { do: "incubate", origin });
  settle(hub);
  return [client, origin];
}

function hatched(hub: Hub, name?: string): Client {
  const [client, origin] = incubating(hub, name);
  accepted(client, { do: "feed", origin });
  accepted(client, { do: "feed", origin });
  hub.advance(8 * era + 1);
  accepted(client, { do: "hatch", origin });
  settle(hub);
  return client;
}

test("claim, buy, feed, hatch, wear: the whole loop by the development clock, seen by the other", () => {
  const hub = openHub("seconds");
  const ben = comeIn(hub, "Ben");
  const ann = hatched(hub);
  const { mine } = ann.view;
  const [shell] = mine!.shells;
  expect(shell).toMatchObject({ race: "xgene", career: "druid", rarity: "prime", energy: 6 });
  const drawn = drawParts(hexToBytes(shell!.seed), shell!);
  expect(mine!.parts.map(({ name, gem, rarity, slot }) => ({ slot, name, rarity, gem }))).toEqual(drawn);
  expect(ann.awards.map(({ once }) => once)).toEqual([`spirit/${ann.id}`, expect.stringMatching(/^shell\/\d+$/)]);
  accepted(ann, { do: "become", shell: shell!.id });
  hub.advance(0.2);
  const seen = (): Record<string, number> =>
    ben.rows("Look").find((row) => row["name"] === "Ann") as unknown as Record<string, number>;
  expect(seen()).toMatchObject({ race: raceCode("xgene"), career: careerCode("druid") });
  const head = mine!.parts.find(({ slot }) => slot === "head")!;
  expect(seen()["head"]).toBe(partCode(head.name));
  accepted(ann, { do: "take-off", shell: shell!.id, slot: "head" });
  hub.advance(0.2);
  expect(seen()["head"]).toBe(0);
  accepted(ann, { do: "wear", shell: shell!.id, part: head.id });
  hub.advance(0.2);
  expect(partsOfLook(seen() as Parameters<typeof partsOfLook>[0])).toContain(head.name);
});

test("a hub that has given all its Spirits says so, to whoever has none, and its last one goes to whoever asks next", () => {
  const rules = inProcess(phalaWorld);
  const hub = rules.instantiate();
  const key = new Uint8Array(32).fill(1);
  const people = ["a", "b"].map((letter, seat) => ({ id: letter.repeat(32), seat }));
  hub.call({ call: "open", tick: 0, key, options: { clock: "days" } });
  for (const player of people) {
    hub.call({ call: "join", tick: 1, key, player });
    hub.call({ call: "move", tick: 1, player, move: enters(player.id[0]!) });
  }
  const claim = (seat: number, itemsLeft: number): Answer =>
    hub.call({ call: "move", tick: 2, player: people[seat]!, move: { do: "claim-spirit" }, itemsLeft });
  const refused = (reason: string): Answer => ({ answer: "done", reason, effects: [] });
  const [ann] = people;
  expect(claim(0, 0)).toEqual(refused(refusals.SpiritsAllGiven));
  expect(claim(0, 1)).toMatchObject({ reason: null, effects: [{ effect: "award", player: ann!.id }, {}] });
  expect([claim(0, 0), claim(1, 0)]).toEqual([
    refused(refusals.SpiritAlreadyClaimed),
    refused(refusals.SpiritsAllGiven),
  ]);
});

test("a refusal of the loop is its sentence, and changes nothing", () => {
  const hub = openHub("seconds");
  const ann = comeIn(hub, "Ann");
  const refused = (move: Move, why: keyof typeof refusals): void =>
    expect(ann.move(move)).toEqual({ accepted: false, reason: refusals[why] });
  refused({ ...prime, rarity: "magic" }, "MustOwnSpiritToPurchase");
  refused({ do: "preorder", ...wish }, "PreorderOriginOfShellNotAvailable");
  refused({ do: "redeem-spirit" }, "InvalidSpiritClaim");
  accepted(ann, { do: "claim-spirit" });
  refused({ do: "claim-spirit" }, "SpiritAlreadyClaimed");
  refused({ ...prime, rarity: "magic" }, "NotEnoughMoney");
  refused(prime, "PrimeOriginOfShellPurchaseNotAvailable");
  refused({ do: "feed", origin: 1 }, "NoPermission");
  refused({ do: "incubate", origin: 1 }, "NoSuchThing");
  refused({ do: "hatch", origin: 1 }, "NoSuchThing");
  refused({ do: "wear", shell: 1, part: 1 }, "NoSuchThing");
  refused({ do: "become", shell: 7 }, "NoSuchThing");
  settle(hub);
  expect(ann.view.mine).toMatchObject({ pha: 600, spirit: true, origins: [] });
});

test("feeding somebody else's Origin tells its owner, and food is no more for leaving and coming back", () => {
  const hub = openHub("seconds");
  const ann = comeIn(hub, "Ann");
  const ben = comeIn(hub, "Ben");
  for (const client of [ann, ben]) accepted(client, { do: "claim-spirit" });
  while (ann.view.era < 3) hub.advance(1);
  for (const client of [ann, ben]) {
    accepted(client, prime);
    settle(hub);
    accepted(client, { do: "incubate", origin: client.view.mine!.origins[0]!.id });
  }
  const origin = ann.view.mine!.origins[0]!.id;
  accepted(ben, { do: "feed", origin });
  accepted(ben, { do: "feed", origin });
  expect(told(ann, "fed")).toEqual([
    { by: "Ben", origin },
    { by: "Ben", origin },
  ]);
  settle(hub);
  expect(ann.view.mine!.origins[0]!.energy).toBe(4);
  expect(ben.view.mine!.food).toBe(3);
  ben.leave();
  expect(Object.keys(hub.state.loop.origins)).toEqual([String(origin)]);
  ben.join();
  settle(hub);
  expect(ben.view.mine).toMatchObject({ food: 3, spirit: true });
  expect(ben.move({ do: "feed", origin })).toEqual({ accepted: false, reason: refusals.AlreadySentFoodTwice });
});

describe("a preorder", () => {
  test("is drawn when its era is over, for those who are away, too, and what is theirs waits for them", () => {
    const hub = openHub("seconds");
    const ann = comeIn(hub, "Ann");
    const ben = comeIn(hub, "Ben");
    accepted(ann, { do: "claim-spirit" });
    while (ann.view.era < 2) hub.advance(1);
    accepted(ann, { do: "preorder", ...wish });
    settle(hub);
    expect(ann.view.mine!.pha).toBe(100);
    ann.leave();
    hub.advance(era);
    expect(told(ben, "draw")).toMatchObject([{ era: 3, chosen: [expect.any(Number)] }]);
    expect(ben.view.draw).toMatchObject({ era: 3, preorders: 1 });
    ann.join();
    expect(ann.view.mine).toMatchObject({ pha: 100, spirit: true, origins: [{ race: "xgene" }] });
  });
});

describe("what is kept", () => {
  test("Spirit, Shell and what it wears are there in another hub, with numbers of their own", () => {
    const hub = openHub("seconds");
    const ann = hatched(hub);
    const [shell] = ann.view.mine!.shells;
    accepted(ann, { do: "become", shell: shell!.id });
    ann.leave();
    expect(shellsOf(hub.state.loop, ann.id)).toEqual([]);
    const other = openHub("days", "another");
    comeIn(other, "Ben");
    const again = other.join("Ann", { record: hub.records.get(ann.id)! });
    const { mine } = again.view;
    expect(mine).toMatchObject({ spirit: true, pha: 100, shells: [{ seed: shell!.seed }] });
    expect(mine!.seenIn).toBe(mine!.shells[0]!.id);
    expect(mine!.parts.map(({ name, worn }) => [name, worn])).toEqual(
      drawParts(hexToBytes(shell!.seed), shell!).map(({ name }) => [name, true]),
    );
  });

  test("an Origin goes on being hatched where it was while its owner is away, and stands still elsewhere", () => {
    const hub = openHub("seconds");
    const [ann, origin] = incubating(hub);
    const at = ann.view.mine!.origins[0]!.hatchesAt!;
    ann.leave();
    hub.advance(3 * era);
    ann.join();
    expect(ann.view.mine!.origins).toMatchObject([{ id: origin, hatchesAt: at }]);
    const left = at - ann.view.era;
    ann.leave();
    const other = openHub("seconds", "another");
    const again = other.join("Ann", { record: hub.records.get(ann.id)! });
    expect(again.view.mine!.origins[0]!.hatchesAt! - again.view.era).toBeGreaterThanOrEqual(left);
  });

  test.for<readonly [string, Value]>([
    ["of another version", { version: 2 }],
    ["that is text", "everything"],
    [
      "with more Origins than there may be",
      { version: 1, origins: Array.from({ length: originsEach + 1 }, () => [1, 0, 0, 0, 0, null]) },
    ],
    [
      "with a negative purse",
      {
        ...(writeRecord(emptyRecord(), "ab", {
          loop: newLoop(new Uint8Array(32)),
          hub: "0".repeat(16),
          era: 0,
        }) as object),
        pha: -1,
      },
    ],
  ])("a record %s is none", ([, record]) => {
    const hub = openHub();
    expect(hub.join("Ann", { record }).view.mine).toMatchObject({ pha: 600, spirit: false, origins: [] });
  });

  test("the fullest record there can be fits", () => {
    const loop = fullest();
    const ids = Array.from({ length: unheardMax }, (_, i) => i.toString(16).padStart(32, "f"));
    const won = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`game${i}`.padEnd(12, "x"), 65_536]));
    const kept = { muted: ids, blocked: ids, space: true, found: 65_536, won, seenIn: 3 };
    const record = writeRecord(kept, owner, { loop, hub: "f".repeat(16), era: 100_000 });
    expect(encodeMsgpack(record).length).toBeLessThanOrEqual(recordLengthMax);
  });

  test("reading what was written gives the same again, in the same hub and in another", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), fc.boolean(), (written, read, home) => {
        const hub = "a".repeat(16);
        const loop = fullest();
        const record = writeRecord(emptyRecord(), owner, { loop, hub, era: written });
        const into = newLoop(new Uint8Array(32));
        const place = { loop: into, hub: home ? hub : "b".repeat(16), era: read };
        readRecord(record, owner, place);
        const again = writeRecord(emptyRecord(), owner, { ...place, hub, era: written });
        const plain = (value: Value): unknown =>
          JSON.parse(JSON.stringify(value, (key, v: unknown) => (key === "era" ? 0 : v)));
        if (home) expect(plain(again)).toEqual(plain(record));
        expect(partsOf(into, owner).map(({ name }) => name)).toEqual(partsOf(loop, owner).map(({ name }) => name));
        expect(shellsOf(into, owner).map(({ worn }) => Object.keys(worn))).toEqual(
          shellsOf(loop, owner).map(({ worn }) => Object.keys(worn)),
        );
        const ages = (of: Loop, now: number): readonly number[] =>
          originsOf(of, owner).map(({ since }) => now - since!);
        expect(ages(into, read)).toEqual(home ? ages(loop, read) : ages(loop, written));
      }),
      { numRuns: 50 },
    );
  });
});

const owner = "cd".repeat(16);

function fullest(): Loop {
  const loop = newLoop(new Uint8Array(32));
  loop.next = 1_000_000;
  const kinds = { owner, rarity: "legendary", race: races[3], career: "monk" } as const;
  for (let i = 0; i < originsEach; i++) {
    const id = numbered(loop);
    hold(loop, "origins", { id, ...kinds, energy: 1000 + i, since: i, lot: lotOf(new Uint8Array(32).fill(i)) });
  }
  for (let i = 0; i < shellsEach; i++) {
    const id = numbered(loop);
    const shell = { id, ...kinds, seed: "ee".repeat(32), energy: 60_000, worn: {} as Record<string, number> };
    hold(loop, "shells", shell);
    for (const slot of slots) {
      const part = numbered(loop);
      const name = (Object.keys(partKinds) as PartName[]).find((kind) => partKinds[kind].slot === slot)!;
      hold(loop, "parts", { id: part, name, rarity: "legend", gem: gems[3], owner, shell: id });
      shell.worn[slot] = part;
    }
  }
  return loop;
}
