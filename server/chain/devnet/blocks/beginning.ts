/** Where a chain begins: with the block of its specification, or where it was left. */
import type { ChainSpec } from "../genesis/spec.ts";
import { DevnetError } from "../errors.ts";
import { toHex } from "../hex.ts";
import { Runtime } from "../runtime/runtime.ts";
import { orderedRoot, Trie } from "../trie/trie.ts";
import { encodeHeader, hashOf } from "./header.ts";
import type { BlockStore, NewBlock } from "./store.ts";
import { BlockTree, type Block } from "./tree.ts";

/** The block that the specification describes (Polkadot specification, section 3.3). */
export function genesisOf({ top }: ChainSpec): { readonly block: NewBlock; readonly state: Trie } {
  const { stateVersion } = Runtime.of(Trie.empty.with(top, 0)).version;
  const state = Trie.empty.with(top, stateVersion);
  const header = encodeHeader({
    parentHash: new Uint8Array(32),
    number: 0,
    stateRoot: state.root,
    extrinsicsRoot: orderedRoot([], 0),
    logs: [],
  });
  const block = {
    hash: hashOf(header),
    number: 0,
    header,
    inherents: 0,
    version: stateVersion,
    body: [],
    changes: top,
  };
  return { block, state };
}

/** As it was when the last block was written. @throws DevnetError "database-damaged". */
export function restored(store: BlockStore, genesis: Block): BlockTree {
  const baseHash = store.head("base");
  const base =
    baseHash === genesis.hash ? genesis : { ...known(store.find(baseHash)), parent: undefined, state: stateIn(store) };
  const tree = new BlockTree(base);
  for (const { changes, ...block } of store.above(base.number)) {
    const parent = known(tree.get(toHex(block.header.subarray(0, 32))));
    tree.add({ ...block, parent, state: parent.state.with(changes, block.version) });
  }
  tree.setBest(known(tree.get(store.head("best"))));
  tree.finalize(known(tree.get(store.head("finalized"))));
  return tree;
}

function stateIn(store: BlockStore): Trie {
  let state = Trie.empty;
  for (const { key, value, version } of store.state()) state = state.with([[key, value]], version);
  return state;
}

function known<T>(block: T | undefined): T {
  if (block === undefined) throw new DevnetError("database-damaged", "a block without its parent, or no head");
  return block;
}
