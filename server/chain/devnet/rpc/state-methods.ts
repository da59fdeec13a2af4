/** JSON-RPC `state_*`: storage and its proofs, metadata, versions, and calls of the runtime that change nothing. */
import type { Block } from "../blocks/tree.ts";
import type { DevelopmentChain } from "../chain.ts";
import { blake2b256 } from "../hashing.ts";
import { keyBytes, toHex, type StorageKey } from "../hex.ts";
import { keysMax, queryBlocksMax } from "../limits.ts";
import type { RuntimeVersion } from "../runtime/version.ts";
import { blockAt } from "./blocks.ts";
import { unsubscribe } from "./chain-methods.ts";
import { invalidParameters } from "./errors.ts";
import { connected, type Method, type Methods } from "./json-rpc.ts";
import type { Parameters } from "./parameters.ts";

const hexOf = (value: Uint8Array | undefined): string | null => (value === undefined ? null : toHex(value));
const keyHex = (key: StorageKey): string => toHex(keyBytes(key));

export function stateMethods(chain: DevelopmentChain): Methods {
  const at = (parameters: Parameters, index: number): Block => blockAt(chain, parameters.hash(index));
  const get = (parameters: Parameters): Uint8Array | undefined => at(parameters, 1).state.get(parameters.key(0));
  const storage: Method = (parameters) => hexOf(get(parameters));
  const size: Method = (parameters) => get(parameters)?.length ?? null;
  const hash: Method = (parameters) => {
    const value = get(parameters);
    return value === undefined ? null : toHex(blake2b256(value));
  };
  const call: Method = (parameters) => {
    const { state } = at(parameters, 2);
    return toHex(chain.runtime(at(parameters, 2)).ask(parameters.text(0), parameters.bytes(1), state));
  };
  const keysPaged: Method = (parameters) => pageOfKeys(at(parameters, 3), parameters);
  const version: Method = (parameters) => versionJson(chain.runtime(at(parameters, 0)).version);
  const subscribeVersion: Method = (_, connection) => followVersion(chain, connected(connection));
  return {
    state_getStorage: storage,
    state_getStorageAt: storage,
    state_getStorageHash: hash,
    state_getStorageHashAt: hash,
    state_getStorageSize: size,
    state_getStorageSizeAt: size,
    state_getKeysPaged: keysPaged,
    state_getKeysPagedAt: keysPaged,
    state_queryStorageAt: (parameters) => {
      const block = at(parameters, 1);
      return [changesIn(block, parameters.keys(0))];
    },
    state_queryStorage: (parameters) => changesFromTo(chain, parameters),
    state_subscribeStorage: (parameters, connection) => {
      const keys = parameters.keys(0);
      return connected(connection).subscribe("state_storage", (notify) => {
        let last = chain.best;
        notify(changesIn(last, keys));
        return chain.listen({
          best(block) {
            const before = last;
            last = block;
            const changed = keys.filter((key) => differs(before, block, key));
            if (changed.length > 0) notify(changesIn(block, changed));
          },
        });
      });
    },
    state_unsubscribeStorage: unsubscribe,
    state_getReadProof: (parameters) => {
      const hash = parameters.hash(1) ?? chain.best.hash;
      return { at: hash, proof: chain.readProof(hash, parameters.keys(0)).map(toHex) };
    },
    state_getMetadata: (parameters) => toHex(chain.metadataAt(parameters.hash(0) ?? chain.best.hash)),
    state_call: call,
    state_callAt: call,
    state_getRuntimeVersion: version,
    chain_getRuntimeVersion: version,
    state_subscribeRuntimeVersion: subscribeVersion,
    chain_subscribeRuntimeVersion: subscribeVersion,
    state_unsubscribeRuntimeVersion: unsubscribe,
    chain_unsubscribeRuntimeVersion: unsubscribe,
    // There is no child storage here.
    childstate_getKeysPaged: () => [],
    childstate_getStorage: () => null,
    childstate_getStorageHash: () => null,
    childstate_getStorageSize: () => null,
  };
}

function versionJson({ apis, ...version }: RuntimeVersion): unknown {
  return { ...version, apis };
}

function followVersion(chain: DevelopmentChain, connection: ReturnType<typeof connected>): string {
  return connection.subscribe("state_runtimeVersion", (notify) => {
    let last = chain.runtime(chain.best);
    notify(versionJson(last.version));
    return chain.listen({
      best(block) {
        const now = chain.runtime(block);
        if (now === last) return;
        last = now;
        notify(versionJson(now.version));
      },
    });
  });
}

/** Parameters: what keys begin with, how many at most, after which one, and of which block. */
function pageOfKeys({ state }: Block, parameters: Parameters): string[] {
  const prefix = parameters.has(0) ? parameters.key(0) : "";
  const count = parameters.number(1);
  if (count > keysMax) throw invalidParameters(`at most ${keysMax} keys at once`);
  const above = parameters.has(2) ? parameters.key(2) : undefined;
  const page: string[] = [];
  if (count === 0) return page;
  for (const key of state.keys(prefix, above)) if (page.push(keyHex(key)) === count) break;
  return page;
}

const changesIn = ({ hash, state }: Block, keys: readonly StorageKey[]) => ({
  block: hash,
  changes: keys.map((key) => [keyHex(key), hexOf(state.get(key))]),
});

function differs(before: Block, after: Block, key: StorageKey): boolean {
  const [old, now] = [before.state.get(key), after.state.get(key)];
  if (old === undefined || now === undefined) return old !== now;
  return Buffer.compare(old, now) !== 0;
}

/** All values at the first block, then what changed in each block up to the last. */
function changesFromTo(chain: DevelopmentChain, parameters: Parameters): unknown[] {
  const keys = parameters.keys(0);
  const from = chain.block(parameters.hash(1) ?? chain.best.hash);
  const to = blockAt(chain, parameters.hash(2));
  const path: Block[] = [];
  for (let block: Block | undefined = to; block !== from; block = block.parent) {
    if (block === undefined || path.length === queryBlocksMax) {
      throw invalidParameters(`two blocks of one chain, at most ${queryBlocksMax} apart`);
    }
    path.push(block);
  }
  const sets: unknown[] = [changesIn(from, keys)];
  for (const block of path.reverse()) {
    const changed = keys.filter((key) => differs(block.parent!, block, key));
    if (changed.length > 0) sets.push(changesIn(block, changed));
  }
  return sets;
}
