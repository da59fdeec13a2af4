/** What a host does: lies to a worker, restores old state, runs two workers on one key, and shows old heads. */
import { concatBytes } from "#protocol/bytes.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import type { FinalityStep } from "#enclave/ledger/proof/finality.ts";
import { metadataOf } from "../../ledger/support/devnet-source.ts";
import type { AttackedWorld } from "./attacked-world.ts";
import { after, before, type Attempt } from "./attempt.ts";
import { dead, period, type IssuingWorker } from "./issuing-worker.ts";

type Lies = (world: AttackedWorld, worker: IssuingWorker, truth: ChainSource) => Partial<ChainSource>;

/** Told instead of the newest step, to a worker that is a block or more behind. */
const lie = (name: string, codes: string | readonly string[], lies: Lies): Attempt =>
  after(name, codes, (w) => {
    const behind = w.workers.filter((worker) => worker.shownTo === Infinity && !worker.atEnd);
    if (behind.length === 0) return undefined;
    const worker = w.numbers.pick(behind);
    return worker.hear(lies(w, worker, w.base.source()));
  });

/** A step of the truth, changed. */
const step =
  (change: (honest: FinalityStep, world: AttackedWorld) => object): Lies =>
  (w, _, truth) => ({
    next: async (from) => {
      const honest = (await truth.next(from)) as FinalityStep;
      return { ...honest, ...change(honest, w) } as FinalityStep;
    },
  });

function flipped(w: AttackedWorld, bytes: Uint8Array, from = 0): Uint8Array {
  const copy = bytes.slice();
  copy[from + w.numbers.below(copy.length - from)]! ^= 1 << w.numbers.below(8);
  return copy;
}

const isLong = (bytes: Uint8Array): boolean => bytes.length > 200;
const justificationLies = [
  "justification-malformed",
  "justification-target",
  "voter-unknown",
  "vote-signature",
  "vote-repeated",
  "vote-before-target",
  "vote-elsewhere",
  "too-long",
];

const falseBlocks: readonly Attempt[] = [
  lie("a host leaves out what was said", "body-root", (_w, _worker, truth) => ({
    body: async (block) => {
      const body = await truth.body(block);
      return body.some(isLong) ? body.filter((bytes) => !isLong(bytes)) : body.slice(1);
    },
  })),
  lie("a host puts something into a block", "body-root", (w, _worker, truth) => ({
    body: async (block) => {
      const body = await truth.body(block);
      return [...body, w.issued?.transaction ?? body.at(-1)!];
    },
  })),
  lie("a host alters what was said", "body-root", (w, _worker, truth) => ({
    body: async (block) => {
      const body = await truth.body(block);
      const at = w.numbers.below(body.length);
      return body.with(at, flipped(w, body[at]!));
    },
  })),
  lie("a host shows another order", "body-root", (_w, _worker, truth) => ({
    body: async (block) => [...(await truth.body(block))].reverse(),
  })),
  lie("a host shows what happened in another block", ["proof-root-missing"], (w, _worker, truth) => ({
    storage: (_, keys) => truth.storage(w.base.chain.hashAt(1)!.slice(2) as never, keys),
  })),
  lie("a host shows an altered state", ["proof-root-missing", "proof-incomplete"], (w, _worker, truth) => ({
    storage: async (block, keys) => {
      const proof = await truth.storage(block, keys);
      const at = w.numbers.below(proof.length);
      return proof.with(at, flipped(w, proof[at]!));
    },
  })),
  lie("a host leaves out a part of the state", ["proof-root-missing", "proof-incomplete"], (w, _worker, truth) => ({
    storage: async (block, keys) => {
      const proof = await truth.storage(block, keys);
      return proof.toSpliced(w.numbers.below(proof.length), 1);
    },
  })),
  lie("a host calls a block final that nobody finalized", "justification-target", (w, worker, truth) => ({
    next: async (from) => {
      const honest = (await truth.next(from)) as FinalityStep;
      const { chain } = w.base;
      const fork = chain.newBlock({ parent: chain.hashAt(worker.at + honest.headers.length - 1)!, best: false });
      return { ...honest, headers: honest.headers.with(-1, fork.header) };
    },
  })),
  lie(
    "a host alters a header",
    ["header-malformed", "header-parent", "header-number", "justification-target", "too-long"],
    step(({ headers }, w) => {
      const at = w.numbers.below(headers.length);
      return { headers: headers.with(at, flipped(w, headers[at]!)) };
    }),
  ),
  lie(
    "a host alters the votes for a block",
    justificationLies,
    step(({ justification }, w) => ({ justification: flipped(w, justification) })),
  ),
  lie(
    "a host finalizes with a quarter of the votes",
    "votes-too-few",
    step(({ justification }) => {
      // Round, block, four votes of 132 bytes, no ancestry.
      const head = justification.subarray(0, 44);
      return { justification: concatBytes(head, Uint8Array.of(4), justification.subarray(45, 45 + 132), tail) };
    }),
  ),
  lie("a host shows the step before again", ["header-parent", "header-number"], (w, worker) => ({
    next: () => {
      const { chain } = w.base;
      const number = worker.at;
      const hash = chain.hashAt(number)!;
      const justification = chain.justification({ hash, number });
      return Promise.resolve({ headers: [chain.find(hash)!.header], justification });
    },
  })),
  lie("a host answers for another kind of chain", "headers-missing", (_w, _worker, truth) => ({
    next: async (from) => ({ relay: (await truth.next(from)) as FinalityStep, headProof: [], headers: [] }),
  })),
];

const tail = Uint8Array.of(0);

/** A worker that has not read its runtime's description yet is told another one. */
const falseRuntime = after("a host describes calls as others", "metadata-other", async (w) => {
  const other = concatBytes(metadataOf(w.base.chain), Uint8Array.of(w.numbers.below(256)));
  const follower = w.base.newFollower({ source: w.base.source({ metadata: () => Promise.resolve(other) }) });
  try {
    await follower.follow();
    return "believed";
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
});

/** Among workers: one such thing at a time, when one worker issues. */
const scene = (
  name: string,
  codes: string | readonly string[],
  play: (world: AttackedWorld, worker: IssuingWorker) => Promise<string>,
): Attempt =>
  before(name, codes, (w) => {
    const worker = w.issuing;
    if (w.busy || worker === undefined) return undefined;
    w.busy = true;
    return play(w, worker).finally(() => (w.busy = false));
  });

const number = (w: AttackedWorld): number => w.view.block.number;

const workers: readonly Attempt[] = [
  scene("a worker is rolled back behind awards that were issued", "redeemed", async (w, worker) => {
    w.kill(worker);
    w.journal = w.journal.slice(0, w.numbers.below(w.journal.length + 1));
    const issued = w.vouchers.filter(({ id }) => worker.issuer.stageOf(id)?.stage === "final");
    const rolledBack = await w.start();
    await rolledBack.turn();
    return issued.every(({ id }) => rolledBack.issuer.stageOf(id)?.stage === "final") ? "redeemed" : "issued again";
  }),
  scene("a worker is rolled back behind what it has sent", ["came first", "died"], async (w, worker) => {
    worker.withheld = [];
    const voucher = await w.earn();
    const signed = await w.until(() => (worker.hasSigned(voucher) ? "signed" : undefined));
    w.kill(worker);
    w.journal = [];
    // It may arrive before the next worker has said that it is there, or never.
    const arrives =
      w.numbers.below(2) === 0 && worker.withheld.some((transaction) => w.submit(transaction) === "taken");
    const rolledBack = await w.start();
    const { issuer } = rolledBack;
    return w.until(() => {
      if (!w.workers.includes(rolledBack)) return `stopped, though ${signed}`;
      if (issuer.stageOf(voucher.id)?.stage !== "final") return undefined;
      const again = rolledBack.hasSigned(voucher);
      if (arrives) return again ? "signed again" : "came first";
      return again ? "died" : "issued by nobody";
    });
  }),
  scene("two workers live on one key", "stopped", async (w, first) => {
    await w.start();
    await w.earn();
    return w.until(() => (first.issuer.stopped ? "stopped" : undefined));
  }),
  scene("two workers live on one key, and one is shown old blocks", ["Stale", ...dead], async (w, first) => {
    const at = first.at;
    first.shownTo = at;
    await w.start();
    const [voucher, late] = [await w.earn(), w.numbers.below(2) === 0];
    await w.until(() => (number(w) >= at + (late ? period + 3 : 2) ? "now" : undefined));
    first.shownTo = at + 1;
    const answer = await w.until(() => (first.hasSigned(voucher) ? (first.answers.at(-1) ?? "taken") : undefined));
    first.release();
    await w.until(() => (first.issuer.stopped ? "stopped" : undefined));
    return answer;
  }),
  scene("a worker is shown old blocks, and signs on them", dead, async (w, worker) => {
    const at = worker.at;
    worker.shownTo = at;
    await w.until(() => (number(w) > at + period + 2 ? "now" : undefined));
    const voucher = await w.earn();
    worker.shownTo = at + 1;
    const answer = await w.until(() => (worker.hasSigned(voucher) ? (worker.answers.at(-1) ?? "taken") : undefined));
    worker.release();
    return answer;
  }),
];

export const hosts: readonly Attempt[] = [...falseBlocks, falseRuntime, ...workers];
