/** What a host does: hides or invents items in what it proves, rolls a worker back, and runs several on one key. */
import { itemsOwned, itemsPrefix } from "#enclave/ledger/nfts/items.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { slotKeys } from "#enclave/ledger/nfts/slot.ts";
import { nftsItemId } from "#enclave/ledger/nfts/used.ts";
import { MemoryStore } from "../../../../support/memory-store.ts";
import { collection, other, player } from "../../../ledger/nfts/hub.ts";
import { after, before, type Attempt } from "../attempt.ts";
import { thief, worker } from "../uses.ts";
import type { AttackedHub } from "./attacked-hub.ts";

type Source = ReturnType<AttackedHub["source"]>;
type Lies = (w: AttackedHub, truth: Source) => Partial<Source>;

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== "string") throw error;
  return code;
};

function flipped(w: AttackedHub, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[w.numbers.below(copy.length)]! ^= 1 << w.numbers.below(8);
  return copy;
}

/** What is told instead of a proof. */
const proofLies: readonly (readonly [name: string, codes: readonly string[], lies: Lies])[] = [
  [
    "an altered state",
    ["proof-root-missing", "proof-incomplete"],
    (w, truth) => ({
      storage: async (block, keys) => {
        const proof = await truth.storage(block, keys);
        const at = w.numbers.below(proof.length);
        return proof.with(at, flipped(w, proof[at]!));
      },
    }),
  ],
  [
    "a part of the state",
    ["proof-root-missing", "proof-incomplete"],
    (w, truth) => ({
      storage: async (block, keys) => {
        const proof = await truth.storage(block, keys);
        return proof.toSpliced(w.numbers.below(proof.length), 1);
      },
    }),
  ],
  [
    "the state of an older block",
    ["proof-root-missing"],
    (w, truth) => ({
      storage: (_, keys) => truth.storage(w.hub.world.chain.hashAt(w.block - 1)!.slice(2) as never, keys),
    }),
  ],
  [
    "what is in another place",
    ["proof-incomplete", "proof-unused"],
    (w, truth) => ({
      storage: (block) => truth.storage(block, slotKeys(collection, w.numbers.below(2 ** 31))),
    }),
  ],
];

const proofs: readonly Attempt<AttackedHub>[] = proofLies.flatMap(([name, codes, lies]) => [
  after<AttackedHub>(`a host shows the issuer of items ${name}, as if nothing was redeemed`, codes, async (w) => {
    const voucher = w.numbers.pick(w.vouchers);
    const shadow = w.newWorker([], [], lies(w, w.source()));
    await shadow.issuer.award(voucher);
    try {
      await shadow.turn(w.view, w.words);
    } catch (error) {
      return shadow.mintOf(voucher) === undefined ? codeOf(error) : "signed";
    }
    return "believed";
  }),
  after<AttackedHub>(`a host shows a room ${name}, as if a player owned something else`, codes, async (w) => {
    const source = w.source();
    try {
      await itemsOwned({ ...source, ...lies(w, source) }, w.view, player.account, new Set([collection]));
    } catch (error) {
      return codeOf(error);
    }
    return "believed";
  }),
]);

type Keys = readonly Uint8Array[];

/** A node names other items than there are. */
const names = (
  name: string,
  codes: string | readonly string[],
  account: (w: AttackedHub) => typeof player.account,
  told: (w: AttackedHub, honest: Keys, others: Keys) => Keys,
): Attempt<AttackedHub> =>
  after<AttackedHub>(name, codes, async (w) => {
    const [asked, { view }] = [account(w), w];
    const of = new Set([collection]);
    const [honest, others] = [
      await w.hub.keys(view.block.hash, itemsPrefix(asked)),
      await w.hub.keys(view.block.hash, itemsPrefix(asked === player.account ? other.account : player.account)),
    ];
    if (others.length === 0 || (asked === player.account && honest.length === 0)) return undefined;
    const keys = told(w, honest, others);
    const truth = w.source();
    try {
      const items = await itemsOwned({ ...truth, keys: () => Promise.resolve(keys) }, view, asked, of);
      const proven = await itemsOwned(truth, view, asked, of);
      return JSON.stringify(items) === JSON.stringify(proven) ? "the truth" : "believed";
    } catch (error) {
      return codeOf(error);
    }
  });

/** As if they were an account's. */
const moved = (keys: Keys, to: typeof player.account): Keys =>
  keys.map((key) => {
    const copy = key.slice();
    copy.set(itemsPrefix(to));
    return copy;
  });
const ofPlayer = (): typeof player.account => player.account;
const ofThief = (w: AttackedHub): typeof player.account => w.thieves[1]!.account;
/** Neighbours may lie in one node: then what is hidden is seen all the same. */
const unhidden = ["proof-incomplete", "the truth"];

const namings: readonly Attempt<AttackedHub>[] = [
  names("a host hides one of a player's items", unhidden, ofPlayer, (w, honest) =>
    honest.toSpliced(w.numbers.below(honest.length), 1),
  ),
  names("a host hides all of a player's items", unhidden, ofPlayer, () => []),
  names("a host exchanges a player's items for another's", unhidden, ofPlayer, (_, _honest, others) =>
    moved(others, player.account),
  ),
  names("a host gives a player another's items as well", "the truth", ofPlayer, (_, honest, others) => [
    ...moved(others, player.account),
    ...others,
    ...honest,
  ]),
  names("a host gives a thief a player's items", "the truth", ofThief, (w, honest, others) => [
    ...honest,
    ...moved(others, ofThief(w)),
  ]),
];

const workers: readonly Attempt<AttackedHub>[] = [
  after<AttackedHub>(
    "a worker without a journal is told again of an award that was redeemed",
    "redeemed",
    async (w) => {
      const issued = w.vouchers.filter(({ id }) => w.items.some(({ voucher }) => voucher === id));
      if (issued.length === 0) return undefined;
      const voucher = w.numbers.pick(issued);
      return awardedAgain(w, voucher);
    },
  ),
  after<AttackedHub>("a room that was run again awards to a thief what was redeemed", "redeemed", async (w) => {
    const issued = w.vouchers.filter(({ id }) => w.items.some(({ voucher }) => voucher === id));
    if (issued.length === 0) return undefined;
    const voucher = w.numbers.pick(issued);
    return awardedAgain(w, { ...voucher, recipient: w.thieves[0]!.account });
  }),
  before<AttackedHub>(
    "a worker is rolled back behind what it has signed, and both are redeemed",
    "item-exists",
    async (w) => {
      // Both are in the block after the next one.
      const one = w.living(false).find(({ mint }) => mint.mint.deadline > w.block + 1);
      if (one === undefined) return undefined;
      one.used = true;
      const shadow = w.newWorker([], []);
      await shadow.issuer.award(one.voucher);
      await shadow.turn(w.view, w.words);
      const again = w.note(one.voucher, shadow);
      if (again === undefined || again.mint.mint.item !== one.mint.mint.item) return "another place";
      again.used = true;
      const key = one.mint.mint.onlyAccount === player.account ? player : other;
      const [first, second] = await Promise.all([w.redeem(key, one.mint), w.redeem(key, again.mint)]);
      return first === "done" ? second : `first ${first}`;
    },
  ),
  before<AttackedHub>("two workers live on one key, and both give the same item", "given once", async (w) => {
    if (w.busy) return undefined;
    w.busy = true;
    const shadow = w.newWorker([], []);
    const voucher = await w.earnPoor();
    await shadow.issuer.award(voucher);
    await shadow.turn(w.view, w.words);
    const both = await w.until(() => (w.worker.isFinal(voucher) ? "final" : undefined));
    await shadow.turn(w.view, w.words);
    w.busy = false;
    const there = w.items.filter((item) => item.voucher === voucher.id);
    return both === "final" && shadow.isFinal(voucher) && there.length === 1 ? "given once" : "given twice, or never";
  }),
  after<AttackedHub>("a host shows a room where an item is used up that it is a thief's", "not-followed", async (w) => {
    const [item] = w.items;
    if (item === undefined) return undefined;
    const truth = w.source();
    const lying: Pick<ChainSource, "storage"> = {
      storage: async (block, keys) => {
        const proof = await truth.storage(block, keys);
        const at = w.numbers.below(proof.length);
        return proof.with(at, flipped(w, proof[at]!));
      },
    };
    const id = nftsItemId({ collection, item: item.number });
    const consume = await worker(w.shown(lying), new MemoryStore());
    return (await consume(id, { player: thief })) ?? "used up";
  }),
];

/** A worker that remembers nothing. */
async function awardedAgain(w: AttackedHub, voucher: AttackedHub["vouchers"][number]): Promise<string> {
  const shadow = w.newWorker([], []);
  await shadow.issuer.award(voucher);
  await shadow.turn(w.view, w.words);
  return shadow.isFinal(voucher) && shadow.mintOf(voucher) === undefined ? "redeemed" : "issued again";
}

export const hosts: readonly Attempt<AttackedHub>[] = [...proofs, ...namings, ...workers];
