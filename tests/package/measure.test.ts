/** What is measured is the same in every folder, and changes with every byte. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeHashOf } from "#cli/app-compose.ts";
import { vendorPolicy } from "../attestation/policies.ts";
import { clone } from "../support/clone.ts";

interface Report {
  readonly worker: string;
  readonly page: string;
  readonly contracts: Readonly<Record<string, string>>;
  readonly composeHash?: string;
}

const folders: string[] = [];

function cloned(name: string): string {
  const folder = clone(name);
  folders.push(folder);
  return folder;
}

/** One contract for all: `npm run deep -- reproducible` builds those of the development world. */
const script = ["--disable-warning=ExperimentalWarning", "scripts/measure.ts", "--contract", "contracts/dot4/dot4.ts"];

async function run(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...script, ...args], { cwd: folder });
  return stdout;
}

const measure = async (folder: string, ...args: readonly string[]): Promise<Report> =>
  JSON.parse(await run(folder, "--json", ...args)) as Report;

const image = (name: string): string => `registry.example/phatroom-${name}@sha256:${"1".repeat(64)}`;

let one: string;
let first: Report;
let changed: Report;
let released: Report;
let appCompose: string;

beforeAll(async () => {
  one = cloned("one");
  const other = cloned("changed-and-of-another-length");
  const release = cloned("release");
  appendFileSync(join(other, "server/enclave/rooms.ts"), "\n");
  const policy = join(release, "policy.json");
  writeFileSync(policy, JSON.stringify({ ...vendorPolicy, expires: "2099-01-01T00:00:00Z" }));
  [first, changed] = await Promise.all([measure(one), measure(other)]);
  released = await measure(release, "--policy", policy, "--worker", image("worker"), "--gateway", image("gateway"));
  appCompose = readFileSync(join(release, "dist/image/app-compose.json"), "utf8");
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test("two builds in two folders give the same hashes", () => {
  expect(released.worker).toBe(first.worker);
  expect(changed.page).toBe(first.page);
  for (const { contracts } of [changed, released]) expect(contracts).toEqual(first.contracts);
  for (const hash of [first.worker, first.page, ...Object.values(first.contracts)])
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test("a byte more in the worker, and it is another worker, but the same page and rules", () => {
  expect(changed.worker).not.toBe(first.worker);
  expect(changed).toEqual({ ...first, worker: changed.worker });
});

test("another policy is another page, and the same worker", () => {
  const { page, composeHash: _, ...others } = released;
  expect(page).not.toBe(first.page);
  expect({ ...others, page: first.page }).toEqual(first);
});

describe("the files of the image", () => {
  const content = (): string => join(one, "dist/image/worker");

  test("are what was measured, line by line", () => {
    const lines = readFileSync(join(content(), "CONTENT"), "utf8");
    expect(lines).toMatch(/^phatroom\/1\/worker-content\nnode \d+\.\d+\.\d+\npackage node_modules\//);
    expect(lines).toContain("file server/enclave/main.js ");
    expect(lines).toContain("file contracts/dot4.bundle.js ");
    expect(lines).not.toMatch(/colyseus|express|esbuild|server\/gateway|server\/cli|client\//);
  });

  test("are compared with an unpacked image, and every difference is named", async () => {
    const unpacked = mkdtempSync(join(tmpdir(), "phatroom-unpacked-"));
    folders.push(unpacked);
    cpSync(content(), unpacked, { recursive: true });
    appendFileSync(join(unpacked, "server/enclave/gate.js"), "leak();\n");
    writeFileSync(join(unpacked, "server/enclave/door.js"), "");
    rmSync(join(unpacked, "server/enclave/rooms.js"));
    const said = await run(one, "--check", content(), "--check", unpacked).catch(
      (error: { stdout: string }) => error.stdout,
    );
    const [same, difference] = said.split(/\n(?=.* is not this worker)/);
    expect(same).toContain(`is worker ${first.worker}`);
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

test("images by digest make the app-compose.json whose hash a policy names; a tag makes none", async () => {
  expect(released.composeHash).toBe(composeHashOf(appCompose));
  await expect(
    run(one, "--worker", "registry.example/phatroom-worker:1", "--gateway", image("gateway")),
  ).rejects.toThrow("is no image by digest");
});
