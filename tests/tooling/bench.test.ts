/** What benches are made of: workloads of engines, their command line, games for bots, and what a search for secrets finds. */
import { describe, expect, test } from "vitest";
import { boardAfter, scriptLength, writeScript } from "../../bench/bots/script.ts";
import type { Candidate } from "../../bench/engine/candidate.ts";
import { workloadsScript } from "../../bench/engine/portable.ts";
import { hardenedQuickJs, plainQuickJs } from "../../bench/engine/quickjs.ts";
import { plainV8 } from "../../bench/engine/v8.ts";
import { measureWorkloads, ratioOf } from "../../bench/engine/workloads.ts";
import { parseOptions, UsageError } from "../../bench/options.ts";
import { payloads } from "../../bench/probe/payloads.ts";
import { holdsCells, holdsText } from "../../bench/probe/search.ts";
import type { Cell } from "../../contracts/dot4/dot4.ts";
import { encodeMsgpack } from "../../server/protocol/msgpack.ts";
import { utf8ToBytes } from "../../server/protocol/bytes.ts";

describe("the engine's workloads", () => {
  const once = { rounds: 1, warmupMs: 0 };

  test("are the same work in V8 and in QuickJS, hardened or not", async () => {
    const script = await workloadsScript();
    const candidates = [plainV8(script), await plainQuickJs(script), await hardenedQuickJs(script)];
    const { rows, times } = measureWorkloads(candidates, once);
    expect(rows.map(({ name }) => name)).toEqual(["plain V8", "QuickJS", "QuickJS, hardened"]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["name", "w1_tick_us", "w2_views_us", "w3_card_us", "w4_echo_us", "state"]);
    }
    expect(Object.keys(ratioOf(times, "QuickJS, hardened", "QuickJS"))).toEqual(
      ["w1_tick", "w2_views", "w3_card", "w4_echo"].map((work) => `${work}: QuickJS, hardened / QuickJS`),
    );
  });

  test("do not count where one engine computes something else", async () => {
    const right = plainV8(await workloadsScript());
    const other = plainV8(await workloadsScript());
    const wrong: Candidate = { ...other, name: "wrong", call: (work) => other.call(work === 4 ? 1 : work, 100) };
    expect(() => measureWorkloads([right, wrong], once)).toThrow(/wrong ends in another state/);
  });
});
describe("the command line", () => {
  test("has defaults, and smaller ones for --quick", () => {
    expect(parseOptions(["dot4"])).toMatchObject({ bench: "dot4", json: false, rooms: 500, rate: 1, seconds: 30 });
    expect(parseOptions(["join", "--quick", "--json"])).toMatchObject({ bench: "join", json: true, joins: 30 });
    expect(parseOptions(["dot4", "--quick", "--rooms", "7"])).toMatchObject({ rooms: 7 });
    expect(parseOptions(["dot4", "--only", "boardgame.io", "--rate", "0.5"]).only).toBe("boardgame.io");
  });

  test.for([
    [[]],
    [["dance"]],
    [["join", "dot4"]],
    [["join", "--fast"]],
    [["dot4", "--rooms", "many"]],
    [["dot4", "--rooms", "-1"]],
    [["dot4", "--rooms", "1.5"]],
    [["dot4", "--only", "nakama"]],
    [["dot4", "--rate", "3"]],
    [["dot4", "--rate", "100"]],
  ] as const)("%j is refused with a sentence", ([args]) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
  });
});

describe("games for bots", () => {
  test("are the same every time, differ from each other, and go on to the end", () => {
    const [first, again, other] = [writeScript(1, scriptLength), writeScript(1, scriptLength), writeScript(2, 8)];
    expect(again).toEqual(first);
    expect(first.drops).toHaveLength(scriptLength);
    expect(other.drops).not.toEqual(first.drops.slice(0, 8));
  });

  test("are played by the rules: the board after them has both players' stones", () => {
    const script = writeScript(3, 12);
    expect(boardAfter(script, 0).every((stone) => stone === null)).toBe(true);
    expect(boardAfter(script, 1).filter((stone) => stone === 0).length).toBeLessThanOrEqual(1);
    expect(new Set(boardAfter(script, 12))).toEqual(new Set([null, 0, 1]));
  });
});

describe("a search for secrets", () => {
  const bombs: readonly Cell[] = [
    [6, 2],
    [2, 7],
    [8, 8],
  ];
  const patch = bombs.map((value, i) => ({ op: "add", path: `/G/bombs/${i}`, value }));
  const schema = bombs.flat().flatMap((value, i) => [0x80, i, value]);

  test.for([
    ["msgpack", encodeMsgpack({ kind: "place", bombs: bombs.map((cell) => [...cell]) })],
    ["JSON", utf8ToBytes(JSON.stringify({ bombs }))],
    ["JSON with other numbers around", utf8ToBytes(JSON.stringify([[1, 1], ...bombs, [9, 9]]))],
    ["a JSON patch", utf8ToBytes(JSON.stringify(patch))],
    ["operations of a schema", Uint8Array.from(schema)],
    ["the bare numbers", Uint8Array.from(bombs.flat())],
  ] as const)("finds bombs in %s", ([, bytes]) => {
    const around = new Uint8Array([...utf8ToBytes("before"), ...bytes, ...utf8ToBytes("after")]);
    expect(holdsCells(around, bombs)).toBe(true);
  });

  test.for([
    [
      "another order",
      encodeMsgpack([
        [2, 7],
        [6, 2],
        [8, 8],
      ]),
    ],
    [
      "two of three",
      encodeMsgpack([
        [6, 2],
        [2, 7],
      ]),
    ],
    ["longer numbers", utf8ToBytes("[[16,2],[2,7],[8,88]]")],
    ["numbers far apart", Uint8Array.from(bombs.flat().flatMap((value) => [value, 99, 99, 99, 99]))],
    ["nothing", new Uint8Array(0)],
  ] as const)("does not find them in %s", ([, bytes]) => {
    expect(holdsCells(bytes, bombs)).toBe(false);
  });

  test("finds names as they are", () => {
    expect(holdsText(utf8ToBytes('{"name":"owner-1"}'), "owner-1")).toBe(true);
    expect(holdsText(utf8ToBytes('{"name":"owner-2"}'), "owner-1")).toBe(false);
  });

  test("looks behind the masks of WebSocket frames", () => {
    const head = "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
    // RFC 6455 section 5.7: a masked and an unmasked "Hello".
    const masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    const plain = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    const long = [0x82, 126, 0, 200, ...Array.from({ length: 200 }, () => 0x2e)];
    const bytes = Buffer.concat([Buffer.from(head), Buffer.from([...masked, ...plain, ...long])]);
    expect(payloads(bytes).toString()).toBe(`${head}HelloHello${".".repeat(200)}`);
    expect(payloads(Buffer.from("GET / HTTP/1.1\r\n\r\nbody")).toString()).toBe("GET / HTTP/1.1\r\n\r\nbody");
  });

  test("refuses to vouch for compressed frames", () => {
    const bytes = Buffer.from("HTTP/1.1 101 x\r\nupgrade: websocket\r\n\r\n\xc1\x01x", "latin1");
    expect(() => payloads(bytes)).toThrow(/compressed/);
  });
});
