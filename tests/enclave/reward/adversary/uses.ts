/** Who uses something up that is not theirs, or twice: in two rooms, again, or on a host that shows what was. Of any ledger. */
import { AwardBook } from "#enclave/reward/award-book.ts";
import { ConsumeDesk, type ConsumeDeskSetup } from "#enclave/reward/consume-desk.ts";
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import type { VoucherIssuer, LedgerView } from "#enclave/reward/voucher-issuer.ts";
import { SealedLog } from "#enclave/vault/sealed-log.ts";
import type { PlayerId, RoomId } from "#protocol/identity.ts";
import type { ChainId } from "#protocol/store.ts";
import { accountBytes } from "#rmrk/account.ts";
import type { CollectionId } from "#rmrk/ids.ts";
import { SeededNumbers } from "../../../deep/deep.ts";
import { MemoryStore, type Disk } from "../../../support/memory-store.ts";
import { after, type Attempt } from "./attempt.ts";

/** A world in which rooms use items up. */
export interface UsableWorld {
  readonly numbers: SeededNumbers;
  readonly view: View;
  readonly issuer: IssuerKey;
  /** Which the rooms' rules issue. */
  readonly collection: CollectionId;
  readonly player: IssuerKey;
  readonly thieves: readonly IssuerKey[];
  /** Where items are those of pallet-nfts. */
  readonly find?: ConsumeDeskSetup["nfts"];
  /** Items of the player's that rooms may use up. */
  usable(): readonly string[];
}

export const thief = "ee".repeat(16) as PlayerId;
const owner = "aa".repeat(16) as PlayerId;
const rooms = ["1", "2"].map((digit) => digit.repeat(20) as RoomId) as [RoomId, RoomId];
const ageMaxMs = 60_000;
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** Nobody issues here. */
const issuesNothing: VoucherIssuer<LedgerView> = {
  stopped: false,
  open: 0,
  stageOf: () => undefined,
  award: () => Promise.resolve(),
  heard: () => undefined,
  look: () => Promise.resolve(),
  turn: () => Promise.resolve(),
};

/** A worker of the lineage that is attacked, on whatever its host shows it, and a way to use something up in a room of it. */
export async function worker(w: UsableWorld, store: MemoryStore, more: { readonly lateMs?: number } = {}) {
  const account = (player: PlayerId): Uint8Array =>
    accountBytes(player === owner ? w.player.account : w.thieves[0]!.account);
  const recipients = {
    findRecipient: (player: PlayerId) => Promise.resolve(account(player)),
    listen: () => () => undefined,
  };
  const numbers = new SeededNumbers(w.numbers.below(2 ** 31));
  const random = (length: number): Uint8Array => numbers.bytes(length);
  const chain = "awards-00112233" as ChainId;
  const book = await AwardBook.open({
    account: w.issuer.account,
    issuer: () => issuesNothing,
    journal: new SealedLog({ store, chain, world: fill(1), key: fill(2), random }),
    recipients,
    issuing: true,
    told: () => undefined,
  });
  const now = (): number => w.view.time + (more.lateMs ?? 0);
  const desk = new ConsumeDesk({ view: () => w.view, nfts: w.find, recipients, ageMaxMs, now });
  const collections = new Set<CollectionId>([w.collection]);
  return (item: string, by: { readonly player?: PlayerId; readonly room?: RoomId; readonly n?: number } = {}) => {
    const { player = owner, room = rooms[0], n = 1 } = by;
    return desk.consume({ n, player, item }, { room, book, collections });
  };
}

/** @param where that is said of each of them. */
export const usesOf = <World extends UsableWorld>(where = ""): readonly Attempt<World>[] =>
  uses.map(({ name, codes, make }) =>
    after<World>(`${name}${where}`, codes, (w) => {
      const items = w.usable();
      if (items.length === 0) return undefined;
      return make(w, w.numbers.pick(items)).then((refused) => refused ?? "used up");
    }),
  );

interface UseAttempt {
  readonly name: string;
  readonly codes: string;
  readonly make: (w: UsableWorld, item: string) => Promise<string | null>;
}

const on = (name: string, codes: string, make: UseAttempt["make"]): UseAttempt => ({ name, codes, make });

const uses: readonly UseAttempt[] = [
  on("a thief uses up what is somebody else's", "not-owner", async (w, item) =>
    (await worker(w, new MemoryStore()))(item, { player: thief }),
  ),
  on("a thief uses up what is somebody else's, in a room in which its owner is", "not-owner", async (w, item) => {
    const consume = await worker(w, new MemoryStore());
    const [, refused] = await Promise.all([consume("nothing"), consume(item, { player: thief, n: 2 })]);
    return refused;
  }),
  on("one item is used up in two rooms of a worker at once", "item-used", async (w, item) => {
    const consume = await worker(w, new MemoryStore());
    return second(await Promise.all([consume(item), consume(item, { room: rooms[1] })]));
  }),
  on("one item is used up in rooms of two workers at once", "item-used", async (w, item) => {
    const store = new MemoryStore();
    const [left, right] = [await worker(w, store), await worker(w, store)];
    return second(await Promise.all([left(item), right(item, { room: rooms[1] })]));
  }),
  on("what was used up is used up again, as if it had not been heard", "item-used", async (w, item) => {
    const store = new MemoryStore();
    await (
      await worker(w, store)
    )(item);
    const again = await worker(w, store);
    // The same use is the same answer, and nothing more; another number is another use.
    return (await again(item)) === null ? again(item, { n: 2 }) : "forgotten";
  }),
  on("a use is claimed by another player of the room", "item-used", async (w, item) => {
    const store = new MemoryStore();
    await (
      await worker(w, store)
    )(item);
    return (await worker(w, store))(item, { player: thief });
  }),
  on("a host rolls back what was written down, under a worker that knows of it", "item-used", async (w, item) => {
    const store = new MemoryStore();
    const before = store.disk.copy();
    const consume = await worker(w, store);
    await consume(item);
    restore(store.disk, before);
    return consume(item, { room: rooms[1] });
  }),
  on("a host shows a room what a player owned when it last heard of the chain", "stale", async (w, item) =>
    (await worker(w, new MemoryStore(), { lateMs: ageMaxMs + 1 }))(item),
  ),
];

/** Why the second of two was refused, if the first was not. */
function second(answers: readonly (string | null)[]): string {
  const refused = answers.filter((answer) => answer !== null);
  return refused.length === 1 ? refused[0]! : "used up twice, or not at all";
}

function restore(disk: Disk, before: Disk): void {
  disk.chains.clear();
  for (const [chain, what] of before.copy().chains) disk.chains.set(chain, what);
}
