/** What is said about wallets: each message has one spelling, and what the wallet shows can be read. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeClientMessage,
  decodeWorkerMessage,
  encodeClientMessage,
  encodeWorkerMessage,
} from "#protocol/message.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import {
  proofBody,
  readProof,
  walletKinds,
  walletProofLength,
  walletSignatureLength,
  walletStatement,
  wrapped,
  type LinkedMessage,
  type WalletMessage,
} from "#protocol/wallet.ts";
import { refusalOf } from "./support/refusal.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const signed = fc
  .constantFrom(...walletKinds)
  .chain((kind) => bytes(walletSignatureLength(kind)).map((signature) => ({ kind, signature })));

const messages: fc.Arbitrary<WalletMessage> = fc.oneof(
  fc.constant({ type: "wallet", ask: "which" } as const),
  bytes(walletProofLength).map((proof) => ({ type: "wallet", ask: "which", proof }) as const),
  fc.record({ type: fc.constant("wallet"), ask: fc.constant("link"), wallet: bytes(32), signed }),
  fc.record({ type: fc.constant("wallet"), ask: fc.constant("link"), wallet: bytes(32), signed, consent: signed }),
) as fc.Arbitrary<WalletMessage>;

const linked: fc.Arbitrary<LinkedMessage> = fc
  .oneof(
    fc.record({ type: fc.constant("linked"), wallet: fc.constant(null), proof: fc.constant(null) }),
    fc.record({ type: fc.constant("linked"), wallet: bytes(32), proof: bytes(walletProofLength) }),
  )
  .chain((known) =>
    fc
      .constantFrom(null, "wallet-refused", "wallet-linked", "store-unavailable")
      .map((refused) => ({ ...known, refused })),
  ) as fc.Arbitrary<LinkedMessage>;

test("what is encoded is decoded", () => {
  fc.assert(
    fc.property(messages, (message) => {
      const { type, body } = encodeClientMessage(message);
      expect(decodeClientMessage(type, body)).toEqual(message);
    }),
  );
  fc.assert(
    fc.property(linked, (message) => {
      const { type, body } = encodeWorkerMessage(message);
      expect(decodeWorkerMessage(type, body)).toEqual(message);
    }),
  );
});

const wallet = new Uint8Array(32);
test.for<readonly [string, unknown]>([
  ["a map", {}],
  ["two fields", [wallet, "sr25519"]],
  ["four fields", [wallet, "sr25519", new Uint8Array(64), "sr25519"]],
  ["a kind that is none", [wallet, "ethereum", new Uint8Array(65)]],
  ["a kind of every object", [wallet, "constructor", new Uint8Array(64)]],
  ["a short signature", [wallet, "sr25519", new Uint8Array(63)]],
  ["a signature of another kind's length", [wallet, "ecdsa", new Uint8Array(64)]],
  ["a long account", [new Uint8Array(33), "sr25519", new Uint8Array(64)]],
  ["a proof that is too short", [new Uint8Array(walletProofLength - 1)]],
])("%s is malformed", ([, fields]) => {
  expect(refusalOf(() => decodeClientMessage(9, encodeMsgpack(fields)))).toBe("malformed");
});

test("an answer with a wallet and no proof is malformed", () => {
  const fields = { wallet, proof: null, refused: null };
  expect(refusalOf(() => decodeWorkerMessage(26, encodeMsgpack(fields)))).toBe("malformed");
});

test("a person can read what is signed", () => {
  const [world, channel, before] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
  const terms = { world: world!, player: "ab".repeat(16), channel: channel!, wallet, before: before! };
  expect(walletStatement(terms)).toBe(`phatroom: link this wallet to a player.
What that player earns in this world goes to this wallet. Nothing is moved or paid by signing.

World: ${"01".repeat(32)}
Player: ${"ab".repeat(16)}
Connection: ${"02".repeat(32)}
Wallet: ${"00".repeat(32)}
Instead of: ${"03".repeat(32)}`);
  expect(new TextDecoder().decode(wrapped("x"))).toBe("<Bytes>x</Bytes>");
});

test("a proof's parts are those it was made of", () => {
  const mac = new Uint8Array(32).fill(5);
  const proof = Uint8Array.of(...proofBody(7, wallet.fill(6)), ...mac);
  expect(readProof(proof)).toMatchObject({ number: 7, wallet, mac });
  expect(proof).toHaveLength(walletProofLength);
});
