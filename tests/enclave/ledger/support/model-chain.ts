/**
 * A chain made of nothing but headers, bodies, states and votes, so that every lie about one can be told. Its bytes are
 * made by the development chain's code, which shares nothing with the code that verifies them.
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { encodeHeader, type Header as DevnetHeader } from "#chain/devnet/blocks/header.ts";
import { storageKey as devnetKey, twox64Concat } from "#chain/devnet/hashing.ts";
import { keyOf } from "#chain/devnet/hex.ts";
import { compact, littleEndian, prefixed, vector } from "#chain/devnet/scale.ts";
import { readProof } from "#chain/devnet/trie/proof.ts";
import { orderedRoot, Trie } from "#chain/devnet/trie/trie.ts";
import type { AuthoritySet, Handover } from "#enclave/ledger/proof/authorities.ts";
import type { Checkpoint } from "#enclave/ledger/proof/checkpoint.ts";
import type { Finalized, FinalityStep } from "#enclave/ledger/proof/finality.ts";
import { hashOf, type BlockHash } from "#enclave/ledger/proof/header.ts";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";

export interface ModelBlock {
  readonly hash: BlockHash;
  readonly number: number;
  readonly header: Uint8Array;
  readonly fields: DevnetHeader;
  readonly body: readonly Uint8Array[];
  readonly state: Trie;
}

export interface Voter {
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  readonly weight: number;
}

/** How a justification is not the honest one. */
export interface Votes {
  readonly voters?: readonly Voter[];
  readonly round?: number;
  readonly setId?: number;
  /** In the order of the voters: what each votes for; else the block itself. */
  readonly votedFor?: readonly ModelBlock[];
  readonly ancestry?: readonly ModelBlock[];
  /** Said to be justified; else the block itself. */
  readonly target?: { readonly hash: BlockHash; readonly number: number };
}

const memo = new Map<string, Voter>();

export function voter(name: string, weight = 1): Voter {
  const known = memo.get(`${name} ${weight}`);
  if (known !== undefined) return known;
  const secret = blake2b(utf8ToBytes(name), { dkLen: 32 });
  const made = { secret, key: ed25519.getPublicKey(secret), weight };
  memo.set(`${name} ${weight}`, made);
  return made;
}

export const votersOf = (setId: number, count = 4): readonly Voter[] =>
  Array.from({ length: count }, (_, i) => voter(`authority ${setId} ${i}`));

export const authoritySet = (id: number, voters: readonly Voter[]): AuthoritySet => ({
  id: BigInt(id),
  authorities: voters.map(({ key, weight }) => ({ key: bytesToHex(key), weight: BigInt(weight) })),
});

/** A digest item of GRANDPA's. */
export const grandpaLog = (message: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(4), utf8ToBytes("FRNK"), prefixed(message));

export const scheduled = (voters: readonly Voter[], delay: number): Uint8Array =>
  grandpaLog(concatBytes(Uint8Array.of(1), authorityList(voters), littleEndian(delay, 4)));

export const forced = (voters: readonly Voter[], delay: number): Uint8Array =>
  grandpaLog(concatBytes(Uint8Array.of(2), littleEndian(0, 4), authorityList(voters), littleEndian(delay, 4)));

export const authorityList = (voters: readonly Voter[]): Uint8Array =>
  vector(voters.map(({ key, weight }) => concatBytes(key, littleEndian(weight, 8))));

/** What an author says before a block: a slot. */
export const slotLog = (slot: number): Uint8Array =>
  concatBytes(Uint8Array.of(6), utf8ToBytes("aura"), prefixed(littleEndian(slot, 8)));

export const timeOf = (number: number): number => Date.UTC(2026, 0, 1) + number * 6000;
export const extrinsic = (text: string): Uint8Array => prefixed(utf8ToBytes(text));

export const names = {
  time: devnetKey("Timestamp", "Now"),
  events: devnetKey("System", "Events"),
  owner: keyOf(utf8ToBytes("owner of the sword")),
  code: keyOf(utf8ToBytes(":code")),
  head: (parachain: number) => devnetKey("Paras", "Heads", twox64Concat(littleEndian(parachain, 4))),
};

export const keyBytesOf = (key: string): Uint8Array => Uint8Array.from(key, (letter) => letter.charCodeAt(0));

const entries = (number: number): [string, Uint8Array][] => [
  [names.time, littleEndian(timeOf(number), 8)],
  [names.owner, utf8ToBytes("alice")],
  [names.code, new Uint8Array(200).fill(7)],
  [names.events, utf8ToBytes(`what happened in block ${number}, at some length`)],
  ...Array.from({ length: 40 }, (_, i): [string, Uint8Array] => [
    keyOf(utf8ToBytes(`item ${i}`)),
    new Uint8Array(1 + i).fill(i),
  ]),
];

export class ModelChain {
  readonly blocks: ModelBlock[] = [];

  constructor(first = 100) {
    this.blocks.push(this.make(undefined, first, {}));
  }

  get last(): ModelBlock {
    return this.blocks.at(-1)!;
  }

  grow(options: BlockOptions = {}): ModelBlock {
    const block = this.child(this.last, options);
    this.blocks.push(block);
    return block;
  }

  /** Not on the chain. */
  child(parent: ModelBlock, options: BlockOptions = {}): ModelBlock {
    return this.make(parent.hash, parent.number + 1, options);
  }

  make(parentHash: BlockHash | undefined, number: number, options: BlockOptions): ModelBlock {
    const { storage = [], logs = [], version = 1 } = options;
    const state = Trie.empty.with([...entries(number), ...storage], version);
    const body = options.body ?? [extrinsic(`time ${number}`), extrinsic(`remark ${number}`), extrinsic("third")];
    const fields = {
      parentHash: parentHash === undefined ? new Uint8Array(32) : hexToBytes(parentHash),
      number,
      stateRoot: state.root,
      extrinsicsRoot: orderedRoot(body, 0),
      logs: [slotLog(number), ...logs],
    };
    return blockOf(fields, body, state);
  }
}

export interface BlockOptions {
  readonly body?: readonly Uint8Array[];
  readonly storage?: readonly (readonly [string, Uint8Array | null])[];
  readonly logs?: readonly Uint8Array[];
  readonly version?: 0 | 1;
}

export function blockOf(fields: DevnetHeader, body: readonly Uint8Array[], state: Trie): ModelBlock {
  const header = encodeHeader(fields);
  return { hash: hashOf(header), number: fields.number, header, fields, body, state };
}

export function justify(block: ModelBlock, { voters = votersOf(0), ...votes }: Votes = {}): Uint8Array {
  const { round = block.number, setId = 0, votedFor = [], ancestry = [], target = block } = votes;
  const signed = voters.map(({ secret, key }, i) => {
    const { hash, number } = votedFor[i] ?? block;
    const vote = concatBytes(hexToBytes(hash), littleEndian(number, 4));
    const message = concatBytes(Uint8Array.of(1), vote, littleEndian(round, 8), littleEndian(setId, 8));
    return concatBytes(vote, ed25519.sign(message, secret), key);
  });
  return concatBytes(
    littleEndian(round, 8),
    hexToBytes(target.hash),
    littleEndian(target.number, 4),
    vector(signed),
    vector(ancestry.map(({ header }) => header)),
  );
}

export const prove = (block: ModelBlock, keys: readonly string[]): readonly Uint8Array[] =>
  readProof(block.state, keys);

export const handoverOf = (id = 0, voters = votersOf(id)): Handover => ({
  set: authoritySet(id, voters),
  coming: undefined,
});

export const finalizedAt = ({ hash, number }: ModelBlock, handover = handoverOf()): Finalized => ({
  block: { hash, number },
  handover,
});

export const stepTo = (blocks: readonly ModelBlock[], votes: Votes = {}): FinalityStep => ({
  headers: blocks.map(({ header }) => header),
  justification: justify(blocks.at(-1)!, votes),
});

export const checkpointAt = (block: ModelBlock): Checkpoint => ({
  genesis: block.hash,
  strength: "development-chain",
  finalized: finalizedAt(block),
  parachain: undefined,
});

export { compact, littleEndian, prefixed };
