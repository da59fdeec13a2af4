/** What is measured is the same in every folder, changes with every byte, and leads step by step to what a policy names. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appraise } from "#attestation/appraise.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import { readDstack } from "#attestation/dstack/claims.ts";
import { intelRootFingerprint } from "#attestation/intel-root.ts";
import type { VerifiedTdx } from "#attestation/verified.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { appId, encodeLog, goodLog, keyProvider, measuredBy, runtime } from "../attestation/dstack/logs.ts";
import { rootFolder } from "../support/folders.ts";

interface Report {
  readonly worker: string;
  readonly page: string;
  readonly contracts: Readonly<Record<string, string>>;
  readonly composeHash?: string;
}

const sources = [
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
  writeFileSync(policy, JSON.stringify({ ...policyFor("c0".repeat(32)), expires: "2099-01-01T00:00:00Z" }));
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

/** Accepts one compose hash on any machine of Intel's. */
function policyFor(composeHash: string): object {
  const { rtmr0, rtmr1, rtmr2, mrtd } = measuredBy(goodLog);
  return {
    version: 2,
    vendors: ["intel"],
    development: "refused",
    tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 17 },
    tdx: {
      mrtd: [mrtd],
      rtmr0: [rtmr0],
      rtmr1: [rtmr1],
      rtmr2: [rtmr2],
      dstack: { composeHashes: [composeHash], keyProviders: [keyProvider], appIds: [appId], upgrades: "disabled" },
    },
  };
}

describe("from content to policy", () => {
  const image = (name: string, digit: string): string => `registry.example/phatroom-${name}@sha256:${digit.repeat(64)}`;
  const measureWith = (digit: string) => {
    const report = measure(one, "--worker", image("worker", digit), "--gateway", image("gateway", "9"));
    return { ...report, appCompose: readFileSync(join(one, "dist/image/app-compose.json")) };
  };

  /** What hardware would say about a machine that was started with this file. */
  function started(appCompose: Uint8Array, composeHash: string): VerifiedTdx {
    const log = goodLog.map((entry) => (entry.event === "compose-hash" ? runtime("compose-hash", composeHash) : entry));
    const measurements = measuredBy(log);
    return {
      kind: "tdx",
      quoteVersion: 4,
      reportData: new Uint8Array(64),
      measurements,
      configuration: { id: "", owner: "", ownerConfiguration: "" },
      dstack: readDstack({ eventLog: encodeLog(log), appCompose }, measurements),
      root: { fingerprint: intelRootFingerprint, name: "Intel SGX Root CA, Intel Corporation" },
      tcb: { status: "UpToDate", advisories: [], evaluation: 17 },
      fmspc: "b0c06f000000",
      ppid: "cd".repeat(16),
      issued: 0,
      expires: 2,
    };
  }
  const judged = (machine: VerifiedTdx, composeHash: string) =>
    appraise(machine, checkPolicy(policyFor(composeHash)), { now: 1, loopback: false });

  test("an image by digest stands in app-compose.json, whose hash a policy names and hardware confirms", async () => {
    const { appCompose, composeHash, worker } = measureWith("1");
    expect(worker).toBe(first.worker);
    const { docker_compose_file: compose } = JSON.parse(appCompose.toString()) as { docker_compose_file: string };
    expect(compose).toContain(`image: ${image("worker", "1")}\n`);
    const digest = await crypto.subtle.digest("SHA-256", appCompose);
    expect(composeHash).toBe(bytesToHex(new Uint8Array(digest)));
    expect(judged(started(appCompose, composeHash!), composeHash!)).toMatchObject({ accepted: true });
  });

  test("another image is another compose hash, which the policy of the first refuses", () => {
    const [mine, other] = [measureWith("1"), measureWith("2")];
    expect(other.composeHash).not.toBe(mine.composeHash);
    const machine = started(other.appCompose, other.composeHash!);
    expect(judged(machine, mine.composeHash!)).toMatchObject({ refusal: "application-refused" });
  });

  test("another file than the one that was measured is refused before any policy is asked", () => {
    const { appCompose, composeHash } = measureWith("1");
    const changed = utf8ToBytes(appCompose.toString().replace('"allowed_envs": []', '"allowed_envs": ["DEBUG"]'));
    expect(() => started(changed, composeHash!)).toThrow(expect.objectContaining({ code: "compose-mismatch" }));
  });

  test.for(["registry.example/phatroom-worker:latest", "registry.example/phatroom-worker", "phatroom@sha256:00"])(
    "%s names no image",
    (tag) => {
      expect(() => run(one, "--worker", tag, "--gateway", image("gateway", "9"))).toThrow();
    },
  );
});
