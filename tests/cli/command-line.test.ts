/** The `phatroom` command as it is typed: rightly, wrongly, and into a pipe. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ArgsDef } from "citty";
import { afterAll, describe, expect, test } from "vitest";
import { checkArguments } from "#cli/command-line/check.ts";
import { nearest } from "#cli/command-line/nearest.ts";
import { sentenceOfSystem } from "#cli/command-line/system-errors.ts";
import { sections, summaries } from "#cli/summaries.ts";

const main = fileURLToPath(import.meta.resolve("#cli/main.ts"));
const folder = await mkdtemp(join(tmpdir(), "phatroom-typed-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** As in a terminal that says nothing about colours. */
const { NO_COLOR: _no, FORCE_COLOR: _force, ...plain } = process.env;

function typed(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    cwd: folder,
    env: { ...plain, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.err += chunk.toString()));
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, ...texts })));
}

const escape = String.fromCharCode(27);

describe("help", () => {
  test.for([["--help"], ["-h"], ["help"]])("%s names every command, without colours in a pipe", async (args) => {
    const { status, out, err } = await typed(args);
    expect([status, err]).toEqual([0, ""]);
    for (const [name, summary] of Object.entries(summaries)) expect(out).toMatch(`  ${name.padEnd(7)}  ${summary}\n`);
    expect(out).not.toContain(escape);
  });

  test("has colours where somebody wants them", async () => {
    expect((await typed(["--help"], { FORCE_COLOR: "1" })).out).toContain(escape);
  });

  test("lists each command once, and there are no others", async () => {
    const listed = sections.flatMap(([, names]) => names).sort();
    expect(listed).toEqual(Object.keys(summaries).sort());
    const source = await readFile(main, "utf8");
    expect([...source.matchAll(/^ {4}(\w+): \(\) => import/gm)].map(([, name]) => name!).sort()).toEqual(listed);
  });

  test("of one command says how it is typed and what else it takes", async () => {
    const { status, out } = await typed(["reports", "open", "--help"]);
    expect(status).toBe(0);
    expect(out).toContain("  phatroom reports open <key> [options]\n");
    expect(out).toMatch(/ {2}--store <store> +Or the store/);
    expect((await typed(["help", "reports", "open"])).out).toBe(out);
  });

  test("of a group names its commands", async () => {
    expect((await typed(["upgrade", "--help"])).out).toContain("  phatroom upgrade <command>\n");
  });

  test("the version is that of the package", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(await typed(["--version"])).toEqual({ status: 0, out: `${version}\n`, err: "" });
  });

  test("whoever stops reading is no error", async () => {
    const child = spawn("sh", ["-c", `"${process.execPath}" "${main}" --help | true`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    await new Promise((resolve) => child.once("close", resolve));
    expect(err).not.toContain("EPIPE");
  });
});

describe("what is typed wrong does nothing, and is said first", () => {
  test.for([
    [["frobnicate"], "There is no command frobnicate. phatroom --help says which there are."],
    [["dve"], "There is no command dve. Did you mean phatroom dev?"],
    [["reports", "bann"], "There is no command bann. Did you mean phatroom reports ban?"],
    [["dev", "--prot", "0"], "There is no option --prot. Did you mean --port?"],
    [["dev", "--port"], "--port <port> needs a value: "],
    [["dev", "--port", "--store", "none"], "--port <port> needs a value: "],
    [["dev", "--port="], "--port <port> needs a value: "],
    [["new"], "<name> is missing: "],
    [["new", "one", "two"], "two is one argument too many."],
    [["load", "http://localhost:1"], "--contract <contract> is missing: "],
  ] as const)("phatroom %j", async ([args, sentence]) => {
    const { status, out, err } = await typed(args);
    expect(err.slice(0, sentence.length)).toBe(sentence);
    expect([status, out]).toEqual([2, ""]);
  });

  test("and says how it is typed", async () => {
    expect((await typed(["move", "0123456789abcdef0123"])).err).toContain(
      "\n  phatroom move <room> <worker> [options]\n",
    );
  });

  test.for([[[]], [["upgrade"]]] as const)("phatroom %j alone is help and no success", async ([args]) => {
    const { status, out, err } = await typed(args);
    expect([status, err]).toEqual([2, ""]);
    expect(out).toContain("--help says more");
  });
});

describe("arguments", () => {
  const takes: ArgsDef = {
    file: { type: "positional" },
    rest: { type: "positional", required: false, valueHint: "…" },
    "per-room": { type: "string" },
    profile: { type: "string", valueHint: "[recording]" },
    json: { type: "boolean", default: false },
  };

  test.for([
    [["a"]],
    [["a", "b", "c"]],
    [["a", "--per-room", "3"]],
    [["a", "--perRoom=3"]],
    [["a", "--per-room=-3"]],
    [["a", "--json"]],
    [["a", "--no-json"]],
    [["a", "--profile"]],
    [["a", "--profile", "play"]],
    [["--", "--json"]],
  ] as const)("%j fit", ([args]) => {
    expect(() => checkArguments(args, takes)).not.toThrow();
  });

  test.for([
    [[], "<file> is missing"],
    [["a", "--no-per-room"], "There is no option --no-per-room"],
    [["a", "--per-room", "-3"], "needs a value"],
    [["a", "-x"], "There is no option -x"],
  ] as const)("%j do not: %s", ([args, sentence]) => {
    expect(() => checkArguments(args, takes)).toThrow(sentence);
  });
});

test.for([
  ["dve", "dev"],
  ["exprot", "export"],
  ["rep", "replay"],
  ["x", undefined],
  ["frobnicate", undefined],
] as const)("%s may be meant as %s", ([text, meant]) => {
  expect(nearest(text, ["new", "dev", "export", "replay", "load"])).toBe(meant);
});

describe("what the system refuses is a sentence", () => {
  test("a key is not written over, and a folder that is not there is named", async () => {
    await writeFile(join(folder, "kept.key"), "kept");
    for (const group of ["upgrade", "reports"]) {
      const kept = await typed([group, "key", "kept.key"]);
      expect(kept).toEqual({ status: 1, out: "", err: "There is a file kept.key already; it is left as it is.\n" });
      const lost = await typed([group, "key", "nowhere/new.key"]);
      expect(lost).toEqual({ status: 1, out: "", err: "There is no nowhere/new.key, or no folder for it.\n" });
    }
    expect(await readFile(join(folder, "kept.key"), "utf8")).toBe("kept");
  });

  test.for([
    [{ code: "EROFS", path: "a" }, "a lies where nothing can be written."],
    [{ code: "EACCES", port: 80 }, "Port 80 is kept for others. Choose one above 1023."],
    [{ code: "EADDRINUSE", port: 80 }, "The port is in use."],
    [{ code: "ERR_INVALID_ARG_TYPE" }, undefined],
    [{ code: "toString", path: "a" }, undefined],
  ] as const)("%j", ([fields, sentence]) => {
    const said = sentenceOfSystem(Object.assign(new Error("it"), fields));
    if (sentence === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(sentence);
  });
});
