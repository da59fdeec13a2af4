/** A game whose log is revealed, from its first move to a player at home who repeats it and trusts the host for nothing. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeLogFile } from "#audit/log-file.ts";
import { replay } from "#audit/replay.ts";
import { recordsFrom, revealedLog } from "#cli/audit/export-log.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { createRoom, developmentPolicy, guestAccount, join, memoryKeyStore, type RoomId } from "#client/index.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { worldId } from "#protocol/manifest.ts";
import type { dot4 } from "../../contracts/dot4/dot4.ts";
import { playOut, until } from "../adversary/play-out.ts";
import type { Dot4Room } from "../adversary/stage.ts";
import { loadRevealed, revealedBundle } from "../audit/games.ts";

const world = { name: "phatroom, revealed", development: true };

let folder: string;
let place: Place;
let contract: LoadedContract;

beforeEach(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-revealed-"));
  const contracts = joinPath(folder, "contracts");
  await mkdir(contracts);
  await writeFile(joinPath(contracts, "revealed-dot4.bundle.js"), await revealedBundle());
  contract = await loadRevealed();
  place = await startPlace({
    world,
    contracts,
    directory: joinPath(folder, "platform"),
    output: () => undefined,
    gateway: { port: 0, store: { kind: "sqlite", directory: joinPath(folder, "store") } },
  });
});

afterEach(async () => {
  await place.close();
  await rm(folder, { recursive: true, force: true });
});

const sitDown = async (room: RoomId, want: "play" | "watch" = "play"): Promise<Dot4Room> =>
  join<typeof dot4>(place.url, {
    room,
    world: worldId(world),
    contract: contract.hash,
    policy: developmentPolicy,
    account: await guestAccount(memoryKeyStore()),
    want,
  });

test("both players are told the head, and with it the log that the host gives away is the game that they played", async () => {
  const room = await createRoom(place.url, { contract: "revealed-dot4" });
  const players = await Promise.all([sitDown(room), sitDown(room)]);
  const spectator = await sitDown(room, "watch");
  const told = [...players, spectator].map(
    (one) => new Promise<Uint8Array>((resolve) => one.on("revealed", ({ head }) => resolve(head))),
  );
  await until(players[0]!, ({ view }) => view?.phase === "placing");
  await expect(recordsFrom(place.url, room)).rejects.toThrow(/no revealed log/);
  await playOut(players, 7);
  const [head, ...others] = await Promise.all(told);
  for (const other of others) expect(other).toEqual(head);
  const log = encodeLogFile(revealedLog(await recordsFrom(place.url, room)));
  const report = replay(log, contract, { head: head! });
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({ accepted: true, head: "as-said", room, ended: players[0]!.status.ended });
  expect(new Map(report.players.map(({ seat, player }) => [seat, player]))).toEqual(
    new Map(players.map(({ seat, player }) => [seat, player])),
  );
});
