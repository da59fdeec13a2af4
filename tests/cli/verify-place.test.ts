/** What is asked with before a place is looked at, and how the answer reads. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { developmentPolicy } from "#attestation/policy.ts";
import { asText, policyFor, verifyPlace, type VerifyReport } from "#cli/verify-place.ts";
import type { RoomId } from "#protocol/identity.ts";
import { vendorPolicy } from "../attestation/policies.ts";

const folder = await mkdtemp(join(tmpdir(), "phatroom-verify-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const fingerprint = "ab".repeat(32);
const endless = { ...vendorPolicy, expires: "2099-01-01T00:00:00Z" };

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test("without a file it is the policy for development, also by fingerprint", async () => {
  expect(await policyFor(undefined, undefined)).toEqual(developmentPolicy);
  const typed = await policyFor(undefined, `AB:${"ab ".repeat(31)}`);
  expect(typed.development).toEqual({ fingerprints: [fingerprint] });
});

test("a policy in a file is the one that is read", async () => {
  expect(await policyFor(await file("good.json", JSON.stringify(endless)), undefined)).toEqual(endless);
});

test.for([
  ["is not there", undefined, undefined, "cannot be read"],
  ["is no JSON", "{", undefined, "not JSON"],
  ["is too loose", JSON.stringify({ ...endless, vendors: ["*"] }), undefined, "policy-wildcard"],
  ["has ended", JSON.stringify({ ...endless, expires: "2025-01-01T00:00:00Z" }), undefined, "policy-expired"],
  ["refuses development", JSON.stringify(endless), fingerprint, "accepts no development machine"],
  ["is asked for with half a fingerprint", JSON.stringify(developmentPolicy), "ab", "64 digits"],
] as const)("a file that %s is no policy", async ([name, text, typed, reason]) => {
  const path = text === undefined ? join(folder, "nowhere.json") : await file(`${name}.json`, text);
  await expect(policyFor(path, typed)).rejects.toThrow(reason);
});

test("what is no address is not asked", async () => {
  await expect(verifyPlace({ url: "play.example", policy: developmentPolicy })).rejects.toMatchObject({
    name: "QuestionError",
  });
});

const report: VerifyReport = {
  url: "https://play.example",
  accepted: false,
  development: false,
  code: "hardware-refused",
  sentence: "This machine is not on the list of known machines.",
  lines: [
    { name: "World", value: "ab", verdict: "warn", sentence: "As the place says itself." },
    { name: "Machine", value: "cd", verdict: "fail", sentence: "The machine is not on this page's list." },
    { name: "Room", value: "", verdict: "not-reached", sentence: "Not looked at: an earlier check failed." },
  ],
  world: "ab",
  contract: "ef",
  room: "0" as RoomId,
  checkedAt: "2026-03-01T12:00:00.000Z",
};

test("a refusal reads as one, with every line below it", () => {
  expect(asText(report)).toBe(
    [
      "https://play.example  REFUSED",
      "This machine is not on the list of known machines.",
      "",
      "  warn         World: ab",
      "               As the place says itself.",
      "  fail         Machine: cd",
      "               The machine is not on this page's list.",
      "  not-reached  Room",
      "               Not looked at: an earlier check failed.",
      "",
    ].join("\n"),
  );
  expect(asText({ ...report, accepted: true }).split("\n", 1)).toEqual([
    "https://play.example  accepted, with 1 warning",
  ]);
});
