/** Rules change only as a lineage's keys say, in time, once, and for the rooms they mean. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { frozenLineage, type LineageTerms } from "#protocol/manifest.ts";
import {
  checkUpgrade,
  decodeUpgrade,
  encodeUpgrade,
  signUpgrade,
  type UpgradeSituation,
  type UpgradeStatement,
} from "#protocol/upgrade.ts";
import { fill } from "../vectors/upgrade-cases.ts";
import { refusalOf } from "./support/refusal.ts";

const secrets = [11, 12, 13].map(fill);
const statement: UpgradeStatement = { lineage: fill(1), from: fill(2), to: fill(3), number: 1, noticeMs: 1000 };
const keysOf = (of: readonly Uint8Array[]): Uint8Array[] => of.map((secret) => signUpgrade(statement, secret).key);
const terms: LineageTerms = { upgradeKeys: keysOf(secrets), threshold: 2, noticeMs: 1000 };
const situation: UpgradeSituation = { lineage: fill(1), terms, contract: fill(2), newest: 0 };

const signed = (by: readonly Uint8Array[], of: UpgradeStatement = statement, over: UpgradeStatement = of) =>
  decodeUpgrade(encodeUpgrade({ ...of, signatures: by.map((secret) => signUpgrade(over, secret)) }));

test("an upgrade that enough of the keys signed is one", () => {
  checkUpgrade(signed(secrets.slice(0, 2)), situation);
  checkUpgrade(signed(secrets), situation);
  checkUpgrade(signed(secrets, { ...statement, noticeMs: 5000, number: 9 }), { ...situation, newest: 8 });
});

test.for<[string, string, () => ReturnType<typeof signed>, Partial<UpgradeSituation>?]>([
  ["that nobody signed", "upgrade-unsigned", () => signed([])],
  ["that a host signed with a key of its own", "upgrade-signer", () => signed([fill(99)])],
  ["to which a stranger's signature was added", "upgrade-signer", () => signed([...secrets.slice(0, 2), fill(99)])],
  ["that too few signed", "upgrade-threshold", () => signed(secrets.slice(0, 1))],
  ["with signatures of another one", "upgrade-unsigned", () => signed(secrets, statement, { ...statement, number: 2 })],
  [
    "whose notice was shortened",
    "upgrade-unsigned",
    () => signed(secrets, { ...statement, noticeMs: 1001 }, statement),
  ],
  ["whose notice is short", "upgrade-notice", () => signed(secrets, { ...statement, noticeMs: 999 })],
  ["of another lineage", "upgrade-foreign", () => signed(secrets, { ...statement, lineage: fill(9) })],
  ["of other rules", "upgrade-foreign", () => signed(secrets, { ...statement, from: fill(9) })],
  ["that was here before", "upgrade-replayed", () => signed(secrets), { newest: 1 }],
  ["older than the newest", "upgrade-replayed", () => signed(secrets), { newest: 7 }],
  ["of a frozen lineage", "upgrade-frozen", () => signed(secrets), { terms: frozenLineage }],
])("an upgrade %s is refused: %s", ([, code, upgrade, change]) => {
  expect(refusalOf(() => checkUpgrade(upgrade(), { ...situation, ...change }))).toBe(code);
});

test("no two upgrades have the same bytes, and what is read is what was written", () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(fc.record({ lineage: hash, from: hash, to: hash, number: u32, noticeMs: u32 }), (given) => {
      const upgrade = { ...given, signatures: [] };
      expect(decodeUpgrade(encodeUpgrade(upgrade))).toEqual(upgrade);
    }),
  );
});

test("any other bytes are none: a byte more, a byte less, another order, a key twice", () => {
  const bytes = encodeUpgrade(signed(secrets));
  const [first, second] = [bytes.slice(106, 202), bytes.slice(202, 298)];
  const swapped = bytes.slice();
  swapped.set(second, 106);
  swapped.set(first, 202);
  const twice = bytes.slice();
  twice.set(first, 202);
  for (const other of [bytes.slice(0, -1), Uint8Array.of(...bytes, 0), swapped, twice, new Uint8Array(0)]) {
    expect(refusalOf(() => decodeUpgrade(other))).toBe("malformed");
  }
});

test("every bit of a signed upgrade counts", () => {
  const bytes = encodeUpgrade(signed(secrets.slice(0, 2)));
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = bytes.slice();
    changed[at]! ^= 1 << (at % 8);
    expect(refusalOf(() => checkUpgrade(decodeUpgrade(changed), situation))).toBeDefined();
  }
});
