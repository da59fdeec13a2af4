/** Whoever has a revealed log and the rules repeats the room bit for bit, and finds out whatever somebody changed in it. */
import { beforeAll, expect, test } from "vitest";
import { bytesToHex } from "#protocol/bytes.ts";
import { encodeLogFile, type RoomLogFile } from "#audit/log-file.ts";
import { replay } from "#audit/replay.ts";
import type { Report } from "#audit/report.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { loadRevealed, playedDot4 } from "./games.ts";
import type { WrittenRoom } from "./written-room.ts";

let contract: LoadedContract;
let room: WrittenRoom;
let file: RoomLogFile;
let report: Report;

beforeAll(async () => {
  contract = await loadRevealed();
  room = playedDot4(contract, "replay");
  file = room.file();
  report = replay(encodeLogFile(file), contract);
});

test("a whole game ends as it ended, in the same memory, with the same awards", () => {
  expect(report.differences).toEqual([]);
  expect(report).toMatchObject({
    accepted: true,
    keys: "revealed",
    head: "nothing-said",
    records: room.records.length,
    openings: 2,
    ended: room.course.ended,
    lastHead: bytesToHex(room.log.head),
    memory: bytesToHex(room.course.memory()),
    ticks: room.course.tick,
  });
  expect(report.players.map(({ name }) => name)).toEqual(["Ann", "Ben"]);
  expect(report.moves).toBeGreaterThan(10);
});

test("the head that an enclave said is the head of its log", () => {
  const said = replay(encodeLogFile(file), contract, { head: room.log.revealed!.head });
  expect(said).toMatchObject({ accepted: true, head: "as-said" });
  const other = replay(encodeLogFile(file), contract, { head: room.records[3]!.head });
  expect(other).toMatchObject({ accepted: false, head: "differs", differences: [{ code: "another-end" }] });
});
