/** A wallet's signature counts in one spelling, for one text; keys that anybody can sign for are no wallets. */
import { ed25519, ristretto255 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { walletSigned } from "#enclave/accounts/wallet-signature.ts";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { walletKinds, wrapped } from "#protocol/wallet.ts";
import { walletOf } from "./wallets.ts";

const message = wrapped("link me");

test.for(walletKinds)("what a keyring signs with %s is taken, by nobody else and for nothing else", (kind) => {
  const [alice, bob] = [walletOf(kind), walletOf(kind, "//Bob")];
  const signed = { kind, signature: alice.signBytes(message) };
  expect(walletSigned(alice.account, signed, message)).toBe(true);
  expect(walletSigned(bob.account, signed, message)).toBe(false);
  expect(walletSigned(alice.account, signed, wrapped("link me!"))).toBe(false);
  for (const other of walletKinds) {
    if (other !== kind)
      expect(walletSigned(alice.account, { kind: other, signature: signed.signature }, message)).toBe(false);
  }
});

test.for(walletKinds)("a flipped bit anywhere in a signature with %s spoils it", (kind) => {
  const { account, signBytes } = walletOf(kind);
  const signature = signBytes(message);
  fc.assert(
    fc.property(fc.nat(signature.length * 8 - 1), (bit) => {
      const changed = signature.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(walletSigned(account, { kind, signature: changed }, message)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

describe("second spellings", () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const plusOrder = (scalar: Uint8Array): Uint8Array => {
    let sum = order;
    for (const [i, byte] of scalar.entries()) sum += BigInt(byte) << BigInt(8 * i);
    return Uint8Array.from(scalar, (_, i) => Number((sum >> BigInt(8 * i)) & 0xffn));
  };

  test("of an Ed25519 signature, with the order added to its scalar", () => {
    const { account, signBytes } = walletOf("ed25519");
    const signature = signBytes(message);
    signature.set(plusOrder(signature.subarray(32)), 32);
    expect(walletSigned(account, { kind: "ed25519", signature }, message)).toBe(false);
  });

  test("of an sr25519 signature, with the order added, or without its mark", () => {
    const { account, signBytes } = walletOf("sr25519");
    const signature = signBytes(message);
    const unmarked = signature.slice();
    unmarked[63]! &= 0x7f;
    expect(walletSigned(account, { kind: "sr25519", signature: unmarked }, message)).toBe(false);
    const longer = signature.slice();
    longer.set(plusOrder(unmarked.subarray(32)), 32);
    longer[63]! |= 0x80;
    expect(walletSigned(account, { kind: "sr25519", signature: longer }, message)).toBe(false);
  });

  test("of an ECDSA signature, with the other root, or with another number of its key", () => {
    const { account, signBytes } = walletOf("ecdsa");
    const signature = signBytes(message);
    const { r, s } = secp256k1.Signature.fromBytes(signature.slice(0, 64), "compact");
    const high = new secp256k1.Signature(r, secp256k1.Point.Fn.ORDER - s);
    for (const recovery of [0, 1]) {
      const other = Uint8Array.of(...high.toBytes("compact"), recovery);
      expect(walletSigned(account, { kind: "ecdsa", signature: other }, message)).toBe(false);
    }
    for (const more of [2, 4, 27]) {
      const other = signature.slice();
      other[64]! += more;
      expect(walletSigned(account, { kind: "ecdsa", signature: other }, message)).toBe(false);
    }
  });
});

describe("keys that anybody can sign for", () => {
  const zero = new Uint8Array(32);

  test("sr25519: nothing at all", () => {
    // With the key at infinity any scalar and its point are a signature.
    const scalar = new Uint8Array(32);
    scalar[0] = 5;
    const point = ristretto255.Point.BASE.multiply(5n).toBytes();
    const signature = Uint8Array.of(...point, ...scalar);
    signature[63]! |= 0x80;
    expect(walletSigned(zero, { kind: "sr25519", signature }, message)).toBe(false);
  });

  test.for([
    ["of order 1", "0100000000000000000000000000000000000000000000000000000000000000"],
    ["of order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["of order 4", "0000000000000000000000000000000000000000000000000000000000000000"],
    ["of order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["of order 1, spelt in another way", "0100000000000000000000000000000000000000000000000000000000000080"],
  ])("Ed25519: a point %s", ([, hex]) => {
    const account = Uint8Array.from(Buffer.from(hex!, "hex"));
    // R = the identity and s = 0 fit wherever the hash comes out as a multiple of the order.
    const signature = new Uint8Array(64);
    signature[0] = 1;
    for (let text = 0; text < 16; text++) {
      expect(walletSigned(account, { kind: "ed25519", signature }, utf8ToBytes(String(text)))).toBe(false);
    }
    expect(ed25519.verify(signature, utf8ToBytes("x"), Uint8Array.of(1, ...zero.subarray(1)))).toBe(true);
  });
});

test("any bytes are a signature or are none, and never an error", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(fc.constantFrom(...walletKinds), bytes(32), bytes(65), fc.integer({ min: 60, max: 65 }), (...given) => {
      const [kind, wallet, signature, length] = given;
      expect(walletSigned(wallet, { kind, signature: signature.subarray(0, length) }, message)).toBe(false);
    }),
    { numRuns: 60 },
  );
});
