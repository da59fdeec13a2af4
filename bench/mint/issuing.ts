/**
 * A process with a chain, an issuer, and the link between them: awards go in, items are final and proven. The chain makes a
 * block as soon as it is asked for one, so that what is measured is work and not a network's clock.
 */
import { developmentChainTerms } from "../../server/cli/chain-terms.ts";
import { startDevnet, type Devnet } from "../../server/chain/devnet/start.ts";
import { saidIn } from "../../server/enclave/ledger/follow/block.ts";
import { Follower, type View } from "../../server/enclave/ledger/follow/follower.ts";
import { advanceCheckpoint, positionOf } from "../../server/enclave/ledger/follow/head.ts";
import type { ChainSource, ChainStep } from "../../server/enclave/ledger/follow/source.ts";
import { decodeCheckpoint } from "../../server/enclave/ledger/proof/checkpoint.ts";
import { hashOf } from "../../server/enclave/ledger/proof/header.ts";
import { accountKey, timeKey } from "../../server/enclave/ledger/proof/storage-keys.ts";
import { verifyStorage } from "../../server/enclave/ledger/proof/storage.ts";
import { Runtimes, type PinnedRuntime } from "../../server/enclave/ledger/runtime/runtimes.ts";
import { Issuer, type IssuingView } from "../../server/enclave/reward/issuer.ts";
import { issuerKeyOf, type IssuerKey } from "../../server/enclave/reward/issuer-key.ts";
import { signTransaction } from "../../server/enclave/reward/transaction.ts";
import { voucherId, type Voucher } from "../../server/enclave/reward/voucher.ts";
import { accountBytes, accountOf } from "../../server/rmrk/account.ts";
import { collectionIdOf } from "../../server/rmrk/ids.ts";
import { emptyState } from "../../server/rmrk/state/state.ts";
import { answer, report } from "../processes/child.ts";
import { linkedChain } from "./linked.ts";
import type { MintAmounts, MintMeasured } from "./measured.ts";

const key = issuerKeyOf(new Uint8Array(32).fill(1));
const collection = collectionIdOf(key.account, "PRIZES");
const metadata = "ipfs://bafkreigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const period = 4;
/** Repetitions of what takes milliseconds. */
const repeats = 30;

interface Wide extends IssuingView {
  readonly whole: View;
}

class Issuing {
  readonly net: Devnet;
  readonly source: ChainSource;
  readonly follower: Follower;
  readonly issuer: Issuer<Wide>;
  readonly runtimes: readonly PinnedRuntime[];
  readonly checkpoint;
  #last = 0;

  constructor(net: Devnet, source: ChainSource, owner: IssuerKey) {
    this.net = net;
    this.source = source;
    const terms = developmentChainTerms(net.chain);
    this.runtimes = terms.runtimes;
    this.checkpoint = decodeCheckpoint(JSON.stringify(terms.checkpoint));
    const items = emptyState(terms.prefix);
    this.follower = new Follower({
      checkpoint: this.checkpoint,
      items,
      source,
      runtimes: this.runtimes,
      accounts: [owner.account],
    });
    this.issuer = new Issuer<Wide>({
      account: owner.account,
      boot: new Uint8Array(32).fill(2),
      period,
      collections: [{ op: "CREATE", id: collection, issuer: owner.account, symbol: "PRIZES", max: 0, metadata }],
      entries: [],
      journal: { append: () => Promise.resolve() },
      sign: (remarks, nonce, era, { whole: { runtime, genesis } }) =>
        signTransaction(remarks, { runtime, genesis, era, nonce }, owner),
      submit: (transaction) => source.submit(transaction),
    });
  }

  /** A block, and all that follows from it. */
  async step(): Promise<void> {
    this.net.chain.newBlock();
    for (let step = await this.follower.follow(); step !== undefined; step = await this.follower.follow()) {
      const { block, items, nonces } = step.view;
      await this.issuer.turn({ block, items, nonce: nonces.get(key.account)!, whole: step.view }, step.words);
    }
  }

  async award(): Promise<Voucher> {
    const number = (this.#last += 1);
    const player = new Uint8Array(32);
    new DataView(player.buffer).setUint32(0, number % 1000);
    const voucher: Voucher = {
      id: voucherId(new Uint8Array(32), "room", `award ${number}`),
      recipient: accountOf(player),
      collection,
      symbol: "prize",
      transferable: 1,
      metadata,
    };
    await this.issuer.award(voucher);
    return voucher;
  }
}

/** Until the fence stands and the collection is there. */
async function ready(issuing: Issuing): Promise<void> {
  for (let blocks = 0; blocks < 64; blocks++) {
    await issuing.step();
    if (issuing.follower.view?.items.collections.has(collection) === true) return;
  }
  throw new Error("the issuer did not get ready");
}

async function measureBatches(issuing: Issuing, waiting: number) {
  for (let i = 0; i < waiting; i++) await issuing.award();
  const from = issuing.net.chain.finalized.number;
  const start = performance.now();
  while (issuing.issuer.open > 0) await issuing.step();
  const seconds = (performance.now() - start) / 1000;
  const { chain } = issuing.net;
  const mints: number[] = [];
  let bytes = 0;
  for (let number = from + 1; number <= chain.finalized.number; number++) {
    for (const extrinsic of chain.body(chain.hashAt(number)!)) {
      const count = Buffer.from(extrinsic).toString("latin1").split("RMRK::MINT::").length - 1;
      if (count === 0) continue;
      mints.push(count);
      bytes += extrinsic.length;
    }
  }
  const awards = mints.reduce((sum, count) => sum + count, 0);
  if (awards !== waiting) throw new Error(`${awards} items for ${waiting} awards`);
  return { awards, seconds, blocks: mints.length, mostInBlock: Math.max(...mints), bytesPerAward: bytes / awards };
}

async function measureSingle(issuing: Issuing, single: number): Promise<readonly number[]> {
  const finalMs: number[] = [];
  for (let i = 0; i < single; i++) {
    const start = performance.now();
    const { id } = await issuing.award();
    while (issuing.issuer.stageOf(id)?.stage !== "final") await issuing.step();
    finalMs.push(performance.now() - start);
  }
  return finalMs;
}

/** What a worker proves of the newest blocks, again and again: what was fetched before is not fetched again. */
async function measureProofs(issuing: Issuing) {
  const { source, checkpoint } = issuing;
  const runtimes = new Runtimes(issuing.runtimes, (runtime, block) => source.metadata(runtime, block));
  let before = checkpoint;
  let last: ChainStep | undefined;
  for (let at = checkpoint; ;) {
    const step = await source.next(positionOf(at));
    if (step === undefined) break;
    [before, last] = [at, step];
    at = advanceCheckpoint(at, step).checkpoint;
  }
  if (last === undefined || !("justification" in last)) throw new Error("nothing was proven");
  const step = last;
  const { headers } = advanceCheckpoint(before, step);
  const fetched = new Map<string, readonly Uint8Array[]>();
  const bytesOf = (list: readonly Uint8Array[]): number => list.reduce((sum, { length }) => sum + length, 0);
  const kept: ChainSource = {
    ...source,
    metadata: (runtime, block) => source.metadata(runtime, block),
    body: async (block) => keep(`body ${block}`, () => source.body(block)),
    storage: async (block, keys) => keep(`storage ${block}`, () => source.storage(block, keys)),
  };
  const keep = async (name: string, fetch: () => Promise<readonly Uint8Array[]>): Promise<readonly Uint8Array[]> => {
    const known = fetched.get(name) ?? (await fetch());
    fetched.set(name, known);
    return known;
  };
  let full = headers.at(-1)!;
  let most = -1;
  for (const header of headers) {
    const size = bytesOf(await kept.body(header.hash));
    if (size > most) [most, full] = [size, header];
  }
  await saidIn(full, kept, runtimes);
  const blockProofBytes =
    bytesOf(fetched.get(`body ${full.hash}`)!) + bytesOf(fetched.get(`storage ${full.hash}`) ?? []);
  const blockProofMs = await timed(() => saidIn(full, kept, runtimes));
  const newest = headers.at(-1)!;
  const keys = [accountKey(accountBytes(key.account)), timeKey];
  const proof = await source.storage(newest.hash, keys);
  const one = { headers: step.headers.slice(-1), justification: step.justification };
  const parent = headers.at(-2);
  const near =
    parent === undefined
      ? before
      : {
          ...before,
          finalized: { ...before.finalized, block: { hash: hashOf(step.headers.at(-2)!), number: parent.number } },
        };
  const stateProofMs = await timed(() => {
    advanceCheckpoint(near, one);
    verifyStorage(newest.stateRoot, proof, keys);
  });
  const stateProofBytes = bytesOf(proof) + bytesOf(one.headers) + one.justification.length;
  return { blockProofBytes, blockProofMs, stateProofBytes, stateProofMs };
}

async function timed(run: () => unknown): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times;
}

answer({
  async measure({ waiting, single }: MintAmounts): Promise<MintMeasured> {
    const net = await startDevnet({ sealing: "manual", accounts: [accountBytes(key.account)] });
    const { chain, close } = await linkedChain(net.url);
    try {
      const issuing = new Issuing(net, chain, key);
      await ready(issuing);
      report(`${waiting} awards in batches`);
      const batches = await measureBatches(issuing, waiting);
      report("what is proven of a block");
      const proofs = await measureProofs(issuing);
      report(`${single} awards one by one`);
      return { ...batches, ...proofs, finalMs: await measureSingle(issuing, single) };
    } finally {
      close();
      await net.close();
    }
  },
});
