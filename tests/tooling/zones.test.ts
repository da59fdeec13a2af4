/** The folder is the trust boundary: an import or a global that crosses it wrongly does not compile, or does not lint. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const sources = ["client", "contracts", "server", "package.json", "tsconfig.json", ".oxlintrc.json", ".gitignore"];

let copy: string;

/** A copy of the sources that compiles, in which faults can be planted without disturbing anybody. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "phatroom-zones-"));
  for (const source of sources)
    cpSync(join(root, source), join(copy, source), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  // What was compiled already need not be compiled here: the compiler looks whether it still holds.
  const compiled = join(root, ".cache/types");
  if (existsSync(compiled)) cpSync(compiled, join(copy, ".cache/types"), { recursive: true, preserveTimestamps: true });
  const zones = [
    "contracts",
    "contracts/sdk",
    "server/protocol",
    "server/attestation",
    "server/rmrk",
    "server/enclave",
    "server/gateway",
    "server/chain",
    "server/audit",
  ];
  const { status, stdout } = spawnSync(bin("tsc"), ["-b", ...zones, "client/sdk"], { cwd: copy, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 240_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

type Fault = readonly [name: string, zone: string, line: string, told: string];

/** What a tool says about each planted line, one run for each project: by name. */
function plantAll(
  faults: readonly Fault[],
  projectOf: (zone: string) => string,
  command: (project: string, files: readonly string[]) => readonly string[],
) {
  const said = new Map<string, string>();
  for (const project of new Set(faults.map(([, zone]) => projectOf(zone)))) {
    const here = faults.flatMap(([name, zone, line], i) =>
      projectOf(zone) === project ? [{ name, line, file: `${zone}/planted-${i}.ts` }] : [],
    );
    for (const { line, file } of here) writeFileSync(join(copy, file), `/** Planted. */\n${line}\n`);
    const [tool, ...args] = command(
      project,
      here.map(({ file }) => file),
    );
    // In some places, as where CI is set, it speaks in colours even to a pipe.
    const stdout = stripVTControlCharacters(spawnSync(bin(tool!), args, { cwd: copy, encoding: "utf8" }).stdout);
    for (const { name, file } of here) {
      said.set(
        name,
        stdout
          .split(/\n(?=\S)|\n\s*\n/)
          .filter((block) => block.includes(file))
          .join("\n"),
      );
      rmSync(join(copy, file));
    }
  }
  return said;
}

const notCompiling: readonly Fault[] = [
  ["the gateway imports the enclave", "server/gateway", 'export { Gate } from "../enclave/gate.ts";', "TS6307"],
  [
    "the gateway imports the enclave by its alias",
    "server/gateway",
    'export { Gate } from "#enclave/gate.ts";',
    "TS6307",
  ],
  [
    "the gateway imports a contract",
    "server/gateway",
    'export { dot4 } from "../../contracts/dot4/dot4.ts";',
    "TS6307",
  ],
  ["the gateway imports the client", "server/gateway", 'export * from "#client/index.ts";', "TS6307"],
  [
    "the enclave imports a contract",
    "server/enclave",
    'export { dot4 } from "../../contracts/dot4/dot4.ts";',
    "TS6307",
  ],
  ["the enclave imports the gateway", "server/enclave", 'export * from "#gateway/main.ts";', "TS6307"],
  ["the chain imports the enclave", "server/chain", 'export { Gate } from "#enclave/gate.ts";', "TS6307"],
  ["the client imports the enclave", "client/sdk", 'export { Gate } from "#enclave/gate.ts";', "TS6307"],
  ["the protocol imports the enclave", "server/protocol", 'export { Gate } from "#enclave/gate.ts";', "TS6307"],
  ["a contract imports the enclave", "contracts/dot4", 'export { Gate } from "#enclave/gate.ts";', "TS6307"],
  ["the protocol does I/O", "server/protocol", 'export * from "node:fs";', "TS2591"],
  [
    "the protocol reads a random number generator",
    "server/protocol",
    "export const x = crypto.getRandomValues;",
    "TS2304",
  ],
  ["the verifier fetches", "server/attestation", 'export const x = fetch("https://example.com");', "TS2304"],
  ["a replay asks a gateway", "server/audit", 'export * from "#gateway/main.ts";', "TS6307"],
  ["the consolidator does I/O", "server/rmrk", 'export * from "node:fs";', "TS2591"],
  ["a contract sets a timeout", "contracts/dot4", "setTimeout(() => 0, 1);", "TS2304"],
  ["a contract touches the page", "contracts/dot4", "export const x = document.title;", "TS2584"],
  ["a contract reads the environment", "contracts/dot4", "export const x = process.env;", "TS2591"],
];

describe("the compiler", () => {
  let said: ReadonlyMap<string, string>;
  beforeAll(() => {
    said = plantAll(
      notCompiling,
      (zone) => (zone.startsWith("contracts/") ? "contracts" : zone),
      (project) => ["tsc", "-p", project, "--noEmit", "--pretty", "false"],
    );
  }, 240_000);

  test.for(notCompiling)("%s: does not compile", ([name, , , code]) => {
    expect(said.get(name)).toContain(code);
  });
});

const notLinting: readonly Fault[] = [
  ["a contract reads the clock", "contracts/dot4", "export const x = Date.now();", "context.tick"],
  ["a contract draws its own numbers", "contracts/dot4", "export const x = Math.random();", "context.random"],
  ["a contract uses a sine", "contracts/dot4", "export const x = Math.sin(1);", "bit-identical"],
  ["the protocol reads the clock", "server/protocol", "export const x = Date.now();", "Time is passed in"],
  ["a replay does I/O", "server/audit", 'export * from "node:fs";', "does no I/O"],
  ["a replay reads the clock", "server/audit", "export const x = Date.now();", "Time is passed in"],
  ["the consolidator reads the clock", "server/rmrk", "export const x = Date.now();", "Time is passed in"],
  ["the enclave opens a second door", "server/enclave", 'export * from "node:http";', "one door"],
  ["the enclave starts a process", "server/enclave", 'export * from "node:child_process";', "one door"],
  ["the enclave draws weak numbers", "server/enclave", "export const x = Math.random();", "crypto.getRandomValues"],
  ["the gateway knows evidence", "server/gateway", 'export * from "#attestation/verify.ts";', "ciphertext only"],
  ["the chain knows evidence", "server/chain", 'export * from "#attestation/verify.ts";', "public only"],
  [
    "the picture imports the whole engine",
    "client/world/render",
    'export { Engine } from "@babylonjs/core";',
    "1.3 MB",
  ],
  [
    "the page around the picture imports the engine",
    "client/world/hud",
    'export { Engine } from "@babylonjs/core/Engines/engine.js";',
    "The engine belongs to",
  ],
  ["the ground uses a sine", "client/world/island", "export const x = Math.sin(1);", "bit-identical"],
  ["the ground imports the picture", "client/world/island", 'export * from "../port.ts";', "stands alone"],
  ["a zone exports a default", "server/protocol", "export default 1;", "default"],
];

describe("the linter", () => {
  let said: ReadonlyMap<string, string>;
  beforeAll(() => {
    said = plantAll(
      notLinting,
      () => "all",
      (_project, files) => ["oxlint", ...files],
    );
  }, 240_000);

  test.for(notLinting)("%s: does not lint", ([name, , , reason]) => {
    expect(said.get(name)).toContain(reason);
  });
});
