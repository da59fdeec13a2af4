/** What is measured is the same in every folder, and changes with every byte. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeHashOf } from "#cli/app-compose.ts";
import { vendorPolicy } from "../attestation/policies.ts";
import { rootFolder } from "../support/folders.ts";

interface Report {
  readonly worker: string;
  readonly page: string;
  readonly contracts: Readonly<Record<string, string>>;
  readonly composeHash?: string;
}

const sources = [
  "assets",
  "client",
  "contracts",
  "deploy",
  "scripts",
  "server",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
];
const folders: string[] = [];

/** The sources somewhere else, as after a clone. */
function clone(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `phatroom-${name}-`));
  folders.push(folder);
  for (const source of sources) cpSync(join(rootFolder, source), join(folder, source), { recursive: true });
  symlinkSync(join(rootFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function run(folder: string, ...args: readonly string[]): string {
  const command = ["--disable-warning=ExperimentalWarning", "scripts/measure.ts", ...args];
  return execFileSync(process.execPath, command, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const measure = (folder: string, ...args: readonly string[]): Report =>
  JSON.parse(run(folder, "--json", ...args)) as Report;

let one: string;
let first: Report;

beforeAll(() => {
  one = clone("one");
  first = measure(one);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test("two builds in two folders give the same hashes", () => {
  expect(measure(clone("another-name-of-another-length"))).toEqual(first);
  for (const hash of [first.worker, first.page, ...Object.values(first.contracts)])
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a byte more in the worker, and it is another worker, but the same page and rules", () => {
  const changed = clone("changed");
  appendFileSync(join(changed, "server/enclave/rooms.ts"), "\n");
  const report = measure(changed);
  expect(report.worker).not.toBe(first.worker);
  expect(report).toEqual({ ...first, worker: report.worker });
});

test("another policy is another page, and the same worker", () => {
  const policy = join(one, "policy.json");
  writeFileSync(policy, JSON.stringify({ ...vendorPolicy, expires: "2099-01-01T00:00:00Z" }));
  const report = measure(one, "--policy", policy);
  expect(report.page).not.toBe(first.page);
  expect(report).toEqual({ ...first, page: report.page });
});

describe("the files of the image", () => {
  const content = (): string => join(one, "dist/image/worker");

  test("are what was measured, line by line", () => {
    const lines = readFileSync(join(content(), "CONTENT"), "utf8");
    expect(lines).toMatch(/^phatroom\/1\/worker-content\nnode \d+\.\d+\.\d+\npackage node_modules\//);
    expect(lines).toContain("file server/enclave/main.js ");
    expect(lines).toContain("file contracts/dot4.bundle.js ");
    expect(lines).not.toMatch(/colyseus|express|esbuild|server\/gateway|server\/cli|client\//);
    expect(run(one, "--check", content())).toContain(first.worker);
  });

  test("are compared with an unpacked image, and every difference is named", () => {
    const unpacked = mkdtempSync(join(tmpdir(), "phatroom-unpacked-"));
    folders.push(unpacked);
    cpSync(content(), unpacked, { recursive: true });
    appendFileSync(join(unpacked, "server/enclave/gate.js"), "leak();\n");
    writeFileSync(join(unpacked, "server/enclave/door.js"), "");
    rmSync(join(unpacked, "server/enclave/rooms.js"));
    const difference = (() => {
      try {
        return run(one, "--check", unpacked);
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    })();
    for (const name of [
      "+ file server/enclave/door.js",
      "- file server/enclave/rooms.js",
      "+ file server/enclave/gate.js",
    ]) {
      expect(difference).toContain(name);
    }
  });

  test("are a worker that starts, with the packages that its lock file names", async () => {
    const installed = mkdtempSync(join(tmpdir(), "phatroom-image-"));
    folders.push(installed);
    cpSync(content(), installed, { recursive: true });
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: installed });
    const config = join(installed, "worker.json");
    const settings = {
      address: join(installed, "worker.sock"),
      world: { name: "an image", development: true },
      platform: "software",
      directory: join(installed, "seed"),
      contracts: join(installed, "contracts"),
    };
    writeFileSync(config, JSON.stringify(settings));
    const worker = spawn(process.execPath, ["server/enclave/main.js", config], { cwd: installed });
    try {
      for await (const line of createInterface({ input: worker.stdout })) {
        if (line.includes('"listening"')) return expect(line).toContain("dot4");
      }
      throw new Error("it ended without listening");
    } finally {
      if (worker.exitCode === null) {
        worker.kill();
        await once(worker, "exit");
      }
    }
  });
});

test("images by digest make the app-compose.json whose hash a policy names; a tag makes none", () => {
  const image = (name: string): string => `registry.example/phatroom-${name}@sha256:${"1".repeat(64)}`;
  const report = measure(one, "--worker", image("worker"), "--gateway", image("gateway"));
  const appCompose = readFileSync(join(one, "dist/image/app-compose.json"), "utf8");
  expect(report).toEqual({ ...first, composeHash: composeHashOf(appCompose) });
  expect(() => run(one, "--worker", "registry.example/phatroom-worker:1", "--gateway", image("gateway"))).toThrow();
});
