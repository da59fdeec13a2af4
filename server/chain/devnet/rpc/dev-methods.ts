/** JSON-RPC for tests: blocks, forks, finality and time by hand. `engine_*` is Substrate's manual seal. */
import type { DevelopmentChain } from "../chain.ts";
import { fromHex } from "../hex.ts";
import { newBlocksMax, transactionBytesMax } from "../limits.ts";
import { invalidParameters } from "./errors.ts";
import type { Methods } from "./json-rpc.ts";
import { hashOf, numberOf, type Parameters } from "./parameters.ts";

export const devMethods = (chain: DevelopmentChain): Methods => ({
  dev_newBlock: (parameters) => newBlocks(chain, parameters),
  dev_setHead: (parameters) => {
    chain.setBest(parameters.hash(0) ?? chain.best.hash);
    return chain.best.hash;
  },
  dev_finalize: (parameters) => {
    chain.finalize(parameters.hash(0) ?? chain.best.hash);
    return chain.finalized.hash;
  },
  dev_setTime: (parameters) => {
    chain.setTime(parameters.number(0));
    return null;
  },
  engine_createBlock: (parameters) => {
    if (parameters.value(0) !== true && chain.pool.ready === 0) throw invalidParameters("there are no transactions");
    const { hash } = chain.newBlock({ parent: parameters.hash(2) });
    if (parameters.value(1) === true) chain.finalize(hash);
    return {
      hash,
      aux: {
        headerOnly: false,
        clearJustificationRequests: false,
        needsJustification: false,
        badJustification: false,
        isNewBest: true,
      },
    };
  },
  engine_finalizeBlock: (parameters) => {
    chain.finalize(parameters.hash(0) ?? chain.best.hash);
    return true;
  },
});

/** Members: `count`, `parent`, `transactions`, `best`, `authoritiesAfter`; see `BlockOrder`. Returns the last one's hash. */
function newBlocks(chain: DevelopmentChain, parameters: Parameters): string {
  const { count, parent, transactions, best, authoritiesAfter } = parameters.members(0);
  const blocks = count === undefined ? 1 : numberOf(count);
  if (blocks === undefined || blocks < 1 || blocks > newBlocksMax) {
    throw invalidParameters(`count is from 1 to ${newBlocksMax}`);
  }
  let last = parent === undefined || parent === null ? undefined : hashOf(parent);
  if (parent !== undefined && parent !== null && last === undefined)
    throw invalidParameters("parent is a block's hash");
  let given = transactions === undefined ? undefined : transactionsOf(transactions);
  let announced = authoritiesAfter === undefined ? undefined : numberOf(authoritiesAfter);
  if (authoritiesAfter !== undefined && announced === undefined) throw invalidParameters("a number of blocks");
  for (let left = blocks; left > 0; left--) {
    const order = { parent: last, transactions: given, best: best !== false, authoritiesAfter: announced };
    ({ hash: last } = chain.newBlock(order));
    // They are in the first one.
    given &&= [];
    announced = undefined;
  }
  return last!;
}

function transactionsOf(value: unknown): Uint8Array[] {
  if (!Array.isArray(value)) throw invalidParameters("transactions are a list");
  return value.map((text) => {
    const bytes = fromHex(text);
    if (bytes === undefined || bytes.length > transactionBytesMax)
      throw invalidParameters("a transaction in hexadecimal");
    return bytes;
  });
}
