/** What a viewer is told of rows adds up to the rows that this viewer may see, and to nothing else. */
import { describe, expect, test } from "vitest";
import { angle16, component, everyone, f32, near, owner, range, revealed, team, text, u8 } from "#contract/index.ts";
import { EntityStage } from "./stage.ts";

const Body = component(
  { x: f32, z: f32, heading: angle16, speed: range(0, 4, 8), label: text(10) },
  { capacity: 64, audience: near(40), position: true },
);
const Score = component({ points: u8 }, { capacity: 8, audience: everyone });
const Ammo = component({ clip: u8 }, { capacity: 16, audience: owner });
const Plan = component({ side: u8, goal: u8 }, { capacity: 16, audience: team("side") });
const Bomb = component({ fuse: u8 }, { capacity: 40, audience: revealed(8) });
const Hidden = component({ secret: u8 }, { capacity: 16 });
const components = { Body, Score, Ammo, Plan, Bomb, Hidden };

describe("audiences", () => {
  test("near: rows within the radius of the focus, and none beyond it", () => {
    const stage = new EntityStage(components);
    const ann = stage.join(0);
    stage.step(() => {
      for (const x of [0, 10, 39, 41]) Body.x[Body.spawn()] = x;
    });
    expect(stage.seen(ann, Body).size).toBe(0);
    stage.step(() => stage.focus(0, Body.entity(0)));
    // 39 is within the radius, but not by enough to come into sight.
    expect([...stage.seen(ann, Body).values()].map(({ x }) => x)).toEqual([0, 10]);
    stage.step(() => (Body.x[2] = 37));
    expect([...stage.seen(ann, Body).values()].map(({ x }) => x)).toEqual([0, 10, 37]);
    stage.step(() => (Body.x[2] = 39.5));
    expect([...stage.seen(ann, Body).values()].map(({ x }) => x)).toEqual([0, 10, 39.5]);
    stage.step(() => (Body.x[2] = 40.5));
    expect([...stage.seen(ann, Body).values()].map(({ x }) => x)).toEqual([0, 10]);
  });

  test("owner: the player in the seat, and told which rows are the player's own", () => {
    const stage = new EntityStage(components);
    const [ann, ben, eve] = [stage.join(0), stage.join(1), stage.connect(undefined)];
    stage.step(() => {
      Ammo.clip[Ammo.spawn(0)] = 7;
      Ammo.clip[Ammo.spawn(1)] = 9;
    });
    expect([...stage.seen(ann, Ammo)]).toEqual([[0, { clip: 7 }]]);
    expect([...stage.seen(ben, Ammo)]).toEqual([[0, { clip: 9 }]]);
    expect(stage.mine(ben, Ammo)).toEqual([0]);
    expect(eve.told).toEqual([]);
    // Another owner is another row for everybody.
    stage.step(() => (Ammo.owner[0] = 1));
    expect(stage.seen(ann, Ammo).size).toBe(0);
    expect([...stage.seen(ben, Ammo).values()]).toEqual([{ clip: 9 }, { clip: 7 }]);
    expect(stage.mine(ben, Ammo)).toEqual([0, 1]);
  });

  test("team: those whom the contract has put into the row's team", () => {
    const stage = new EntityStage(components);
    const [ann, ben] = [stage.join(0), stage.join(1)];
    stage.viewpoints.team(ann.player, 2);
    stage.step(() => {
      for (const side of [1, 2, 2]) Plan.side[Plan.spawn()] = side;
    });
    expect([...stage.seen(ann, Plan).values()].map(({ side }) => side)).toEqual([2, 2]);
    expect(ben.told).toEqual([]);
    stage.step(() => (Plan.side[1] = 1));
    expect(stage.seen(ann, Plan).size).toBe(1);
  });

  test("revealed: one by one, until hidden, despawned, or the seat is somebody else's", () => {
    const stage = new EntityStage(components);
    const [ann, ben] = [stage.join(0), stage.join(7)];
    stage.step(() => {
      for (let i = 0; i < 40; i++) Bomb.fuse[Bomb.spawn()] = i;
      Bomb.reveal(3, 0);
      Bomb.reveal(33, 0);
      Bomb.reveal(39, 7);
    });
    expect([...stage.seen(ann, Bomb).values()].map(({ fuse }) => fuse)).toEqual([3, 33]);
    expect([...stage.seen(ben, Bomb).values()].map(({ fuse }) => fuse)).toEqual([39]);
    stage.step(() => Bomb.hide(3, 0));
    expect([...stage.seen(ann, Bomb).values()].map(({ fuse }) => fuse)).toEqual([33]);
    stage.step(() => {
      Bomb.despawn(33);
      Bomb.fuse[Bomb.spawn()] = 99;
    });
    expect(stage.seen(ann, Bomb).size).toBe(0);
    const cat = stage.join(7);
    stage.step();
    expect(stage.seen(cat, Bomb).size).toBe(0);
  });

  test("everyone: spectators too, and nobody: not even the owner", () => {
    const stage = new EntityStage(components);
    const [ann, eve] = [stage.join(0), stage.connect(undefined)];
    stage.step(() => {
      Score.points[Score.spawn(0)] = 5;
      Hidden.secret[Hidden.spawn(0)] = 6;
    });
    for (const reader of [ann, eve]) {
      expect([...stage.seen(reader, Score).values()]).toEqual([{ points: 5 }]);
      expect(stage.seen(reader, Hidden).size).toBe(0);
    }
    expect([stage.mine(ann, Score), stage.mine(eve, Score)]).toEqual([[0], []]);
    // A hidden row that changes is no news.
    const told = ann.told.length;
    stage.step(() => (Hidden.secret[0] = 7));
    expect(ann.told.length).toBe(told);
  });

  test("a player whom the room has not been told of sees nothing yet", () => {
    const stage = new EntityStage(components);
    stage.step(() => void Ammo.spawn(3));
    const early = stage.connect(3);
    stage.step();
    expect(early.told).toEqual([]);
  });
});

describe("what is sent", () => {
  test("is what changed in the bits that travel, and nothing if those are the same", () => {
    const stage = new EntityStage(components);
    const ann = stage.join(0);
    stage.step(() => {
      const row = Body.spawn(0);
      Body.label.set(row, "ann");
      stage.focus(0, Body.entity(row));
    });
    expect([...stage.seen(ann, Body).values()]).toEqual([{ x: 0, z: 0, heading: 0, speed: 0, label: "ann" }]);
    stage.step(() => {
      Body.x[0] = 1.5;
      Body.heading[0] = 0.00001;
      Body.speed[0] = 0.001;
    });
    expect(ann.last!.body.blocks).toEqual([
      { table: 1, leaves: [], enters: [], updates: [{ id: 0, mask: 1, values: [1.5] }] },
    ]);
    const told = ann.told.length;
    stage.step(() => (Body.heading[0] = 0.00002));
    expect(ann.told.length).toBe(told);
    stage.step(() => Body.label.set(0, "bea"));
    expect(stage.seen(ann, Body).get(0)).toMatchObject({ label: "bea", x: 1.5 });
  });

  test("an id is the lowest that is free, and may be another row's at once", () => {
    const stage = new EntityStage(components);
    const ann = stage.join(0);
    stage.step(() => {
      for (let i = 0; i < 4; i++) Ammo.clip[Ammo.spawn(0)] = 10 + i;
    });
    stage.step(() => {
      Ammo.despawn(1);
      Ammo.clip[Ammo.spawn(0)] = 77;
    });
    expect(ann.last!.body.blocks[0]).toMatchObject({ leaves: [1], enters: [{ id: 1, values: [77] }] });
  });
});
