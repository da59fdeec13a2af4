/** The hub: who is seen where, who hears whom, what lies buried, and who is kept apart. */
import { describe, expect, test } from "vitest";
import { distance, edgeTowards, gateReach } from "#world/island/ground.ts";
import { hub as island } from "#world/island/island.ts";
import { Body, Treasure } from "../../../contracts/phala-world/components.ts";
import { clips } from "../../../contracts/phala-world/codes.ts";
import { breathMax, earshot } from "../../../contracts/phala-world/speech.ts";
import { dugWithin, seenWithin } from "../../../contracts/phala-world/treasure.ts";
import { spaceKept } from "../../../contracts/phala-world/space.ts";
import { terrain } from "../../../contracts/phala-world/terrain.ts";
import { headingOf } from "../../../contracts/phala-world/turning.ts";
import {
  comeIn,
  enters,
  openHub,
  placeOf,
  pushes,
  put,
  told,
  walkTo,
  type Client,
  type Hub,
  type Place,
} from "./hub.ts";

/** Off the paths, where nothing stands and nobody arrives. */
const meadow = freeSpots(6);

function freeSpots(apart: number): Place {
  for (let x = 12; x < 20; x += 0.5) {
    for (let z = -8; z < 8; z += 0.5) {
      const around = [-apart / 2, 0, apart / 2].flatMap((dx) =>
        [-apart / 2, 0, apart / 2].map((dz) => ({ x: x + dx, z: z + dz })),
      );
      if (around.every((spot) => terrain.isFree(spot))) return { x, z };
    }
  }
  throw new Error("no meadow");
}

describe("people in the world", () => {
  test("who has not entered is seen by nobody, and does nothing there", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), hub.join("Ben")];
    expect(ann.rows("Body").map((row) => row["seat"])).toEqual(expect.arrayContaining([0, 1023]));
    expect(ann.rows("Body")).toHaveLength(2);
    expect(ben.rows("Body")).toEqual([]);
    pushes(ben, 0, 1);
    expect(ben.move({ do: "emote", emote: "wave" })).toEqual({ accepted: false, reason: "Enter the world first." });
  });

  test("name, look and place of whoever enters are seen by all around, the name cut to its tag", () => {
    const hub = openHub();
    const ann = comeIn(hub, "Ann");
    comeIn(hub, "Bärbel von der Höhe üb");
    hub.advance(0.3);
    const names = ann.rows("Look").map((row) => row["name"]);
    expect(names).toEqual(expect.arrayContaining(["Ann", "RPC-100", "Bärbel von der Höhe ü"]));
  });

  test("a walk ends at the pedestal of the Origin and at the island's edge, and clips say what is done", () => {
    const hub = openHub();
    const ann = comeIn(hub, "Ann");
    pushes(ann, 0, -1, true);
    hub.advance(0.3);
    const row = (): { readonly [name: string]: unknown } => ann.rows("Body").find((seen) => seen["seat"] === 0)!;
    expect(clips[row()["clip"] as number]).toBe("run");
    hub.advance(6);
    const { x, z } = placeOf(hub, ann);
    expect(distance(x, z)).toBeLessThanOrEqual(edgeTowards(island, x, z));
    pushes(ann, 0, 0);
    hub.advance(0.2);
    expect(clips[row()["clip"] as number]).toBe("idle");
    walkTo(hub, ann, { x: 0, z: 0 }, 12);
    expect(distance(placeOf(hub, ann).x, placeOf(hub, ann).z)).toBeGreaterThan(3.9);
  });

  test("an emote is seen by others and ends, by itself or by walking", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    const clip = (): string => clips[ben.rows("Body").find((seen) => seen["seat"] === 0)!["clip"] as number]!;
    ann.move({ do: "emote", emote: "wave" });
    hub.advance(0.2);
    expect(clip()).toBe("wave");
    hub.advance(2.5);
    expect(clip()).toBe("idle");
    ann.move({ do: "emote", emote: "dance" });
    pushes(ann, 1, 0);
    hub.advance(0.2);
    expect(clip()).toBe("walk");
    ann.move({ do: "emote", emote: "dance" });
    hub.advance(0.2);
    expect(clip()).toBe("walk");
  });

  test("who leaves is gone, and who drops stands still until then", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    pushes(ben, 1, 0);
    ben.drop();
    const before = placeOf(hub, ben);
    hub.advance(1);
    expect(placeOf(hub, ben)).toEqual(before);
    expect(ann.rows("Body")).toHaveLength(3);
    hub.advance(61);
    expect(ann.rows("Body")).toHaveLength(2);
  });

  test("headings are those of Math.atan2 to the step that travels", () => {
    for (let i = 0; i < 360; i++) {
      const [x, z] = [Math.sin((i * Math.PI) / 180), Math.cos((i * Math.PI) / 180)];
      expect(Math.abs(Math.sin(headingOf(x, z) - Math.atan2(x, z)))).toBeLessThan(1e-4);
    }
  });
});

describe("proximity chat", () => {
  function twoApart(hub: Hub, apart: number): readonly [Client, Client] {
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    put(hub, ann, { x: 0, z: -12 });
    put(hub, ben, { x: 0, z: -12 + apart });
    return [ann, ben];
  }

  test.for([
    ["hear each other", earshot - 1, 1],
    ["do not hear each other", earshot + 1, 0],
  ] as const)("people so far apart %s: %s m", ([, apart, heard]) => {
    const hub = openHub();
    const [ann, ben] = twoApart(hub, apart);
    expect(ann.move({ do: "say", text: "hello" })).toEqual({ accepted: true });
    expect(told(ben, "said")).toHaveLength(heard);
    expect(told(ann, "said")).toMatchObject([{ text: "hello", from: ann.id, name: "Ann" }]);
  });

  test("more than a breath of messages is refused, and a while later there is breath again", () => {
    const hub = openHub();
    const [ann] = twoApart(hub, 2);
    const answers = Array.from({ length: breathMax + 1 }, () => ann.move({ do: "say", text: "hi" }).accepted);
    expect(answers).toEqual([...Array.from({ length: breathMax }, () => true), false]);
    hub.advance(1.6);
    expect(ann.move({ do: "say", text: "hi" })).toEqual({ accepted: true });
  });

  test.for(["", "  ", "x".repeat(201), "left\u202eright", "bell\u0007"])("%j is no message", (text) => {
    const hub = openHub();
    const [ann, ben] = twoApart(hub, 2);
    expect(ann.move({ do: "say", text }).accepted).toBe(false);
    expect(told(ben, "said")).toEqual([]);
  });

  test("who is muted is not heard; who is blocked neither hears nor is heard; nobody is told of it", () => {
    const hub = openHub();
    const [ann, ben] = twoApart(hub, 2);
    hub.advance(5);
    ben.move({ do: "mute", player: ann.id, mute: true });
    ann.move({ do: "say", text: "one" });
    ben.move({ do: "say", text: "two" });
    expect(told(ben, "said")).toMatchObject([{ text: "two" }]);
    expect(told(ann, "said")).toMatchObject([{ text: "one" }, { text: "two" }]);
    ben.move({ do: "mute", player: ann.id, mute: false });
    ben.move({ do: "block", player: ann.id, block: true });
    ann.move({ do: "say", text: "three" });
    ben.move({ do: "say", text: "four" });
    expect(told(ben, "said")).toMatchObject([{ text: "two" }, { text: "four" }]);
    expect(told(ann, "said")).toMatchObject([{ text: "one" }, { text: "two" }, { text: "three" }]);
    expect(ann.view.mine).toMatchObject({ muted: [], blocked: [] });
  });

  test("whom somebody will not hear goes with the account into another hub", () => {
    const hub = openHub();
    const [, ben] = twoApart(hub, 2);
    const shunned = "ab".repeat(16);
    ben.move({ do: "block", player: shunned, block: true });
    ben.move({ do: "space", keep: true });
    hub.advance(6);
    const other = openHub("days", "another");
    const again = other.join("Ben", { record: hub.records.get(ben.id)! });
    expect(again.view.mine).toMatchObject({ blocked: [shunned], space: true });
  });
});

describe("personal space", () => {
  test("nobody comes nearer to whoever keeps space, but whoever is near may go", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    put(hub, ann, meadow);
    put(hub, ben, { x: meadow.x + 3, z: meadow.z });
    ann.move({ do: "space", keep: true });
    walkTo(hub, ben, placeOf(hub, ann), 3);
    const apart = (): number => {
      const [a, b] = [placeOf(hub, ann), placeOf(hub, ben)];
      return distance(a.x - b.x, a.z - b.z);
    };
    expect(apart()).toBeGreaterThanOrEqual(spaceKept - 0.01);
    put(hub, ben, { x: meadow.x + 0.5, z: meadow.z });
    walkTo(hub, ben, { x: meadow.x + 3, z: meadow.z }, 3);
    expect(apart()).toBeGreaterThan(2);
    ann.move({ do: "space", keep: false });
    walkTo(hub, ben, placeOf(hub, ann), 3);
    expect(apart()).toBeLessThan(spaceKept);
  });

  test("it bars no gate", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    const gate = terrain.ground.gates[0]!;
    put(hub, ann, gate);
    ann.move({ do: "space", keep: true });
    put(hub, ben, { x: gate.x, z: gate.z - 2.5 });
    walkTo(hub, ben, gate, 3);
    expect(ben.view.mine?.gate).toBe("dot4");
  });
});

describe("hidden treasure", () => {
  const buried = (hub: Hub): Place => hub.inside(() => ({ x: Treasure.x[0]!, z: Treasure.z[0]! }));

  test("is seen by whoever comes close, and by no bystander", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    const { x, z } = buried(hub);
    const alone = hub.inside(() =>
      Array.from(Treasure.x).every((other, i) => Treasure.live[i] === 0 || i === 0 || Math.abs(other - x) > 0.01),
    );
    expect(alone).toBe(true);
    put(hub, ann, { x, z });
    expect(ann.rows("Treasure").length).toBeGreaterThan(0);
    expect(ben.rows("Treasure")).toEqual([]);
    put(hub, ann, { x: 0, z: -12 });
    expect(ann.rows("Treasure")).toEqual([]);
    put(hub, ben, { x: x + seenWithin - 0.2, z });
    expect(ben.rows("Treasure").length).toBeGreaterThan(0);
    expect(ben.move({ do: "dig" })).toEqual({ accepted: false, reason: "There is nothing here." });
  });

  test("is found once, by whoever digs first, and something else is buried elsewhere later", () => {
    const hub = openHub();
    const [ann, ben] = [comeIn(hub, "Ann"), comeIn(hub, "Ben")];
    const { x, z } = buried(hub);
    put(hub, ann, { x: x + dugWithin / 2, z });
    put(hub, ben, { x, z });
    expect(ann.move({ do: "dig" })).toEqual({ accepted: true });
    expect(ben.move({ do: "dig" })).toEqual({ accepted: false, reason: "There is nothing here." });
    expect(ann.awards).toMatchObject([{ once: "treasure/1" }]);
    expect(ben.awards).toEqual([]);
    expect(ann.view.mine?.found).toBe(1);
    const left = (): number =>
      hub.inside(() => Array.from(Treasure.live as ArrayLike<number>).filter((live) => live === 1).length);
    expect(left()).toBe(11);
    hub.advance(91);
    expect(left()).toBe(12);
    expect(buried(hub)).not.toEqual({ x, z });
  });

  test("lies where one can stand", () => {
    const hub = openHub();
    hub.inside(() => {
      for (let row = 0; row < 12; row++)
        expect(terrain.isFree({ x: Treasure.x[row]!, z: Treasure.z[row]! })).toBe(true);
      expect(Body.live[0]).toBe(1);
    });
  });

  test("is out of reach of whoever stands in a gate, to whom the gate is offered and no spade", () => {
    for (let seed = 0; seed < 20; seed++) {
      const hub = openHub("days", `gates ${seed}`);
      const nearest = hub.inside(() =>
        terrain.ground.gates.map((gate) =>
          Math.min(...Array.from({ length: 12 }, (_, i) => distance(Treasure.x[i]! - gate.x, Treasure.z[i]! - gate.z))),
        ),
      );
      for (const apart of nearest) expect(apart).toBeGreaterThan(gateReach + dugWithin - 0.01);
    }
  });
});

test("a seat's next player begins with nothing of the last", () => {
  const hub = openHub();
  const ann = comeIn(hub, "Ann");
  put(
    hub,
    ann,
    hub.inside(() => ({ x: Treasure.x[0]!, z: Treasure.z[0]! })),
  );
  expect(ann.rows("Treasure").length).toBeGreaterThan(0);
  ann.leave();
  const ben = hub.join("Ben");
  ben.move(enters("Ben"));
  expect(ben.seat).toBe(0);
  expect(ben.rows("Treasure")).toEqual([]);
  expect(ben.view.mine).toMatchObject({ found: 0, muted: [], spirit: false });
});
