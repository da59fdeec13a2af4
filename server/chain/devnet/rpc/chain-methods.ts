/** JSON-RPC `chain_*`: headers, blocks, and those that follow them. */
import type { StoredBlock } from "../blocks/store.ts";
import type { Block } from "../blocks/tree.ts";
import type { ChainListener, DevelopmentChain } from "../chain.ts";
import { toHex } from "../hex.ts";
import { keysMax } from "../limits.ts";
import { headerJson } from "./blocks.ts";
import { invalidParameters } from "./errors.ts";
import { connected, type Method, type Methods } from "./json-rpc.ts";
import { numberOf, type Parameters } from "./parameters.ts";

export function chainMethods(chain: DevelopmentChain): Methods {
  const header: Method = (parameters) => {
    const stored = chain.find(parameters.hash(0) ?? chain.best.hash);
    return stored === undefined ? null : headerJson(stored.header);
  };
  const finalizedHead: Method = () => chain.finalized.hash;
  const follow =
    (method: string, now: () => Block, listener: (notify: (block: Block) => void) => ChainListener): Method =>
    (_, connection) =>
      connected(connection).subscribe(method, (notify) => {
        const tell = (block: Block): void => notify(headerJson(block.header));
        tell(now());
        return chain.listen(listener(tell));
      });
  const newHeads = follow(
    "chain_newHead",
    () => chain.best,
    (best) => ({ best }),
  );
  const allHeads = follow(
    "chain_allHead",
    () => chain.best,
    (imported) => ({ imported }),
  );
  const finalizedHeads = follow(
    "chain_finalizedHead",
    () => chain.finalized,
    (finalized) => ({ finalized }),
  );
  return {
    chain_getHeader: header,
    chain_getBlock: (parameters) => {
      const stored = chain.find(parameters.hash(0) ?? chain.best.hash);
      if (stored === undefined) return null;
      const block = { header: headerJson(stored.header), extrinsics: chain.body(stored.hash).map(toHex) };
      return { block, justifications: justificationsOf(chain, stored) };
    },
    chain_getBlockHash: (parameters) => blockHash(chain, parameters),
    chain_getHead: (parameters) => blockHash(chain, parameters),
    chain_getFinalizedHead: finalizedHead,
    chain_getFinalisedHead: finalizedHead,
    chain_subscribeNewHeads: newHeads,
    chain_subscribeNewHead: newHeads,
    chain_subscribeAllHeads: allHeads,
    chain_subscribeFinalizedHeads: finalizedHeads,
    chain_subscribeFinalisedHeads: finalizedHeads,
    chain_unsubscribeNewHeads: unsubscribe,
    chain_unsubscribeNewHead: unsubscribe,
    chain_unsubscribeAllHeads: unsubscribe,
    chain_unsubscribeFinalizedHeads: unsubscribe,
    chain_unsubscribeFinalisedHeads: unsubscribe,
  };
}

export const unsubscribe: Method = (parameters, connection) => connected(connection).unsubscribe(parameters.text(0));

const engine = [...Buffer.from("FRNK")];

/** As nodes keep them. */
function justificationsOf(chain: DevelopmentChain, { hash, number }: StoredBlock): unknown {
  const final = number <= chain.finalized.number && chain.hashAt(number) === hash;
  if (!final || !chain.isJustified(number)) return null;
  return [[engine, [...chain.justification({ hash, number })]]];
}

/** Of the best block, of one number, or of a list of them. */
function blockHash(chain: DevelopmentChain, parameters: Parameters): unknown {
  if (!parameters.has(0)) return chain.best.hash;
  const value = parameters.value(0);
  if (!Array.isArray(value)) return chain.hashAt(parameters.number(0)) ?? null;
  if (value.length > keysMax) throw invalidParameters(`at most ${keysMax} numbers`);
  return value.map((one) => {
    const number = numberOf(one);
    if (number === undefined) throw invalidParameters("numbers of blocks");
    return chain.hashAt(number) ?? null;
  });
}
