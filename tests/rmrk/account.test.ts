/** Addresses have one spelling, and a wrong one is noticed before anything is lost. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOf, decodeAddress, encodeAddress, readAddress, type AccountId } from "#rmrk/account.ts";
import { decodeBase58, encodeBase58 } from "#rmrk/base58.ts";
import { RmrkError } from "#rmrk/errors.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { alice, bob } from "./support/people.ts";

const account = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(accountOf);
const anyPrefix = fc.integer({ min: 0, max: 16_383 });

const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof RmrkError) return error.code;
    throw error;
  }
  return undefined;
};

test.for([
  [alice, 42, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"],
  [alice, 2, "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F"],
  [alice, 0, "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"],
  [bob, 2, "FoQJpPyadYccjavVdTWxpxU7rUEaYhfLCPwXgkfD6Zat9QP"],
] as const)("the account %s on network %i is %s", ([key, network, address]) => {
  expect(encodeAddress(key, network)).toBe(address);
  expect(decodeAddress(address, network)).toBe(key);
});

test("every account has one address on every network", () => {
  fc.assert(
    fc.property(account, anyPrefix, (key, network) => {
      expect(decodeAddress(encodeAddress(key, network), network)).toBe(key);
    }),
  );
});

test("an address of another network is refused by name", () => {
  fc.assert(
    fc.property(account, anyPrefix, anyPrefix, (key, network, other) => {
      fc.pre(network !== other);
      expect(codeOf(() => decodeAddress(encodeAddress(key, network), other))).toBe("address-network");
    }),
  );
});

test("a changed, cut or lengthened address is none", () => {
  const character = fc.constantFrom(...Array.from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"));
  fc.assert(
    fc.property(account, fc.nat(60), character, fc.integer({ min: 0, max: 2 }), (key, place, other, kind) => {
      const address = encodeAddress(key, 2);
      const at = place % address.length;
      const changed = [
        `${address.slice(0, at)}${other}${address.slice(at + 1)}`,
        `${address.slice(0, at)}${address.slice(at + 1)}`,
        `${address.slice(0, at)}${other}${address.slice(at)}`,
      ][kind]!;
      fc.pre(changed !== address);
      // Sixteen bits of checksum let one in 65,536 pass; it is then another account, and on another network if its prefix changed.
      if (codeOf(() => decodeAddress(changed, 2)) === undefined)
        expect(encodeAddress(decodeAddress(changed, 2), 2)).toBe(changed);
      else expect(codeOf(() => decodeAddress(changed, 2))).toMatch(/^address-/);
    }),
  );
});

describe("what is no address", () => {
  test.for([
    ["nothing", ""],
    ["a name", "alice"],
    ["a key in hexadecimal", `0x${alice}`],
    ["spaces around it", " HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F "],
    ["an Ethereum address", "0x52908400098527886E0F7030069857D2E4169EE7"],
    ["an account index", encodeBase58(Uint8Array.of(2, 1, 2))],
    ["zeros in front", `1${encodeAddress(alice, 2)}`],
    ["far too much", "H".repeat(10_000)],
  ])("%s", ([, text]) => {
    expect(codeOf(() => decodeAddress(text!, 2))).toBe("address-malformed");
    expect(readAddress(text!)).toBeUndefined();
  });
});

test("an address of any network is read with its network, as wallets give them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16_383 }), (prefix) => {
      expect(readAddress(encodeAddress(alice, prefix))).toEqual({ account: alice, prefix });
    }),
  );
});

test("base58 has one spelling", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(bytesToHex(decodeBase58(encodeBase58(bytes))!)).toBe(bytesToHex(bytes));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("1z2Ax0OIl-é")), maxLength: 20 }), (text) => {
      const bytes = decodeBase58(text);
      if (bytes !== undefined) expect(encodeBase58(bytes)).toBe(text);
    }),
  );
});

test("a chain that says accounts are not 32 bytes is not ours", () => {
  expect(() => accountOf(new Uint8Array(20))).toThrow(RangeError);
  expect(() => encodeAddress("00" as AccountId, 16_384)).toThrow(RangeError);
});
