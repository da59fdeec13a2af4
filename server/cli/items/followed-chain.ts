/** A chain that the command follows for itself: proven from where its terms begin, and sent to. */
import { readFile } from "node:fs/promises";
import { Follower, type View } from "#enclave/ledger/follow/follower.ts";
import type { Word } from "#enclave/ledger/follow/block.ts";
import { ChainError, LinkedChain, type ChainLink } from "#enclave/ledger/follow/linked-chain.ts";
import type { DeadlineBlocks } from "#enclave/ledger/nfts/reading.ts";
import { decodeCheckpoint } from "#enclave/ledger/proof/checkpoint.ts";
import { ProofError, proofErrors } from "#enclave/ledger/proof/errors.ts";
import { batchCall, remarkCall, transferCall } from "#enclave/ledger/runtime/calls.ts";
import { encodeEra } from "#enclave/ledger/runtime/era.ts";
import type { PinnedRuntime } from "#enclave/ledger/runtime/runtimes.ts";
import { prepareCall } from "#enclave/ledger/runtime/signing.ts";
import { ChainService, type ChainConversation } from "#gateway/chain/chain-service.ts";
import { concatBytes } from "#protocol/bytes.ts";
import { encodeChainOffer } from "#protocol/chain-link.ts";
import { isRecord } from "#protocol/value.ts";
import type { AccountId } from "#rmrk/account.ts";
import { refusalOf, type Act } from "#rmrk/acts.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { refusalCodes } from "#rmrk/errors.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { ItemsError } from "./items-error.ts";
import type { ItemKey } from "./key.ts";

export interface ItemsTerms {
  readonly checkpoint: unknown;
  readonly runtimes: readonly PinnedRuntime[];
  readonly prefix: number;
  readonly symbol: string;
  readonly decimals: number;
  /** Whose bases the world's items are worn on, and whose collections; undefined: not said. */
  readonly owner?: string | undefined;
  /** Whether collections of RMRK 1.0 and their old spelling count; default: they do not. */
  readonly compat?: boolean | undefined;
  /** Items are those of pallet-nfts; undefined: they are RMRK's. */
  readonly nfts?: { readonly deadlines: DeadlineBlocks } | undefined;
}

/** As `phatroom chain --terms` writes them. @throws ItemsError. */
export async function readTerms(file: string): Promise<ItemsTerms> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new ItemsError(`${file} cannot be read. \`phatroom chain --terms ${file}\` writes it.`);
  });
  let terms: unknown;
  try {
    terms = JSON.parse(text);
  } catch {
    terms = undefined;
  }
  if (!isRecord(terms) || !Array.isArray(terms["runtimes"]) || typeof terms["prefix"] !== "number") {
    throw new ItemsError(`${file} does not say which chain it is about. \`phatroom chain --terms ${file}\` writes it.`);
  }
  const { symbol, decimals, owner, nfts } = terms;
  return {
    ...(terms as unknown as ItemsTerms),
    symbol: typeof symbol === "string" ? symbol : "UNIT",
    decimals: typeof decimals === "number" ? decimals : 12,
    owner: typeof owner === "string" ? owner : undefined,
    nfts: isRecord(nfts) ? { deadlines: nfts["deadlines"] === "relay" ? "relay" : "own" } : undefined,
  };
}

const reachMs = 15_000;
/** Blocks that a transaction may wait, and how long whoever sent it does. */
const period = 64;
const finalMs = 120_000;
const refusedMs = 20_000;
/** Blocks: of very many that are to be read, each step brings more. */
const shortStep = 16;

export class FollowedChain implements AsyncDisposable {
  readonly #service: ChainService;
  readonly #chain: LinkedChain;
  readonly #follower: Follower;
  readonly #words: Word[] = [];

  private constructor(service: ChainService, chain: LinkedChain, follower: Follower) {
    this.#service = service;
    this.#chain = chain;
    this.#follower = follower;
  }

  /**
   * @param account that signs. @param others whose funds are of interest.
   * @throws ItemsError if the node cannot be reached, or is of another chain.
   */
  static async open(
    url: string,
    terms: ItemsTerms,
    account: AccountId | undefined,
    others: readonly AccountId[] = [],
  ): Promise<FollowedChain> {
    if (!URL.canParse(url) || !/^(wss?|https?):$/.test(new URL(url).protocol))
      throw new ItemsError(`${url} is no address of a node, such as ws://127.0.0.1:9944.`);
    const reached = Promise.withResolvers<void>();
    const service = new ChainService({ url, log: ({ event }) => event === "chain-reached" && reached.resolve() });
    const chain = linked(service);
    service.start();
    const late = setTimeout(() => reached.reject(new ItemsError(`No node answers at ${url}.`)), reachMs);
    const items = emptyState(terms.prefix);
    const follower = new Follower({
      checkpoint: decodeCheckpoint(JSON.stringify(terms.checkpoint)),
      items,
      source: chain,
      runtimes: terms.runtimes,
      compat: terms.compat === true,
      accounts: [...new Set(account === undefined ? others : [account, ...others])],
    });
    const followed = new FollowedChain(service, chain, follower);
    try {
      await reached.promise;
      await followed.#begin();
      return followed;
    } catch (error) {
      service.close();
      if (error instanceof ProofError) throw new ItemsError(`${url}: ${proofErrors[error.code]}`);
      throw error instanceof ChainError ? new ItemsError(`${url}: ${chainTrouble(error)}`) : error;
    } finally {
      clearTimeout(late);
    }
  }

  /** What workers and owners have left for each other, up to the newest final block that was read. */
  get words(): readonly Word[] {
    return this.#words;
  }

  /** Of the node, which proves what it says. */
  get source(): LinkedChain {
    return this.#chain;
  }

  /** A chain that has only just begun has no final block, but soon. */
  async #begin(): Promise<void> {
    for (const until = performance.now() + reachMs; ;) {
      if ((await this.#step()) !== undefined) return;
      if (performance.now() > until)
        throw new ItemsError(
          "This chain has no final block yet: nothing has happened on it. `phatroom chain --mode 1000` makes a block a second.",
        );
      await this.#chain.newer(0);
    }
  }

  /** Of the newest final block. */
  async view(): Promise<View> {
    try {
      // A short step was all there was; a chain may be as fast as whoever follows it.
      for (let before = -1; ;) {
        const step = await this.#step();
        if (step === undefined || step.view.block.number - before < shortStep) break;
        before = step.view.block.number;
      }
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      throw new ItemsError(chainTrouble(error));
    }
    return this.#follower.view!;
  }

  async #step() {
    const step = await this.#follower.follow();
    if (step !== undefined) this.#words.push(...step.words);
    return step;
  }

  /**
   * Signs and sends it, and waits until it is final.
   *
   * @returns the final block by which it has happened.
   * @throws ItemsError before anything is signed, if the chain would do nothing; or if it did not in time.
   */
  async act(act: Act, key: ItemKey, done: (view: View) => boolean | Promise<boolean>): Promise<View> {
    const view = await this.view();
    const refused = refusalOf(view.items, key.account, act, view.block.number + 1);
    if (refused !== undefined) throw new ItemsError(refusalCodes[refused]);
    return this.send(callOf(act, view), key, view, async (now) => done(now));
  }

  /** As `act`, of any call. @param view on whose block it is signed. */
  async send(call: Uint8Array, key: ItemKey, view: View, done: (view: View) => Promise<boolean>): Promise<View> {
    const taken = await this.#submit(transactionOf(call, key, view));
    // One of ours that was sent before may have its place: then that is waited for.
    for (const until = performance.now() + (taken ? finalMs : refusedMs); performance.now() < until;) {
      const now = await this.view();
      // Others change the chain meanwhile: what they did is not taken for this.
      const over = !taken || nonceOf(now, key) > nonceOf(view, key);
      if (over && (await done(now))) return now;
      if (now.block.number >= view.block.number + period) break;
      await this.#chain.newer(now.block.number);
    }
    if (!taken) throw new ItemsError("The chain did not take it: this account may be unable to pay its fees.");
    throw new ItemsError("The chain did not take it in time. Nothing happened, or something else did: look again.");
  }

  /** @returns whether the node takes it. @throws ItemsError if there is no node. */
  async #submit(transaction: Uint8Array): Promise<boolean> {
    try {
      await this.#chain.submit(transaction);
      return true;
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      if (error.code === "chain-refused") return false;
      throw new ItemsError(chainTrouble(error));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#service.close();
    return Promise.resolve();
  }
}

/** What a node does not give, for whoever asked. */
const chainTrouble = ({ code }: ChainError): string =>
  code === "chain-failed"
    ? "The node has not kept all that is to be proven from where the terms begin, or it is of another chain. Name one that keeps everything (an archive node); for a development chain that was begun anew, write the terms anew."
    : "The chain cannot be reached just now. Try again: what was done stays done.";

function callOf({ interactions, payments }: Act, { runtime: { metadata }, items }: View): Uint8Array {
  return batchCall(metadata, [
    ...payments.map(({ to, amount }) => transferCall(metadata, to, amount)),
    ...interactions.map((interaction) => remarkCall(metadata, encodeRemark(interaction, items.prefix))),
  ]);
}

const nonceOf = ({ nonces }: View, { account }: ItemKey): number => nonces.get(account) ?? 0;

function transactionOf(call: Uint8Array, key: ItemKey, view: View): Uint8Array {
  const { runtime, genesis, block } = view;
  const era = encodeEra({ birth: block, period });
  const terms = { runtime, genesis, nonce: nonceOf(view, key), era, birth: block.hash };
  const { payload, signed } = prepareCall(call, terms);
  return signed(key.account, concatBytes(Uint8Array.of(signatureIsSr25519), key.sign(payload)));
}

const signatureIsSr25519 = 1;

/** The gateway's service as a worker has it, without a gateway. */
function linked(service: ChainService): LinkedChain {
  const chain = new LinkedChain();
  const link: ChainLink = {
    sendApart(_kind, bodies, sent) {
      for (const body of bodies) conversation.receive(body.slice());
      setImmediate(sent);
    },
  };
  const conversation: ChainConversation = service.open({
    answerChain(fragments, sent) {
      for (const fragment of fragments) chain.answer(link, fragment.slice());
      setImmediate(sent);
    },
  });
  chain.offer(link, encodeChainOffer());
  return chain;
}
