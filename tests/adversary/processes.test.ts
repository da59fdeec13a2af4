/** Processes that die without a word: players are told, the worker comes back, and nothing is left running. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hexToBytes } from "#protocol/bytes.ts";
import { worldId } from "#protocol/manifest.ts";
import { createRoom, developmentPolicy, guestAccount, info, join, memoryKeyStore } from "#client/index.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { rootFolder } from "../support/folders.ts";
import { world, type Dot4Room } from "./stage.ts";
import { playToWin, until } from "./play-out.ts";

type Line = Readonly<Record<string, unknown>>;

let place: ChildProcess;
let lines: Line[];
let waiting: (() => void)[];

beforeEach(() => {
  lines = [];
  waiting = [];
  place = spawn(process.execPath, ["tests/support/place-process.ts"], {
    cwd: rootFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: place.stdout! }).on("line", (line) => {
    lines.push(JSON.parse(line) as Line);
    for (const wake of waiting.splice(0)) wake();
  });
});

afterEach(async () => {
  if (place.exitCode !== null || place.signalCode !== null) return;
  const exit = once(place, "exit");
  place.kill("SIGTERM");
  await exit;
});

/** The next line, from `from` on, that fits. */
async function line(fits: (line: Line) => boolean, from = 0): Promise<Line> {
  for (;;) {
    const found = lines.slice(from).find(fits);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

const workerStarted = (line: Line): boolean => line["msg"] === "worker-started";

async function sitDown(url: string, room: Awaited<ReturnType<typeof createRoom>>): Promise<Dot4Room> {
  const { ready } = await info(url);
  const contract = hexToBytes(ready!.contracts[0]!.hash);
  const account = await guestAccount(memoryKeyStore());
  return join<typeof dot4>(url, {
    room,
    world: worldId(world),
    contract,
    policy: developmentPolicy,
    account,
    timeouts: { pauseMax: 1000 },
  });
}

test("when the worker is killed, players are told that their room is gone, and new rooms can be played", async () => {
  const { url } = (await line((found) => "url" in found)) as { url: string };
  const room = await createRoom(url, { contract: "dot4" });
  const players = [await sitDown(url, room), await sitDown(url, room)];
  await until(players[0]!, ({ view }) => view?.phase === "placing");
  const told = players.map(
    (player) => new Promise<string>((resolve) => player.on("closed", ({ code }) => resolve(code))),
  );
  const { pid } = (await line(workerStarted)) as unknown as { pid: number };
  const from = lines.length;
  process.kill(pid, "SIGKILL");
  // The room was in that worker's memory; the gateway and the new worker say so, and nobody waits for ever.
  expect(await Promise.all(told)).toEqual(["room-not-found", "room-not-found"]);
  await line((found) => found["msg"] === "worker-ready", from);
  const next = await createRoom(url, { contract: "dot4" });
  const again = [await sitDown(url, next), await sitDown(url, next)];
  const played = await playToWin(again, 2);
  expect(again[0]!.status.ended?.how).toBe("finished");
  expect(played.refused).toEqual([]);
  for (const player of again) player.close();
});

test("when the gateway is killed, its worker does not stay behind", async () => {
  await line((found) => "url" in found);
  const { pid } = (await line(workerStarted)) as unknown as { pid: number };
  const exit = once(place, "exit");
  place.kill("SIGKILL");
  await exit;
  // The operating system tells the worker by closing its standard input; it then ends, and its name disappears.
  while (alive(pid)) await new Promise((resolve) => setImmediate(resolve));
  expect(alive(pid)).toBe(false);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
