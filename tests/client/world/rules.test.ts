/** Plain rules of the page: camera, quality, settings, address, captions, tags, downloads. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { farthest, pushFrom, sightOf, startOrbit, toggledView, turned, zoomed } from "#world/camera/orbit.ts";
import { apart } from "#world/hud/apart.ts";
import { DownloadError, Downloads } from "#world/loading/downloads.ts";
import { QualityJudge } from "#world/quality/judge.ts";
import { levels, qualities } from "#world/quality/levels.ts";
import { TagCells } from "#world/render/tag-cells.ts";
import { readSettings, usualSettings, wantsLessMotion, writeSettings } from "#world/settings.ts";
import { Captions, sounds, stride, type SoundName } from "#world/sound/score.ts";
import { Strides } from "#world/sound/strides.ts";
import { wishOf } from "#world/wish.ts";

const flat = (): number => 0;

describe("the camera", () => {
  test("looks at somebody from behind and above, whichever way it is turned", () => {
    const { eye, target } = sightOf(startOrbit, [3, 0, 4], flat);
    expect(eye[2]).toBeLessThan(target[2]);
    expect(eye[1]).toBeGreaterThan(target[1]);
    const beside = sightOf(turned(startOrbit, Math.PI / 2, 0), [3, 0, 4], flat);
    expect(beside.eye[0]).toBeLessThan(beside.target[0]);
  });

  test("never goes below the ground, over the top, or too far", () => {
    const turn = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(turn, turn, fc.double({ min: 0.01, max: 100, noNaN: true }), (right, down, factor) => {
        const orbit = zoomed(turned(startOrbit, right, down), factor);
        expect(orbit.distance).toBeLessThanOrEqual(farthest);
        expect(Math.abs(orbit.pitch)).toBeLessThan(Math.PI / 2);
        const hill = (): number => 2;
        expect(sightOf(orbit, [0, 2, 0], hill).eye[1]).toBeGreaterThan(2.3);
      }),
    );
  });

  test("comes to the first person's eyes, and back", () => {
    const near = zoomed(startOrbit, 0.1);
    expect(near.distance).toBe(0);
    expect(sightOf(near, [0, 0, 0], flat).eye).toEqual([0, 1.42, 0]);
    expect(zoomed(near, 1.3).distance).toBeGreaterThan(0);
    expect(zoomed(near, 0.5).distance).toBe(0);
    expect(toggledView(toggledView(startOrbit)).distance).toBe(startOrbit.distance);
  });

  test.for([
    [0, 0, 1, 0, 1],
    [0, 1, 0, 1, 0],
    [Math.PI / 2, 0, 1, 1, 0],
    [Math.PI / 2, 1, 0, 0, -1],
    [Math.PI, 0, 1, 0, -1],
  ] as const)("at a yaw of %d a wish of (%d, %d) is (%d, %d) in the world", ([yaw, right, ahead, x, z]) => {
    const push = pushFrom(yaw, right, ahead);
    expect(push.x).toBeCloseTo(x);
    expect(push.z).toBeCloseTo(z);
  });

  test("makes nobody faster who walks askew", () => {
    const { x, z } = pushFrom(0.7, 1, 1);
    expect(Math.hypot(x, z)).toBeCloseTo(1);
  });
});

describe("quality", () => {
  const run = (judge: QualityJudge, milliseconds: number, seconds: number): void => {
    for (let t = 0; t < seconds * 1000; t += milliseconds) judge.frame(milliseconds);
  };

  test("goes down soon where frames are late, to the lowest and no further", () => {
    const judge = new QualityJudge({ start: "high", budgetMs: 17 });
    run(judge, 40, 2.5);
    expect(judge.level).toBe("medium");
    run(judge, 40, 20);
    expect(judge.level).toBe("low");
  });

  test("goes up late where there is room", () => {
    const judge = new QualityJudge({ start: "low", budgetMs: 17 });
    run(judge, 16.6, 4);
    expect(judge.level).toBe("low");
    run(judge, 16.6, 4);
    expect(judge.level).toBe("medium");
  });

  test("never goes up again to what was too much", () => {
    const judge = new QualityJudge({ start: "medium", budgetMs: 17 });
    run(judge, 16.6, 8);
    expect(judge.level).toBe("high");
    run(judge, 40, 3);
    expect(judge.level).toBe("medium");
    run(judge, 16.6, 60);
    expect(judge.level).toBe("medium");
  });

  test("is not judged by a tab that was hidden, nor by one late frame", () => {
    const judge = new QualityJudge({ start: "medium", budgetMs: 17 });
    for (let i = 0; i < 20; i++) judge.frame(60_000);
    expect(judge.level).toBe("medium");
    judge.frame(900);
    run(judge, 16.6, 1.5);
    expect(judge.level).toBe("medium");
  });

  test("costs less the lower it is", () => {
    const [low, medium, high] = levels.map((level) => qualities[level]);
    expect(low!.pixels).toBeLessThan(medium!.pixels);
    expect(medium!.pixels).toBeLessThan(high!.pixels);
    expect(low!.shadows).toBeNull();
    expect([low!.bloom, medium!.bloom, high!.bloom]).toEqual([false, false, true]);
  });
});

describe("settings", () => {
  test("come back as they were kept", () => {
    const chosen = { ...usualSettings, quality: "low", volume: 15, captions: true, name: "Ada" } as const;
    expect(readSettings(writeSettings(chosen))).toEqual(chosen);
  });

  test("are usual ones, whatever stands there instead", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const settings = readSettings(text);
        expect(["auto", ...levels]).toContain(settings.quality);
        expect(settings.name.length).toBeLessThanOrEqual(20);
        expect(settings.volume).toBeGreaterThanOrEqual(0);
        expect(settings.volume).toBeLessThanOrEqual(100);
      }),
    );
    expect(readSettings(null)).toEqual(usualSettings);
    expect(readSettings('{"quality":"ultra","volume":1e9,"look":"dragon.0.0","motion":1}')).toEqual(usualSettings);
  });

  test.for([
    ["system", true, true],
    ["system", false, false],
    ["less", false, true],
    ["full", true, false],
  ] as const)("with motion %s, and a system that asks for less: %s, less is wanted: %s", ([motion, asked, less]) => {
    expect(wantsLessMotion({ ...usualSettings, motion }, asked)).toBe(less);
  });
});

test.for([
  ["", { quality: undefined, cast: undefined, clock: undefined, frozen: undefined, day: undefined, pixels: undefined }],
  [
    "?quality=low&cast=100&clock=seconds&frozen=6&day=0.7&pixels=0.2",
    { quality: "low", cast: 100, clock: "seconds", frozen: 6, day: 0.7, pixels: 0.2 },
  ],
  [
    "?quality=ultra&cast=1e9&clock=never&frozen=-1&day=2",
    { quality: undefined, cast: undefined, clock: undefined, frozen: undefined, day: undefined, pixels: undefined },
  ],
  [
    "?cast=&frozen=%20",
    { quality: undefined, cast: undefined, clock: undefined, frozen: undefined, day: undefined, pixels: undefined },
  ],
] as const)("the address %j asks for %j", ([search, wish]) => {
  expect(wishOf(search)).toEqual(wish);
});

describe("sounds", () => {
  test("have words, and nothing that hurts", () => {
    for (const { caption, tones } of Object.values(sounds)) {
      expect(caption).not.toBe("");
      for (const { loud, lasts, from, to } of tones) {
        expect(loud).toBeLessThanOrEqual(0.35);
        expect(lasts).toBeLessThanOrEqual(2);
        expect(Math.min(from, to)).toBeGreaterThan(20);
      }
    }
  });

  test("are captioned, but not again and again", () => {
    const captions = new Captions();
    const said = [0, 1, 5, 13].map((now) => captions.of("step" satisfies SoundName, now));
    expect(said).toEqual(["Footsteps", undefined, undefined, "Footsteps"]);
  });

  test("of steps come once a stride, and not when one is put elsewhere", () => {
    const strides = new Strides();
    const steps = (xs: readonly number[]): number => xs.filter((x) => strides.to({ x, z: 0 })).length;
    const walk = Array.from({ length: 91 }, (_, i) => i * 0.1);
    expect(steps(walk)).toBe(Math.floor(9 / stride));
    expect(steps([30, -30, 30, -30])).toBe(0);
  });
});

describe("what is said over heads", () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 30 });

  test("covers nothing else that is said", () => {
    expect(apart([box(200, 300), box(260, 290), box(500, 300)])).toEqual([300, 266, 300]);
    expect(apart([box(200, 290), box(200, 300), box(240, 262)])).toEqual([266, 300, 232]);
    const spot = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(fc.array(fc.tuple(spot, spot), { maxLength: 6 }), (spots) => {
        const edges = apart(spots.map(([x, y]) => box(x, y)));
        edges.forEach((edge, i) => {
          expect(edge).toBeLessThanOrEqual(spots[i]![1]);
          for (const other of edges.keys()) {
            if (other === i || Math.abs(spots[other]![0] - spots[i]![0]) >= 100) continue;
            expect(Math.abs(edges[other]! - edge)).toBeGreaterThanOrEqual(30);
          }
        });
      }),
    );
  });
});

describe("name tags", () => {
  const someone = (id: number, far: number, text = `name ${id}`) => ({ id, far, text });

  test("go to the nearest, and stay in their cells", () => {
    const cells = new TagCells(2);
    const first = cells.assign([someone(1, 9), someone(2, 1), someone(3, 5)]);
    expect(first.map(({ wanted, fresh }) => [wanted.id, fresh])).toEqual([
      [2, true],
      [3, true],
    ]);
    const second = cells.assign([someone(2, 4), someone(3, 3)]);
    expect(second.every(({ fresh }) => !fresh)).toBe(true);
    const cellOf = (list: typeof first, id: number): number => list.find(({ wanted }) => wanted.id === id)!.cell;
    expect(cellOf(second, 2)).toBe(cellOf(first, 2));
    expect(cells.assign([someone(2, 4, "renamed")])[0]!.fresh).toBe(true);
  });

  test("never share a cell, and never need one that is not there", () => {
    const frame = fc.uniqueArray(fc.record({ id: fc.nat(20), far: fc.nat(50) }), { selector: ({ id }) => id });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const cells = new TagCells(5);
        for (const list of frames) {
          const placed = cells.assign(list.map(({ id, far }) => someone(id, far)));
          const used = placed.map(({ cell }) => cell);
          expect(new Set(used).size).toBe(used.length);
          expect(used.every((cell) => cell >= 0 && cell < 5)).toBe(true);
          expect(placed).toHaveLength(Math.min(5, list.length));
        }
      }),
    );
  });
});

describe("downloads", () => {
  const downloadsOf = (answer: () => Promise<Response>, shares: number[] = []): Downloads =>
    new Downloads({ address: (name) => name, size: () => 4, fetch: answer, onProgress: (share) => shares.push(share) });

  test("tell how much has arrived of all that was asked for, and fetch nothing twice", async () => {
    const shares: number[] = [];
    let asked = 0;
    const downloads = downloadsOf(() => {
      asked += 1;
      return Promise.resolve(new Response(new Uint8Array(4)));
    }, shares);
    downloads.expect(["a", "b"]);
    await downloads.file("a");
    expect(shares).toEqual([0.5]);
    await Promise.all([downloads.file("b"), downloads.file("b"), downloads.file("a")]);
    expect(shares.at(-1)).toBe(1);
    expect(asked).toBe(2);
  });

  test.for([
    ["is not there", () => Promise.resolve(new Response("", { status: 404 }))],
    ["does not arrive", () => Promise.reject(new TypeError("offline"))],
  ] as const)("say so where a file %s, and try it again when asked again", async ([, answer]) => {
    let down = true;
    const downloads = downloadsOf(() => (down ? answer() : Promise.resolve(new Response(new Uint8Array(4)))));
    await expect(downloads.file("a")).rejects.toBeInstanceOf(DownloadError);
    down = false;
    expect(await downloads.file("a")).toHaveLength(4);
  });
});
