/** What the shield says: never better than what was checked, and in words. */
import { expect, test } from "vitest";
import { attestationCodes } from "#attestation/errors.ts";
import { developmentPolicy, type Policy } from "#attestation/policy.ts";
import { ClientError, type ClientErrorCode } from "#client/errors.ts";
import type { Shield } from "#client/shield.ts";
import { errorCodes } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { isAboutProof, readFingerprint, remediesFor, withTypedRoot } from "#kit/advice.ts";
import { readBuiltIn } from "#kit/built-in.ts";
import { reportOf } from "#client/report.ts";
import { evidenceFileName, notProtected, summaryOf, type Proof, type Tone } from "#kit/shield/report.ts";

const hash = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

const shieldWith = (parts: Partial<Shield>): Shield => ({
  accepted: true,
  development: false,
  checks: [{ name: "Hardware maker", value: "Intel", verdict: "pass", sentence: "Signed." }],
  verified: { kind: "tdx", quoteVersion: 4 } as Shield["verified"],
  evidence: new Uint8Array(8),
  claims: {
    contract: hash(1),
    lineage: hash(2),
    world: hash(3),
    room: "3fa2c01d9e8b7a654321" as RoomId,
    term: 1,
    head: hash(4),
    issuer: hash(6),
    reportKey: hash(7),
  },
  channelKey: hash(5),
  keyEpoch: 1,
  origin: "https://play.example.org",
  checkedAt: 0,
  ...parts,
});

const proof: Proof = {
  shield: null,
  failure: null,
  checking: false,
  developmentPage: false,
  frozen: null,
  rolledBack: false,
  presence: null,
};

test.for<[string, Proof, Tone]>([
  ["nothing was checked", proof, "none"],
  ["it is being checked", { ...proof, checking: true }, "wait"],
  ["hardware vouches", { ...proof, shield: shieldWith({}) }, "good"],
  ["a development root vouches", { ...proof, shield: shieldWith({ development: true }) }, "warn"],
  ["the page is for development", { ...proof, developmentPage: true }, "warn"],
  [
    "the check failed",
    { ...proof, shield: shieldWith({ accepted: false }), failure: "wrong-contract" as const },
    "bad",
  ],
  ["it was not accepted, for whatever reason", { ...proof, shield: shieldWith({ accepted: false }) }, "none"],
  ["it failed on a development page", { ...proof, developmentPage: true, failure: "quote-signature" as const }, "bad"],
  ["the place shows an older state", { ...proof, shield: shieldWith({}), frozen: "rolled-back" }, "bad"],
  ["it does so in a development world", { ...proof, developmentPage: true, frozen: "rolled-back" }, "bad"],
  ["the room was rolled back", { ...proof, shield: shieldWith({}), rolledBack: true }, "bad"],
  ["the store is away", { ...proof, shield: shieldWith({}), frozen: "store-unavailable" }, "warn"],
  ["the store is full", { ...proof, shield: shieldWith({}), frozen: "store-full" }, "warn"],
  ["the store is damaged", { ...proof, shield: shieldWith({}), frozen: "store-damaged" }, "warn"],
  ["the proof failed in a frozen room", { ...proof, frozen: "store-full", failure: "wrong-room" }, "bad"],
])("when %s, the chip says so", ([, found, tone]) => {
  expect(summaryOf(found).tone).toBe(tone);
});

test("no development machine is ever called sealed", () => {
  const { line, title, text } = summaryOf({ ...proof, shield: shieldWith({ development: true }) });
  expect(line).toBe("Development world: protects nothing from the host");
  expect(`${title} ${text}`).not.toMatch(/is sealed/);
  expect(notProtected({ development: true, presence: null })[0]).toMatch(/Anything/);
});

test("a sealed room says whether copies of it can be tried out", () => {
  const sealed = { ...proof, shield: shieldWith({}) };
  expect(summaryOf({ ...sealed, presence: "all" }).text).toMatch(/No copy of this room goes on without you/);
  expect(summaryOf({ ...sealed, presence: "any" }).text).not.toMatch(/No copy/);
  const copies = /open a copy/;
  expect(notProtected({ development: false, presence: "any" }).join()).toMatch(copies);
  expect(notProtected({ development: false, presence: "all" }).join()).not.toMatch(copies);
});

test("a frozen room says who could have caused it", () => {
  expect(summaryOf({ ...proof, frozen: "rolled-back" }).text).toMatch(/Whoever runs the place can cause this/);
});

test("an accepted shield has every check as a row", () => {
  const rows = reportOf(shieldWith({}), null);
  expect(rows.map(({ verdict }) => verdict)).not.toContain("fail");
  expect(rows.map(({ name }) => name)).toEqual([
    "World",
    "Rules (contract hash)",
    "Room",
    "Proof",
    "Bound to this connection",
    "Items",
    "Hardware maker",
  ]);
});

test("a shield names the account that issues what the room awards, or says that nobody does", () => {
  const item = (shield: Shield) => reportOf(shield, null).find(({ name }) => name === "Items")?.value;
  const shield = shieldWith({});
  expect(item(shield)).toBe(`issued by account 0x${"06".repeat(32)}`);
  expect(item({ ...shield, claims: { ...shield.claims, issuer: new Uint8Array(32) } })).toBe("issued by nobody");
});

test.for<[ClientErrorCode, Partial<Shield>, string]>([
  ["wrong-world", { verified: null, checks: [] }, "World"],
  ["wrong-contract", { verified: null, checks: [] }, "Rules (contract hash)"],
  ["wrong-lineage", { verified: null, checks: [] }, "Rules (contract hash)"],
  ["wrong-room", { verified: null, checks: [] }, "Room"],
  ["quote-signature", { verified: null, checks: [] }, "Proof"],
  ["key-not-bound", { checks: [] }, "Bound to this connection"],
  ["stale-evidence", { checks: [] }, "Bound to this connection"],
])("%s fails one check, and none after it counts as passed", ([code, parts, name]) => {
  const rows = reportOf(shieldWith({ accepted: false, ...parts }), code);
  const at = rows.findIndex(({ verdict }) => verdict === "fail");
  expect(rows[at]?.name).toBe(name);
  expect(rows[at]?.sentence.length).toBeGreaterThan(20);
  for (const row of rows.slice(at + 1)) expect(row.verdict).toBe("not-reached");
});

test("every code of a failed proof blocks play, and no other code does", () => {
  for (const code of Object.keys(attestationCodes)) expect(isAboutProof(code as ClientErrorCode)).toBe(true);
  for (const code of Object.keys(errorCodes)) expect(isAboutProof(code as ClientErrorCode)).toBe(false);
});

test("whatever went wrong, there is a sentence and a way back", () => {
  const codes = [
    ...Object.keys(errorCodes),
    ...Object.keys(attestationCodes),
    "closed",
    "invite-malformed",
    "keys-unavailable",
  ];
  for (const code of codes) {
    const error = new ClientError(code as ClientErrorCode);
    expect(error.sentence.length).toBeGreaterThan(15);
    expect(remediesFor(error, "play", developmentPolicy).at(-1)).toBe("lobby");
  }
});

test.for<[ClientErrorCode, readonly string[]]>([
  ["room-full", ["watch", "lobby"]],
  ["protocol-mismatch", ["reload", "lobby"]],
  ["taken-over", ["again", "lobby"]],
  ["rolled-back", ["again", "lobby"]],
  ["store-full", ["again", "lobby"]],
  ["store-damaged", ["again", "lobby"]],
  ["unreachable", ["again", "lobby"]],
  ["room-not-found", ["lobby"]],
  ["development-refused", ["type", "lobby"]],
  ["measurement-refused", ["lobby"]],
])("%s offers %s", ([code, remedies]) => {
  expect(remediesFor(new ClientError(code), "play", developmentPolicy)).toEqual(remedies);
});

test("a fingerprint is asked for only where the policy has room for one", () => {
  const strict: Policy = { ...developmentPolicy, development: "refused" };
  expect(remediesFor(new ClientError("development-refused"), "play", strict)).toEqual(["lobby"]);
  const typed = "ab".repeat(32);
  expect(withTypedRoot(developmentPolicy, typed).development).toEqual({ fingerprints: [typed] });
  expect(withTypedRoot(strict, typed)).toBe(strict);
  const listed: Policy = { ...developmentPolicy, development: { fingerprints: ["cd".repeat(32)] } };
  expect(withTypedRoot(listed, typed)).toBe(listed);
});

test.for([
  ["AB:".repeat(31) + "AB", "ab".repeat(32)],
  [`  ${"ab cd ".repeat(16)}`, "abcd".repeat(16)],
  ["ab".repeat(31), undefined],
  [`${"ab".repeat(31)}xy`, undefined],
  ["", undefined],
] as const)("%s is read as %s", ([typed, fingerprint]) => {
  expect(readFingerprint(typed)).toBe(fingerprint);
});

const built = { world: "00".repeat(32), contracts: { dot4: "11".repeat(32) }, policy: developmentPolicy };

test("what was built in is read strictly", () => {
  expect(readBuiltIn(built).contracts["dot4"]).toEqual(hash(0x11));
  for (const wrong of [
    null,
    { ...built, world: "00" },
    { ...built, contracts: { dot4: 5 } },
    { ...built, policy: {} },
  ]) {
    expect(() => readBuiltIn(wrong)).toThrow();
  }
});

test("downloaded evidence is named after its room and time", () => {
  expect(evidenceFileName(shieldWith({}))).toBe("evidence-3fa2c01d9e8b7a654321-1970-01-01T00-00-00-000Z.bin");
});
