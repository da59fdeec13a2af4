/**
 * What comes of bad input on the way to a chain and back: players are told clearly how it stands, nothing is lost, and it goes
 * on by itself. Time is virtual, the runtime is real.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextBatch } from "#enclave/reward/batch.ts";
import { heldItems, Holdings, type ItemsAudience } from "#enclave/reward/holdings.ts";
import { mintOf, voucherId, type Voucher } from "#enclave/reward/voucher.ts";
import { voucherReasons } from "#protocol/award.ts";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { chainFailures } from "#protocol/chain-link.ts";
import type { HeldItem } from "#protocol/held-item.ts";
import { accountBytes } from "#rmrk/account.ts";
import { encodeRemark } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, nftIdOf, serialText } from "#rmrk/ids.ts";
import { remarkLengthMax } from "#rmrk/limits.ts";
import { itemsOf } from "#rmrk/queries/inventory.ts";
import { Ledger } from "../../rmrk/support/ledger.ts";
import { alice, bob, eve } from "../../rmrk/support/people.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { metadataOf } from "../ledger/support/devnet-source.ts";
import { catchUp, DevnetWorld, prefix } from "./devnet-world.ts";
import { ann, LineageLedger, rooms, workerOf } from "./lineage-ledger.ts";
import { PatientWorker, player, type Broken } from "./patient-worker.ts";

const minutes = (count: number): number => count * 60_000;

describe("a worker whose node", () => {
  let world: DevnetWorld;
  let worker: PatientWorker;
  beforeAll(async () => {
    world = await DevnetWorld.start();
    worker = await PatientWorker.start(world);
    await worker.earn();
    await worker.until(() => worker.allFinal);
  }, 60_000);
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const away: Broken = () => "chain-away";
  /** Broken for so long, while something is earned; then mended. */
  async function endure(broken: Broken, ms: number): Promise<string[]> {
    await worker.until(() => worker.allFinal);
    const [from, said, before] = [worker.now, worker.events.length, worker.stages.length];
    // Something is on the chain that is not read yet.
    world.chain.newBlock();
    worker.break(broken);
    await worker.until(() => worker.events.length > said);
    await worker.earn();
    await worker.until(() => worker.now >= from + ms);
    // Nothing is lost, nothing is said to be further than it is, and nobody is asked without a pause.
    expect(worker.stages).toHaveLength(before + 1);
    expect(worker.stages.at(-1)).toBe("earned");
    expect(worker.attempts).toBeLessThan(20 + (4 * ms) / 1000);
    worker.mend();
    await worker.until(() => worker.allFinal);
    expect(worker.minted()).toEqual(worker.stages.map(() => 1));
    return worker.events.slice(said).map((event) => (event.event === "chain-trouble" ? event.code : event.event));
  }

  test.for<[string, number, string, Broken]>([
    ["is away", 10, "chain-away", away],
    ["answers what is no answer", 5, "chain-failed", () => "chain-failed"],
    ["takes every question and hangs", 5, "chain-silent", () => "chain-silent"],
    ["tells half of a block", 1, "body-root", (w) => ({ body: async (b) => (await w.source().body(b)).slice(1) })],
    ["tells a block with half an extrinsic", 1, "body-root", halved],
    ["tells an empty block", 1, "body-root", () => ({ body: () => Promise.resolve([]) })],
    ["proves nothing", 1, "proof-root-missing", () => ({ storage: () => Promise.resolve([]) })],
    [
      "proves something else",
      1,
      "proof-root-missing",
      () => ({ storage: () => Promise.resolve([new Uint8Array(64)]) }),
    ],
    ["counts what is no header", 5, "header-malformed", () => ({ next: () => Promise.resolve(noHeaders) })],
    ["counts no blocks", 5, "headers-missing", () => ({ next: () => Promise.resolve({ ...noHeaders, headers: [] }) })],
  ])(
    "%s for %i minutes says why once (%s), keeps what is earned, and goes on by itself",
    async ([, long, code, broken]) => {
      expect(await endure(broken, minutes(long))).toEqual([code, "chain-followed"]);
    },
  );

  test("fails in one way after the other says each, and goes on by itself", async () => {
    let turn = 0;
    const said = await endure(() => chainFailures[turn++ % chainFailures.length]!, minutes(1));
    expect(said.at(-1)).toBe("chain-followed");
    expect(new Set(said)).toEqual(new Set([...chainFailures, "chain-followed"]));
  });

  test("is down for half an hour: what players own is not known, then gates nothing, and is known again when it is back", async () => {
    await worker.until(() => worker.allFinal);
    const heard: (readonly HeldItem[] | null)[] = [];
    const room: ItemsAudience = { seated: [player], tellItems: (_, items) => void heard.push(items) };
    // The chain's clock and the worker's go alike.
    const offset = worker.view!.time - worker.now;
    const holdings = new Holdings({
      view: () => worker.view,
      recipients: {
        findRecipient: () => Promise.resolve(accountBytes(world.player.account)),
        listen: () => () => undefined,
      },
      isUsed: () => false,
      ageMaxMs: minutes(5),
      now: () => offset + worker.now,
    });
    await holdings.look(room, world.issuer.account);
    expect(heard.at(-1)!.length).toBe(worker.stages.length);
    const from = worker.now;
    worker.break(away);
    await worker.until(() => worker.now > from + minutes(30));
    await holdings.look(room, world.issuer.account);
    expect(heard.at(-1)).toBe(null);
    worker.mend();
    const { number } = worker.view!.block;
    await worker.until(() => worker.view!.block.number > number);
    // Its blocks are as old as they say: what counts is that it speaks again.
    const fresh = new Holdings({
      view: () => worker.view,
      recipients: {
        findRecipient: () => Promise.resolve(accountBytes(world.player.account)),
        listen: () => () => undefined,
      },
      isUsed: () => false,
      ageMaxMs: minutes(5),
      now: () => worker.view!.time,
    });
    await fresh.look(room, world.issuer.account);
    expect(heard.at(-1)!.length).toBe(worker.stages.length);
  });
});

const noHeaders = { headers: [new Uint8Array(3)], justification: new Uint8Array(3) };

function halved(world: DevnetWorld): ReturnType<Broken> {
  return {
    body: async (block) => {
      const body = await world.source().body(block);
      return body.with(-1, body.at(-1)!.slice(0, body.at(-1)!.length / 2));
    },
  };
}

describe("malformed metadata", () => {
  let world: DevnetWorld;
  beforeAll(async () => {
    world = await DevnetWorld.start();
    world.chain.newBlock();
    world.createCollection(await catchUp(world.newFollower()));
  }, 60_000);
  afterAll(() => world[Symbol.asyncDispose]());

  test.for<[string, string, (honest: Uint8Array) => Uint8Array]>([
    ["nothing", "metadata-other", () => new Uint8Array()],
    ["half of it", "metadata-other", (honest) => honest.slice(0, honest.length / 2)],
    ["another byte", "metadata-other", (honest) => honest.with(1000, honest[1000]! ^ 1)],
    ["a byte more", "metadata-other", (honest) => concatBytes(honest, Uint8Array.of(0))],
    ["nine mebibytes", "metadata-other", () => new Uint8Array(9 * 2 ** 20)],
  ])(
    "of a runtime, told as %s, is refused (%s), and the right one is taken when it comes",
    async ([, code, change]) => {
      let lies = true;
      const metadata = (): Promise<Uint8Array> =>
        Promise.resolve(lies ? change(metadataOf(world.chain)) : metadataOf(world.chain));
      const follower = world.newFollower({ source: world.source({ metadata }) });
      await expect(catchUp(follower)).rejects.toMatchObject({ code });
      expect(follower.view).toBe(undefined);
      lies = false;
      expect((await catchUp(follower)).items.collections.size).toBe(1);
    },
  );

  test.for<[string, string, string]>([
    ["is no address", "no address", "value-malformed"],
    ["is a script", "javascript:alert(1)", "value-malformed"],
    ["is of kilobytes", `ipfs://${"a".repeat(5000)}`, "value-malformed"],
    ["is empty", "", "value-malformed"],
  ])("of an item, that %s, makes no item; the next one is minted", ([, metadata, code]) => {
    const ledger = new Ledger();
    const gold = ledger.create("GOLD");
    const body = { collection: gold, symbol: "sword", transferable: 1, sn: serialText(1), metadata };
    const remark = `RMRK::MINT::2.0.0::${encodeURIComponent(JSON.stringify(body))}`;
    expect(ledger.refusal(alice, remark)).toBe(code);
    expect(ledger.state.nfts.size).toBe(0);
    ledger.mint(gold, 1, bob);
    expect(ledger.state.nfts.size).toBe(1);
  });
});

describe("oversized batches", () => {
  test("of strangers, and remarks too long for any interaction, are read over: what else a block says counts", async () => {
    await using world = await DevnetWorld.start();
    world.chain.newBlock();
    const follower = world.newFollower();
    const view = await catchUp(follower);
    world.createCollection(view);
    const mint = {
      op: "MINT",
      collection: world.collection,
      symbol: "it",
      serial: serialText(1),
      transferable: 1,
    } as const;
    const recipient = world.player.account;
    const chatter = Array.from({ length: 2000 }, (_, i) => utf8ToBytes(`RMRK::SEND::2.0.0::${i}::${"x".repeat(100)}`));
    const long = utf8ToBytes(`RMRK::EMOTE::2.0.0::${"y".repeat(remarkLengthMax)}`);
    world.chain.submit(world.sign(world.player, [...chatter, long], view, 0));
    world.chain.submit(world.sign(world.other, [concatBytes(long, new Uint8Array(10 * remarkLengthMax))], view, 0));
    world.say(world.issuer, view, { ...mint, metadata: undefined, properties: new Map(), recipient });
    expect(itemsOf((await catchUp(follower)).items, recipient)).toHaveLength(1);
    expect(world.chain.pool.pending()).toEqual([]);
  });

  test("of our own are none: what does not fit waits for the next, in its order, and all of it comes", () => {
    const ledger = new Ledger();
    const gold = ledger.create("GOLD");
    // Each character takes six in a remark.
    const metadata = `ipfs://${'"'.repeat(249)}`;
    const voucher = (i: number): Voucher => ({
      id: voucherId(new Uint8Array(32), "room", `award ${i}`),
      recipient: bob,
      collection: gold,
      symbol: "sword",
      transferable: 1,
      metadata,
    });
    let open = Array.from({ length: 250 }, (_, i) => voucher(i));
    const sizes: number[] = [];
    while (open.length > 0) {
      const { vouchers, remarks } = nextBatch(ledger.state, alice, open);
      expect(vouchers).toEqual(open.slice(0, vouchers.length));
      sizes.push(remarks.reduce((sum, { length }) => sum + length, 0));
      for (const remark of remarks) expect(ledger.refusal(alice, Buffer.from(remark).toString())).toBe(undefined);
      open = open.slice(vouchers.length);
    }
    expect(ledger.state.nfts.size).toBe(250);
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128 * 1024);
  });
});

describe("unknown collections", () => {
  const award = (symbol: string) => ({
    id: voucherId(new Uint8Array(32), rooms[0]!, "winner"),
    player: ann,
    room: rooms[0]!,
    once: "winner",
    collection: collectionIdOf(alice, symbol),
    symbol: "sword",
    transferable: 1 as const,
    metadata: undefined,
  });

  /** Blocks, until the worker has signed whatever it can. */
  async function turned(ledger: LineageLedger, worker: Awaited<ReturnType<typeof workerOf>>): Promise<void> {
    for (let round = 0; round < 10; round++) {
      ledger.block += 1;
      const block = { number: ledger.block, hash: "ab".repeat(32) } as never;
      const said = worker.sent.splice(0).flat();
      const words = said
        .filter((bytes) => ledger.refusal(alice, Buffer.from(bytes).toString()) === "not-rmrk")
        .map((bytes) => ({ block: ledger.block, extrinsic: 0, caller: alice, bytes }));
      await worker.book.turn({ block, items: ledger.state, nonce: ledger.block }, words);
    }
  }

  const standing = ({ book }: Awaited<ReturnType<typeof workerOf>>) =>
    book.standing(ann).map(({ stage, reason }) => [stage, reason]);

  test("make an award wait, with words for its player, and it is issued once its collection is there", async () => {
    const ledger = new LineageLedger();
    const worker = await workerOf(ledger, new MemoryStore());
    await worker.book.earn(award("LATE"));
    await turned(ledger, worker);
    expect(standing(worker)).toEqual([["waiting", "collection-unknown"]]);
    expect(voucherReasons["collection-unknown"]).toMatch(/^[A-Z].*\.$/);
    ledger.create("LATE");
    await turned(ledger, worker);
    expect(standing(worker)).toEqual([["final", null]]);
    expect(ledger.state.nfts.size).toBe(1);
  });

  test("are those that somebody else issues by now, too; the others go on meanwhile", async () => {
    const ledger = new LineageLedger();
    const lost = ledger.create("LOST");
    ledger.do(alice, { op: "CHANGEISSUER", of: lost, issuer: eve });
    const worker = await workerOf(ledger, new MemoryStore());
    await worker.book.earn(award("LOST"));
    const other = { ...award("CUPS"), once: "second", id: voucherId(new Uint8Array(32), rooms[0]!, "second") };
    await worker.book.earn(other);
    await turned(ledger, worker);
    expect(standing(worker)).toEqual([
      ["waiting", "not-issuer"],
      ["final", null],
    ]);
  });

  test("of strangers are in no room's way: their items come behind the rules' own, and mint nothing", () => {
    const ledger = new LineageLedger();
    const cup = ledger.cup();
    const foreign = ledger.foreign();
    expect(heldItems(itemsOf(ledger.state, bob), alice).map(({ id }) => id)).toEqual([cup, foreign]);
    const nowhere = collectionIdOf(eve, "NOWHERE");
    const voucher = { ...award("CUPS"), recipient: bob, collection: nowhere };
    expect(ledger.refusal(eve, mintOf(voucher, serialText(1)))).toBe("collection-unknown");
    expect(ledger.refusal(bob, { op: "BURN", nft: nftIdOf(1, nowhere, "sword", serialText(1)) })).toBe("nft-unknown");
    expect(encodeRemark(mintOf(voucher, serialText(1)), prefix).length).toBeGreaterThan(0);
  });
});
