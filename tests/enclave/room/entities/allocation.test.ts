/** Replication takes no memory for each player at each tick: what it needs it has from the beginning. */
import { expect, test } from "vitest";
import { angle16, component, i8 } from "#contract/index.ts";
import { layoutsOf } from "#contract/components.ts";
import { InputDesk } from "#enclave/room/input-desk.ts";
import { encodeInputRow, inputFormatOf } from "#protocol/input-row.ts";
import { buffersMadeBy } from "../../../support/buffers-made.ts";
import { heapTaken } from "../../../support/heap-taken.ts";
import { players, Walk, wayOut } from "./walk.ts";

test("for a hundred players who all move and see most of each other, a tick leaves a few hundred bytes for each", async () => {
  const walk = new Walk();
  walk.pass(20);
  expect(walk.told).toBeGreaterThan(0);
  // That is the view that is handed out and little else: a number for each row that is seen would be ten times as much.
  expect(await heapTaken(new URL("walking.ts", import.meta.url))).toBeLessThan(500);
});

test("until it is encrypted and handed to the link, no buffer is made for anybody, and a kilobyte of the heap is used", async () => {
  const walk = new Walk(await wayOut());
  expect(buffersMadeBy(() => walk.pass(20))).toBe(0);
  expect(buffersMadeBy(() => void new Uint8Array(1).slice())).toBe(2);
  expect(await heapTaken(new URL("walking-to-link.ts", import.meta.url))).toBeLessThan(1024);
});

test("what players push takes no buffer for any of them: a tick makes the one that is written down", () => {
  const Stick = component({ x: i8, aim: angle16 }, { capacity: players });
  const tables = layoutsOf({ Stick });
  const manifest = { tables, input: "Stick", players: { min: 1, max: players }, hz: 20 };
  const desk = new InputDesk(manifest);
  const format = inputFormatOf(manifest)!;
  const messages = Array.from({ length: 20 }, (_, i) => encodeInputRow(format, { n: i + 1, seen: i, values: [i, 1] }));
  const made = buffersMadeBy(() => {
    for (const [tick, message] of messages.entries()) {
      for (let seat = 0; seat < players; seat++) desk.receive(seat, message, tick);
      desk.next(tick, tick);
    }
  });
  expect(made).toBe(messages.length);
  expect(desk.applied(players - 1)).toBe(messages.length);
});

test("a viewer to whom nothing is new takes no memory", async () => {
  // One object would be sixteen bytes at least.
  expect(await heapTaken(new URL("telling-nothing.ts", import.meta.url))).toBeLessThan(1);
});
