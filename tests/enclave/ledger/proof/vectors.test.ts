/** The vectors in `chain-proofs.json` verify with today's code, and say what they said when they were written. */
import { expect, test } from "vitest";
import type { AuthoritySet } from "#enclave/ledger/proof/authorities.ts";
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import { advance } from "#enclave/ledger/proof/finality.ts";
import { decodeHeader, type BlockHash } from "#enclave/ledger/proof/header.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { bytesToHex, hexToBytes } from "#protocol/bytes.ts";
import golden from "../../../vectors/chain-proofs.json" with { type: "json" };
import type { ChainProofs } from "../../../vectors/chain-proofs.ts";

const { genesis, authorities, headers, hashes, justifications, body, proof, keys, values }: ChainProofs = golden;
const bytes = (list: readonly string[]): readonly Uint8Array[] => list.map((hex) => hexToBytes(hex));
const setOf = (id: number): AuthoritySet => ({
  id: BigInt(id),
  authorities: authorities[id]!.map((key) => ({ key, weight: 1n })),
});

test("finality is followed from genesis over a change of authorities", () => {
  const block = { hash: genesis as BlockHash, number: 0 };
  const [first, second] = bytes(justifications) as [Uint8Array, Uint8Array];
  const start = { block, handover: { set: setOf(0), coming: undefined } };
  const middle = advance(start, { headers: bytes(headers.slice(0, 3)), justification: first });
  expect(middle.finalized.handover).toEqual({ set: setOf(1), coming: undefined });
  const end = advance(middle.finalized, { headers: bytes(headers.slice(3)), justification: second });
  expect([...middle.headers, ...end.headers].map(({ hash }) => hash)).toEqual(hashes);
});

test("the last block's extrinsics and storage are proven", () => {
  const header = decodeHeader(hexToBytes(headers.at(-1)!));
  expect(() => verifyBody(header, bytes(body))).not.toThrow();
  const proven = verifyStorage(header.stateRoot, bytes(proof), bytes(keys));
  expect(proven.map((value) => (value === undefined ? null : bytesToHex(value)))).toEqual(values);
});
