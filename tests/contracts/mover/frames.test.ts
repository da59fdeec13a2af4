/** One contract written twice is one room: the same log, and every viewer gets the same frames, to the last byte. */
import { beforeAll, expect, test } from "vitest";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { Stage } from "#testing/stage.ts";
import { seeded } from "#testing/seeded.ts";
import { moverFrontEnds } from "./front-ends.ts";

let frontEnds: readonly LoadedContract[];

beforeAll(async () => {
  frontEnds = await moverFrontEnds();
}, 240_000);

interface Played {
  /** When, to whom, which bytes. */
  readonly frames: readonly string[];
  /** Of the log. */
  readonly head: string;
}

/** People come, steer, drop, come back, leave and look on. @param late what is steered in the end. */
function play(contract: LoadedContract, late = 3): Played {
  const stage = new Stage({ contract, seed: "twice" });
  const random = seeded("mover", "frames");
  const people = ["Ann", "Ben", "Cy", "Dee"].map((name) => stage.invite("play", name));
  for (const who of people) stage.enter(who);
  for (let tick = 1; tick <= 80; tick++) {
    const who = people[random.below(people.length)]!;
    const chance = random.below(12);
    if (who.connection === undefined) stage.enter(who);
    else if (chance < 6) stage.move(who, { direction: random.below(32), walking: random.below(3) > 0 });
    else if (chance === 6) stage.move(who, { direction: 99, walking: true });
    else if (chance === 7) stage.cut(who);
    else if (chance === 8) stage.resume(who);
    else if (chance === 9) stage.enter(stage.invite("watch"));
    else if (tick === 70) stage.leave(who);
    if (tick === 75) stage.move(people[0]!, { direction: late, walking: true });
    stage.advance(stage.now + 50);
  }
  expect(stage.faults).toEqual([]);
  const frames = stage
    .takeDeliveries()
    .map(({ at, to, frames: sent }) => `${at} ${to.name} ${sent.map((frame) => bytesToHex(frame)).join(" ")}`);
  return { frames, head: bytesToHex(stage.head) };
}

test("mover in both languages and in plain Node: logs, views, rows and answers as clients get them", () => {
  const [first, ...others] = frontEnds.map((contract) => play(contract));
  expect(first!.frames.length).toBeGreaterThan(200);
  for (const other of others) expect(other).toEqual(first);
});

test("another move in one of them is seen in its log and in its frames", () => {
  const [one, other] = [play(frontEnds[0]!), play(frontEnds[0]!, 4)];
  expect(other.head).not.toBe(one.head);
  expect(other.frames).not.toEqual(one.frames);
});
