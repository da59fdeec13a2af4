/** Writes `chain-proofs.json`: `node tests/vectors/make-chain-proofs.ts`. Only when what a proof means changes on purpose. */
import { writeFileSync } from "node:fs";
import { developmentAuthorities } from "#chain/devnet/finality/authorities.ts";
import { developmentAccounts } from "#chain/devnet/genesis/accounts.ts";
import { keyOf, toHex } from "#chain/devnet/hex.ts";
import { startDevnet } from "#chain/devnet/start.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { accountKey, timeKey } from "#enclave/ledger/proof/storage-keys.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { ChainProofs } from "./chain-proofs.ts";

const clock = (): number => Date.UTC(2026, 0, 1);
const net = await startDevnet({ clock, sealing: "manual", finality: "manual" });
const { chain } = net;
chain.newBlock();
chain.newBlock({ authoritiesAfter: 1 });
chain.newBlock();
chain.newBlock();
chain.finalize(chain.best.hash);

const keys = [timeKey, accountKey(developmentAccounts["Alice"]!), accountKey(new Uint8Array(32).fill(9))];
const { state, hash } = chain.best;
const blocks = [1, 2, 3, 4].map((number) => chain.find(chain.hashAt(number)!)!);
const hex = (bytes: Uint8Array): string => toHex(bytes).slice(2);
const proofs: ChainProofs = {
  genesis: chain.genesisHash.slice(2),
  authorities: [0, 1].map((set) => developmentAuthorities(set).map(({ key }) => bytesToHex(key))),
  headers: blocks.map(({ header }) => hex(header)),
  hashes: blocks.map((block) => block.hash.slice(2)),
  justifications: [blocks[2]!, blocks[3]!].map((block) => hex(chain.justification(block))),
  body: chain.body(hash).map(hex),
  proof: readProof(state, keys.map(keyOf)).map(hex),
  keys: keys.map(hex),
  values: keys.map((key) => {
    const value = state.get(keyOf(key));
    return value === undefined ? null : hex(value);
  }),
};
await net.close();
writeFileSync(new URL("chain-proofs.json", import.meta.url), `${JSON.stringify(proofs, undefined, 1)}\n`);
