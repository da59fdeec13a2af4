/**
 * A place as it runs in production: the worker on dstack, without a network, its vendor's statements by way of the
 * gateway. The machine does not exist, so a development root vouches.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sha256 } from "@noble/hashes/sha2.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkPolicy } from "#attestation/check-policy.ts";
import { verifyPlace, type VerifyReport } from "#cli/verify-place.ts";
import { startPlace, type Place } from "#cli/place.ts";
import {
  bytesToHex,
  createRoom,
  guestAccount,
  hexToBytes,
  info,
  join,
  memoryKeyStore,
  type Policy,
} from "#client/index.ts";
import {
  answersOf,
  collateralOf,
  type CollateralService,
  startCollateralService,
} from "../support/collateral-service.ts";
import { vendorPolicy } from "../attestation/policies.ts";
import { createAgent } from "../support/dstack-agent.ts";
import { contractsFolder } from "../support/folders.ts";

const agent = createAgent({ seed: new Uint8Array(32).fill(21) });
const fingerprint = bytesToHex(sha256(agent.pki.root.certificate));
let folder: string;
let place: Place;
let service: CollateralService;
let listening: Awaited<ReturnType<typeof agent.listen>>;
/** Every line that gateway and worker logged. */
const logged: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "phatroom-dstack-place-"));
  listening = await agent.listen(joinPath(folder, "dstack.sock"));
  service = await startCollateralService(() => answersOf(collateralOf(agent.pki, Date.now() / 1000)));
  place = await startPlace({
    world: { name: "phatroom on dstack", development: false },
    contracts: contractsFolder,
    directory: folder,
    platform: "dstack",
    agent: listening.address,
    output: (line) => void logged.push(line),
    gateway: { collateral: service.url, limits: { creationsPerMinute: 1000, joinsPerMinute: 1000 } },
  });
});

afterAll(async () => {
  await place?.close();
  await listening?.close();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What this very application is, as a page's author would write it down. */
const rule = (change: object = {}) => ({
  composeHashes: [agent.composeHash],
  keyProviders: [{ name: "kms", id: agent.kmsRoot }],
  appIds: [agent.appId],
  upgrades: { owner: "Example Games" },
  ...change,
});

/** The registers as the machine has them, taken from a report. */
async function policy(change: object = {}): Promise<Policy> {
  const report = await look({ version: 2, vendors: [], development: { fingerprints: [fingerprint] }, tcb });
  const register = (name: string) => [report.lines.find((line) => line.name === name)!.value];
  return checkPolicy({
    version: 2,
    vendors: [],
    development: { fingerprints: [fingerprint] },
    tcb,
    tdx: {
      mrtd: register("MRTD"),
      rtmr0: register("RTMR0"),
      rtmr1: register("RTMR1"),
      rtmr2: register("RTMR2"),
      dstack: rule(change),
    },
  });
}

const tcb = { statuses: ["UpToDate"], advisories: [], evaluationMin: 1 };

const look = (by: unknown): Promise<VerifyReport> =>
  verifyPlace({ url: place.url, policy: checkPolicy(by), contract: "dot4" });

test("a player joins by a policy that names the application, its keys and its owner", async () => {
  const { ready } = await info(place.url);
  expect(ready?.platform).toBe("dstack");
  const room = await join(place.url, {
    room: await createRoom(place.url, { contract: "dot4" }),
    world: hexToBytes(ready!.world),
    contract: hexToBytes(ready!.contracts.find(({ name }) => name === "dot4")!.hash),
    policy: await policy(),
    account: await guestAccount(memoryKeyStore()),
  });
  expect(room.shield).toMatchObject({ accepted: true, development: true });
  expect(room.shield.verified).toMatchObject({
    dstack: { composeHash: agent.composeHash, appId: agent.appId, keyProvider: { name: "kms", id: agent.kmsRoot } },
  });
  room.close();
});

test("the vendor's statements were fetched by the gateway, once", async () => {
  expect(service.asked.toSorted()).toEqual([
    "/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
    "/sgx/certification/v4/rootcacrl",
    "/tdx/certification/v4/qe/identity",
    "/tdx/certification/v4/tcb?fmspc=de0c0000dead",
  ]);
});

test("phatroom verify shows the application line by line, and nothing of it as proved", async () => {
  const report = await look(await policy());
  expect(report).toMatchObject({ accepted: true, development: true, code: null });
  const values = new Map(report.lines.map(({ name, value }) => [name, value]));
  expect(values.get("Application (compose hash)")).toBe(agent.composeHash);
  expect(values.get("Application id")).toBe(agent.appId);
  expect(values.get("Keys come from")).toBe(`kms ${agent.kmsRoot}`);
  expect(values.get("Who can replace the worker")).toBe("Example Games");
  const judged = report.lines.slice(report.lines.findIndex(({ name }) => name === "Hardware maker"));
  expect(judged.map(({ verdict }) => verdict)).toEqual(judged.map(() => "warn"));
});

test.for([
  ["application-refused", { composeHashes: ["00".repeat(32)] }],
  ["app-id-refused", { appIds: ["00".repeat(20)] }],
  ["key-provider-refused", { keyProviders: [{ name: "kms", id: "02".repeat(33) }] }],
  ["os-image-refused", { osImages: ["00".repeat(32)] }],
] as const)("%s: a policy that names something else refuses it, and says why", async ([code, change]) => {
  const report = await look(await policy(change));
  expect(report).toMatchObject({ accepted: false, code });
  expect(report.sentence).toMatch(/^[A-Z].{20,}\.$/);
  expect(report.lines.filter(({ verdict }) => verdict === "fail")).toHaveLength(1);
});

test("a vendor's policy refuses it by its root", async () => {
  const report = await look({
    ...(await policy()),
    vendors: ["intel"],
    development: "refused",
    tcb: { ...tcb, evaluationMin: 17 },
  });
  expect(report).toMatchObject({ accepted: false, code: "untrusted-root", development: false });
});

test("the log says what the platform is, and holds no key", async () => {
  const text = logged.join("\n");
  expect(text).toContain("dstack without hardware");
  expect(text).toContain(fingerprint);
  // The world's key, and two of each contract's lineage: what it seals with, and what it issues with.
  const { ready } = await info(place.url);
  expect(agent.asked.get("GetKey")).toBe(1 + 2 * ready!.contracts.length);
});

describe("the command phatroom verify", () => {
  const main = fileURLToPath(import.meta.resolve("#cli/main.ts"));
  const run = async (...args: readonly string[]) => {
    const child = promisify(execFile)(process.execPath, [main, "verify", place.url, "--contract", "dot4", ...args], {
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    return child.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };
  const file = async (name: string, json: unknown): Promise<string> => {
    const path = joinPath(folder, name);
    await writeFile(path, JSON.stringify(json));
    return path;
  };

  test("ends well where the place is accepted, and prints every check", async () => {
    const { code, stdout } = await run("--fingerprint", fingerprint.replaceAll(/(..)(?=.)/g, "$1:"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/accepted, with \d+ warnings/);
    expect(stdout).toContain(`Application (compose hash): ${agent.composeHash}`);
  });

  test("prints the same as JSON", async () => {
    const { code, stdout } = await run("--json", "--policy", await file("policy.json", await policy()));
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as VerifyReport;
    expect(report).toMatchObject({ accepted: true, development: true });
    expect(report.lines.find(({ name }) => name === "Application id")?.value).toBe(agent.appId);
  });

  test("fails where the place is refused, and says by what", async () => {
    const refused = await run("--fingerprint", "00".repeat(32));
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("REFUSED");
    expect(refused.stdout).toContain("fail         Hardware maker");
    const strict = await file("strict.json", { ...vendorPolicy, expires: "2099-01-01T00:00:00Z" });
    const { code, stdout } = await run("--json", "--policy", strict);
    expect({ code, report: JSON.parse(stdout) as VerifyReport }).toMatchObject({
      code: 1,
      report: { accepted: false, code: "untrusted-root" },
    });
  });

  test("fails where there is nothing to judge, and says why", async () => {
    const loose = await file("loose.json", { ...vendorPolicy, tcb: { ...vendorPolicy.tcb, evaluationMin: 0 } });
    const { code, stderr } = await run("--policy", loose);
    expect(code).toBe(1);
    expect(stderr).toContain("policy-any-round");
    expect(await run("--room", "00")).toMatchObject({ code: 1 });
    expect(await run("--contract", "chess")).toMatchObject({ code: 1 });
  });
});
