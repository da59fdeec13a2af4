/** From the digest of an image, step by step, to a machine that a policy accepts; and at no step to another. */
import { describe, expect, test } from "vitest";
import { appraise } from "#attestation/appraise.ts";
import { checkPolicy } from "#attestation/check-policy.ts";
import { readDstack } from "#attestation/dstack/claims.ts";
import { intelRootFingerprint } from "#attestation/intel-root.ts";
import type { VerifiedTdx } from "#attestation/verified.ts";
import { appComposeOf, composeHashOf, isByDigest, withImages } from "#cli/app-compose.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { appId, encodeLog, goodLog, keyProvider, measuredBy, runtime } from "../attestation/dstack/logs.ts";
import { readFromRoot } from "../support/documents.ts";

const template = readFromRoot("deploy/dstack/compose.yaml");
const image = (name: string, digit: string): string => `registry.example/phatroom-${name}@sha256:${digit.repeat(64)}`;
const composeWith = (worker: string): string =>
  withImages(template, { worker: image("worker", worker), gateway: image("gateway", "9") });

/** What hardware would say about a machine that was started with this file, or with one of this hash. */
function started(appCompose: string, composeHash = composeHashOf(appCompose)): VerifiedTdx {
  const log = goodLog.map((entry) => (entry.event === "compose-hash" ? runtime("compose-hash", composeHash) : entry));
  const measurements = measuredBy(log);
  return {
    kind: "tdx",
    quoteVersion: 4,
    reportData: new Uint8Array(64),
    measurements,
    configuration: { id: "", owner: "", ownerConfiguration: "" },
    dstack: readDstack({ eventLog: encodeLog(log), appCompose: utf8ToBytes(appCompose) }, measurements),
    root: { fingerprint: intelRootFingerprint, name: "Intel SGX Root CA, Intel Corporation" },
    tcb: { status: "UpToDate", advisories: [], evaluation: 17 },
    fmspc: "b0c06f000000",
    ppid: "cd".repeat(16),
    issued: 0,
    expires: 2,
  };
}

function judge(machine: VerifiedTdx, composeHash: string) {
  const { rtmr0, rtmr1, rtmr2, mrtd } = measuredBy(goodLog);
  const policy = checkPolicy({
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
  });
  return appraise(machine, policy, { now: 1, loopback: false });
}

describe("a compose file", () => {
  test("gets its images, and keeps every other byte", () => {
    const compose = composeWith("1");
    expect(compose).toContain(`    image: ${image("worker", "1")}\n`);
    expect(compose).toContain(`    image: ${image("gateway", "9")}\n`);
    const without = (text: string): string => text.replaceAll(/image: .*/g, "");
    expect(without(compose)).toBe(without(template));
  });

  test.for([
    "registry.example/phatroom-worker",
    "registry.example/phatroom-worker:latest",
    "registry.example/phatroom-worker@sha256:00",
    `registry.example/phatroom-worker@sha512:${"0".repeat(64)}`,
    `registry.example/phatroom-worker@sha256:${"0".repeat(64)}\n    privileged: true`,
    `@sha256:${"0".repeat(64)}`,
  ])("gets no image by the name %j", (name) => {
    expect(isByDigest(name)).toBe(false);
    expect(() => withImages(template, { worker: name })).toThrow("by digest");
  });

  test("without such a service gets none", () => {
    expect(() => withImages(template, { other: image("worker", "1") })).toThrow("no image of other");
  });
});

test("app-compose.json holds the compose file, and allows nothing beside it", () => {
  const compose = composeWith("1");
  const file = JSON.parse(appComposeOf("phatroom", compose)) as Record<string, unknown>;
  expect(file).toMatchObject({ docker_compose_file: compose, allowed_envs: [], public_logs: false });
  for (const member of ["pre_launch_script", "init_script", "bash_script", "docker_config", "features"]) {
    expect(file).not.toHaveProperty(member);
  }
});

test("the compose hash is the SHA-256 of the file's bytes", async () => {
  const appCompose = appComposeOf("phatroom", composeWith("1"));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(appCompose));
  expect(composeHashOf(appCompose)).toBe(bytesToHex(new Uint8Array(digest)));
});

test("a machine that was started with it is accepted by the policy that names its hash", () => {
  const appCompose = appComposeOf("phatroom", composeWith("1"));
  expect(judge(started(appCompose), composeHashOf(appCompose))).toMatchObject({ accepted: true });
});

test("another image is another compose hash, which that policy refuses", () => {
  const [mine, other] = [composeWith("1"), composeWith("2")].map((compose) => appComposeOf("phatroom", compose));
  expect(composeHashOf(other!)).not.toBe(composeHashOf(mine!));
  expect(judge(started(other!), composeHashOf(mine!))).toMatchObject({ refusal: "application-refused" });
});

test("another file than the one that was measured is refused before any policy is asked", () => {
  const appCompose = appComposeOf("phatroom", composeWith("1"));
  const changed = appCompose.replace('"allowed_envs": []', '"allowed_envs": ["DEBUG"]');
  expect(changed).not.toBe(appCompose);
  expect(() => started(changed, composeHashOf(appCompose))).toThrow(
    expect.objectContaining({ code: "compose-mismatch" }),
  );
});
