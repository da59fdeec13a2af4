/** Policies that name everything are read as they were written. Those that do not are in the corpus of attacks. */
import { expect, test } from "vitest";
import { checkPolicy } from "#attestation/check-policy.ts";
import { developmentPolicy } from "#attestation/policy.ts";
import { policies } from "./corpus/policies.ts";
import { blocksOf, readFromRoot } from "../support/documents.ts";
import { dstackRule, otherPolicy, registerPolicy, tdxRule, vendorPolicy as vendor } from "./policies.ts";

const typed = { ...developmentPolicy, development: { fingerprints: ["ef".repeat(32)] } };
const owned = { ...vendor, tdx: { ...tdxRule, dstack: { ...dstackRule, upgrades: { owner: "Example Games" } } } };
const keyless = { ...vendor, tdx: { ...tdxRule, dstack: { ...dstackRule, keyProviders: [{ name: "none", id: "" }] } } };

test.for([
  ["for one application on known machines", vendor],
  ["for one value of every register", registerPolicy],
  ["with a named owner", owned],
  ["for machines that keep no key", keyless],
  ["for guests of AMD and enclaves of AWS", otherPolicy],
  ["for development on this machine", developmentPolicy],
  ["for development by fingerprint", typed],
] as const)("a policy %s is read as it was written", ([, policy]) => {
  expect(checkPolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
});

test("the policies in its document are policies, and there is one for each sort", () => {
  const blocks = blocksOf(readFromRoot("docs/policy.md")).filter(({ language }) => language === "json");
  const shown = blocks.map(({ text }) => checkPolicy(JSON.parse(text)));
  expect(shown.map(({ vendors }) => vendors.length)).toEqual([1, 2, 0]);
});

test("every member and every code of a policy is explained in its document", () => {
  const text = readFromRoot("docs/policy.md");
  const names = (tree: object): string[] =>
    Object.entries(tree).flatMap(([name, member]: [string, unknown]) =>
      typeof member === "object" && member !== null && !Array.isArray(member) ? [name, ...names(member)] : [name],
    );
  for (const name of [...names(otherPolicy), "rtmr3", "owner", "fingerprints"]) expect(text).toContain(`\`${name}\``);
  for (const { code } of [...policies, { code: "policy-expired" }]) expect(text).toContain(`\`${code}\``);
});

test("a policy that has ended is not read any more", () => {
  const end = Date.UTC(2027, 0, 1) / 1000;
  expect(checkPolicy(vendor, end - 1)).toEqual(vendor);
  expect(() => checkPolicy(vendor, end)).toThrow(expect.objectContaining({ code: "policy-expired" }));
});
