import { expect, test, vi } from "vitest";
import { dot4, type Seat, type View } from "../../../contracts/dot4/dot4.ts";
import { randomMove } from "../../../contracts/dot4/play.ts";
import { playerNameMax } from "#protocol/limits.ts";
import type { Value } from "#contract/contract.ts";
import { inProcess } from "#testing/in-process.ts";
import { secrecyTest } from "#testing/secrecy.ts";
import { seeded } from "#testing/seeded.ts";
import { Stage } from "#testing/stage.ts";
import { dot4Leaks } from "../leaks/dot4-leaks.ts";
import { dot4Secrecy } from "./entitled.ts";

/** `npm run deep -- secrecy-dot4` takes many more, and `secrecy-dot4-engine` goes through the engine; slices of both are tests. */
const steps = 1000;

/** These count steps, not seconds; a busy machine may take long. */
vi.setConfig({ testTimeout: 300_000 });

test("whoever does not know a bomb gets the same bytes wherever it lies", () => {
  const report = secrecyTest(dot4, { ...dot4Secrecy, steps });
  expect(report.steps).toBe(steps);
  expect(report.gamesVaried).toBeGreaterThan(15);
  expect(report.framesCompared.players).toBeGreaterThan(50);
  expect(report.framesCompared.spectators).toBeGreaterThan(50);
  expect(report.framesCompared.host).toBeGreaterThan(500);
});

test("bombs hidden at random are as secret as those that were chosen", () => {
  const lazy = {
    ...dot4Secrecy,
    move: (o: Parameters<typeof dot4Secrecy.move>[0]) => (o.view.phase === "placing" ? null : dot4Secrecy.move(o)),
  };
  const { vary: _vary, redeal: _redeal, ...rest } = lazy;
  const report = secrecyTest(dot4, { ...rest, varySeed: true, steps: 2000 });
  expect(report.framesCompared.spectators).toBeGreaterThan(20);
});

/** Games that find each leak soon. Any others do, too, within some thousand steps. */
const seeds: Readonly<Record<string, string>> = {
  "by the result of an abandoned game": "secrecy",
  "by revealing when somebody leaves": "3",
  "to those who come back": "secrecy",
};

test.for(Object.entries(dot4Leaks))("a leak %s is found", ([name, leaky]) => {
  const test = (): unknown => secrecyTest(leaky, { ...dot4Secrecy, steps: 20_000, seed: seeds[name] ?? "5" });
  expect(test).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(leak|host-trace)$/) as string }));
});

test("every message is one frame of one size, whatever happens in a game", () => {
  const random = seeded("frames");
  for (let game = 0; game < 10; game++) {
    const stage = new Stage({ contract: inProcess(dot4), seed: String(game) });
    // Three bytes each, the longest that UTF-8 makes of one UTF-16 unit.
    const clients = ["€", "字", "ก"].map((letter, i) =>
      stage.invite(i < 2 ? "play" : "watch", letter.repeat(playerNameMax)),
    );
    for (const client of clients) stage.enter(client);
    while (stage.room.phase !== "ended") {
      stage.advance(stage.now + 1000);
      const seat = random.below(2);
      const { view } = clients[seat]!;
      if (view !== undefined) {
        const move = randomMove(view as unknown as View, seat as Seat, random);
        if (move !== null) stage.move(clients[seat]!, move as Value);
      }
      // Coming back shows the whole view, the longest message of all.
      if (random.below(5) === 0) stage.enter(clients[random.below(3)]!);
    }
    for (const { frames } of stage.takeDeliveries()) {
      expect(frames.map(({ length }) => length)).toEqual([1024]);
    }
  }
});
