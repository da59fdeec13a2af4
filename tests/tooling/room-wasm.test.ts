/** docs/room-wasm-v1.md is what the code does: its examples are encoded, and its numbers compared. */
import { describe, expect, test } from "vitest";
import { encodeAnswer, encodeCall, type Answer, type Call } from "#contract/abi.ts";
import { KeystreamRandom } from "#contract/random.ts";
import { checkAnswer } from "#enclave/sandbox/answer.ts";
import { depthMax } from "#enclave/sandbox/hardener/harden.ts";
import { initial } from "#enclave/sandbox/hardener/initial.ts";
import { permittedImports } from "#enclave/sandbox/wasm/module.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import { checkTables } from "#protocol/check-tables.ts";
import { consumeRefusals } from "#protocol/consumption.ts";
import * as limits from "#protocol/limits.ts";
import { checkManifest, manifestLimits } from "#protocol/manifest.ts";
import { requestFailures, requestLimits } from "#protocol/request.ts";
import { placeTables } from "#protocol/tables.ts";
import vectors from "../vectors/abi.json" with { type: "json" };
import { blocksOf, readFromRoot } from "../support/documents.ts";

const document = readFromRoot("docs/room-wasm-v1.md");
const blocks = blocksOf(document);

/** Text as the document writes numbers: "65,536". */
const written = (number: number): string => number.toLocaleString("en");

/** Rows of the first table below a heading: cells without backticks. */
function rowsOf(heading: string, header: string): string[][] {
  const section = document.split(/^#+ /m).find((text) => text.startsWith(heading)) ?? "";
  const lines = section.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|") && line.includes(header));
  if (start === -1) throw new Error(`there is no table with "${header}" below "${heading}"`);
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith("|")) break;
    rows.push(
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
  }
  return rows;
}

/** JSON in which bytes are text that begins with 0x. */
const parse = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith("0x") ? hexToBytes(value.slice(2)) : value,
  );

const blockIn = (section: string, language: string): string =>
  blocks.find((block) => block.section.startsWith(section) && block.language === language)!.text;

describe("an example", () => {
  const examples = blocks.flatMap(({ language, text, section }, i) => {
    const next = blocks[i + 1];
    return language === "json" && next?.language === "msgpack"
      ? [{ section, value: parse(text) as Call | Answer, hex: next.text.replaceAll(/\s/g, "") }]
      : [];
  });

  test("there is one for every call, every answer and every effect", () => {
    const calls = examples.flatMap(({ value }) => ("call" in value ? [value.call] : []));
    const answers = examples.flatMap(({ value }) => ("answer" in value && !("call" in value) ? [value.answer] : []));
    expect(new Set(calls)).toEqual(new Set(Object.keys(vectors.calls).map((name) => name.split(" ")[0])));
    expect(new Set(answers)).toEqual(new Set(["described", "done", "views", "state"]));
    const named = rowsOf("Effects", "what happens").map(([name]) => name);
    const shown = examples.flatMap(({ value }) =>
      "effects" in value ? value.effects.map(({ effect }) => effect) : [],
    );
    expect(new Set(shown)).toEqual(new Set(named));
  });

  test.for(examples.map((example) => [example.section, JSON.stringify(example.value), example] as const))(
    "in %s: %s",
    ([, , { value, hex }]) => {
      const bytes = "call" in value ? encodeCall(value) : encodeAnswer(value);
      expect(hex).toBe(bytesToHex(bytes));
      if ("call" in value) return;
      // What the page shows as an answer is one.
      const call: Call =
        value.answer === "described"
          ? { call: "describe" }
          : value.answer === "views"
            ? { call: "view", tick: 9, viewers: value.views.map(() => ({ kind: "spectator" })) }
            : value.answer === "state"
              ? { call: "state", tick: 11 }
              : value.result !== undefined
                ? { call: "abandon", tick: 8, absent: [] }
                : { call: "move", tick: 70_000, player: { id: "0".repeat(32), seat: 0 }, move: null };
      expect(checkAnswer(call, value)).toEqual(value);
    },
  );

  test("the manifest that is shown is complete, in the order of the code", () => {
    const shown = examples.map(({ value }) => value).find((value) => "manifest" in value)!.manifest;
    expect(JSON.stringify(checkManifest(shown))).toBe(JSON.stringify(shown));
    expect(rowsOf("9. Manifest", "what it may be").map(([name]) => name)).toEqual([
      ...Object.keys(shown as object),
      "reveal",
      "records",
      "requests",
      "collections",
      "items",
      "input",
      "predict",
    ]);
  });
});

test("the reasons why an item is not used up are those that there are", () => {
  expect(rowsOf("consumed", "why it is not used up").map(([name]) => name)).toEqual(Object.keys(consumeRefusals));
});

test("the reasons why nobody answered are those that there are", () => {
  expect(rowsOf("answer", "what happened").map(([name]) => name)).toEqual([...requestFailures]);
  for (const number of [requestLimits.answer, requestLimits.body, requestLimits.urlLength]) {
    expect(document).toContain(written(number));
  }
});

describe("a number", () => {
  test.for(rowsOf("5. Values", "limit"))("%s is %s", ([name, most]) => {
    expect(most).toBe(written((limits as unknown as Record<string, number>)[name!]!));
  });

  test("of the manifest is one of its limits", () => {
    const may = Object.fromEntries(rowsOf("9. Manifest", "what it may be").map(([name, what]) => [name, what!]));
    const { seats, spectators, hz, graceMs, pauseMs, options, optionValues, memoryPages, fuel, nameLength } =
      manifestLimits;
    expect(may).toMatchObject({
      name: expect.stringContaining(`at most ${nameLength}`) as string,
      players: expect.stringContaining(`1 to ${written(seats)}`) as string,
      spectators: `0 to ${written(spectators)}`,
      hz: expect.stringContaining(`1 to ${hz}`) as string,
      graceMs: `0 to ${written(graceMs)}`,
      pauseMs: `0 to ${written(pauseMs)}`,
      options: expect.stringContaining(`at most ${options}, each of 1 to ${optionValues} words`) as string,
      memoryPages: `1 to ${written(memoryPages)}`,
      fuel: `100,000 to ${written(fuel)}`,
    });
    expect(document).toContain(`Frame sizes are ${limits.frameBuckets.join(", ")}.`);
  });

  test("of the engine is the engine's", () => {
    const budgets = Object.fromEntries(rowsOf("11. Budgets", "how much").map(([name, much]) => [name, much]));
    expect(budgets["depth"]).toBe(written(depthMax));
    expect(document).toContain(`fuel of ${written(initial.fuel)}`);
    expect(document).toContain(`gets ${written(manifestLimits.fuel)}`);
    expect(document).toContain(`at most ${written(limits.bundleLengthMax)} bytes`);
    expect(document).toContain(`at least ${written(limits.callInputMax)} bytes`);
    expect(document).toContain(`4,096 to ${written(limits.callOutputMax)} bytes`);
  });
});

test("the imports that are named are those that are granted", () => {
  expect(new Set(rowsOf("2. The module", "| import").map(([name]) => name))).toEqual(permittedImports);
});

test("the draws that are shown are drawn", () => {
  const { key } = parse(blockIn("open", "json")) as { key: Uint8Array };
  const random = new KeystreamRandom(key);
  const drawn = [
    random.below(6),
    random.below(52),
    random.below(3_221_225_472),
    random.unit(),
    bytesToHex(random.bytes(3)),
    random.shuffle([0, 1, 2, 3, 4]).join(", "),
  ];
  expect(blockIn("7. Randomness", "text").split("\n")).toEqual(drawn.map(String));
});

test("the table that is shown lies where the page says", () => {
  const layouts = checkTables([parse(blockIn("10. Tables", "json"))]);
  const { tables, length } = placeTables(layouts);
  const lines = tables[0]!.columns.map(({ name, width, at }) => `${name} ${width} ${at}`);
  expect(blockIn("10. Tables", "text").split("\n")).toEqual([...lines, `the region has ${length} bytes`]);
});
