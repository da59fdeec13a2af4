/** An item is used up once, by whom it belongs to, whatever is asked twice, at once, too late, or of whoever died. */
import { describe, expect, test } from "vitest";
import { decodeEntry, encodeEntry } from "#enclave/reward/journal.ts";
import { heldItems } from "#enclave/reward/holdings.ts";
import { consumeRefusals } from "#protocol/consumption.ts";
import { StoreError, type ChainId, type Store } from "#protocol/store.ts";
import { isRmrk } from "#rmrk/codec/fields.ts";
import { decodeRemark } from "#rmrk/codec/interaction.ts";
import type { NftId } from "#rmrk/ids.ts";
import { itemsOf } from "#rmrk/queries/inventory.ts";
import { usedProperty } from "#rmrk/rules/properties.ts";
import { bob, eve, prefix } from "../../rmrk/support/people.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { ageMaxMs, ann, ben, issuer, LineageLedger, linked, rooms, workerOf } from "./lineage-ledger.ts";

const [here, there] = rooms as [(typeof rooms)[0], (typeof rooms)[0]];

describe("an item", () => {
  test("of the player's own, of the rules' own collections, is used up: by the first who asks, and by nobody after", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    const cup = ledger.cup();
    expect(await worker.consume(cup)).toBeNull();
    expect(await worker.consume(cup, { n: 2 })).toBe("item-used");
    expect(await worker.consume(cup, { room: there })).toBe("item-used");
    expect(await worker.consume(ledger.cup(), { n: 3 })).toBeNull();
  });

  test("is used up once where two rooms of one worker ask at once", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    const cup = ledger.cup();
    const answers = await Promise.all([worker.consume(cup), worker.consume(cup, { room: there })]);
    expect(answers).toEqual([null, "item-used"]);
  });

  test("is used up once where two rooms of two workers ask at once, also while others write", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const workers = await Promise.all([0, 1, 2].map(() => workerOf(ledger, store)));
    for (let round = 0; round < 20; round++) {
      const [cup, other] = [ledger.cup(), ledger.cup()];
      const answers = await Promise.all([
        workers[0]!.consume(cup, { n: round }),
        workers[1]!.consume(cup, { room: there, n: round }),
        workers[2]!.consume(other, { n: round }),
      ]);
      expect(answers.filter((answer) => answer === "item-used")).toHaveLength(1);
      expect(answers[2]).toBeNull();
      // Whoever comes later reads who was first.
      const late = await workerOf(ledger, store);
      expect(await late.consume(cup, { n: round })).toBe(answers[0]);
      expect(await late.consume(cup, { room: there, n: round })).toBe(answers[1]);
    }
  });

  test("that was written down when its worker died is used up by the same use, exactly once", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const cup = ledger.cup();
    expect(await (await workerOf(ledger, store)).consume(cup)).toBeNull();
    // Nobody heard of it: the room asks again, and the chain is silent meanwhile.
    const next = await workerOf(ledger, store, { view: () => undefined });
    expect(await next.consume(cup)).toBeNull();
    expect(await next.consume(cup, { room: there })).toBe("item-used");
  });

  test("is used up once where the store's answer is lost", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    let lose = 2;
    const forgetful = withAppend(store, async (batch) => {
      const answer = await store.append(batch);
      if (lose-- > 0) throw new StoreError("store-failed", "the answer was lost");
      return answer;
    });
    const worker = await workerOf(ledger, forgetful);
    const cup = ledger.cup();
    expect(await worker.consume(cup)).toBeNull();
    const entries = await (await workerOf(ledger, store)).book.useOf(cup);
    expect(entries).toEqual({ item: cup, player: ann, room: here, n: 1, voucher: ledger.voucherOf(cup) });
    expect(await worker.consume(cup, { room: there })).toBe("item-used");
  });

  test("counts as nobody's at once, in every room and every worker that reads on", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const [worker, other] = [await workerOf(ledger, store), await workerOf(ledger, store)];
    const [cup, kept] = [ledger.cup(), ledger.cup()];
    ledger.do(bob, { op: "SEND", nft: ledger.cup(), recipient: kept });
    const held = ({ book }: typeof worker): readonly string[] =>
      heldItems(itemsOf(ledger.state, bob), issuer, (item) => book.isUsed(item)).map(({ id }) => id);
    expect(held(worker)).toHaveLength(3);
    await worker.consume(cup);
    expect(held(worker)).not.toContain(cup);
    expect(held(worker)).toHaveLength(2);
    await other.book.look();
    expect(held(other)).toEqual(held(worker));
  });

  test("that the chain says is used up counts as nobody's where nothing was written down", async () => {
    const ledger = new LineageLedger();
    const cup = ledger.cup();
    const inside = ledger.cup(cup);
    ledger.do(bob, { op: "ACCEPT", nft: cup, entity: "NFT", child: inside });
    ledger.do(issuer, { op: "SETPROPERTY", nft: cup, key: usedProperty, value: true, freeze: true });
    expect(heldItems(itemsOf(ledger.state, bob), issuer)).toEqual([]);
    expect(await (await workerOf(ledger, new MemoryStore())).consume(cup)).toBe("item-used");
  });
});

describe("refused", () => {
  const burned = (ledger: LineageLedger): NftId => {
    const cup = ledger.cup();
    ledger.do(bob, { op: "BURN", nft: cup });
    return cup;
  };
  const pending = (ledger: LineageLedger): NftId => ledger.cup(ledger.cup());
  const listed = (ledger: LineageLedger): NftId => {
    const cup = ledger.cup();
    ledger.do(bob, { op: "LIST", nft: cup, price: 7n });
    return cup;
  };
  const full = (ledger: LineageLedger): NftId => {
    const cup = ledger.cup();
    ledger.do(bob, { op: "SEND", nft: ledger.cup(), recipient: cup });
    return cup;
  };
  const sold = (ledger: LineageLedger): NftId => {
    const cup = ledger.cup();
    ledger.do(bob, { op: "SEND", nft: cup, recipient: eve });
    return cup;
  };
  test.for<[string, string, (ledger: LineageLedger) => string]>([
    ["somebody else's item", "not-owner", (ledger) => ledger.cup(ben)],
    ["an item that was given away", "not-owner", sold],
    ["an item that was burned", "item-unknown", burned],
    ["an item that never was", "item-unknown", () => "1-aa-CUPS-cup-00000001"],
    ["an id of everything that is an object", "item-unknown", () => "__proto__"],
    ["an item that waits to be accepted", "item-pending", pending],
    ["an item that is for sale", "item-listed", listed],
    ["an item in which another lies", "item-not-empty", full],
    ["an item that somebody else issues", "item-foreign", (ledger) => ledger.foreign()],
  ])("%s: %s", async ([, code, make]) => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    expect(await worker.consume(make(ledger))).toBe(code);
    // And nothing was written down.
    expect(await store.records("awards-00112233" as ChainId, 0, 10_000)).toEqual([]);
  });

  test("what a stranger has put into an item, and nobody accepted, does not keep it from being used up", async () => {
    const ledger = new LineageLedger();
    const cup = ledger.cup();
    ledger.do(eve, { op: "SEND", nft: ledger.cup(ben), recipient: cup });
    expect(await (await workerOf(ledger, new MemoryStore())).consume(cup)).toBeNull();
  });

  test("everything, while the chain was not heard of or not for too long, and taken again when it is", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const cup = ledger.cup();
    expect(await (await workerOf(ledger, store, { view: () => undefined })).consume(cup)).toBe("not-followed");
    const worker = await workerOf(ledger, store);
    ledger.now = ledger.time + ageMaxMs + 1;
    expect(await worker.consume(cup)).toBe("stale");
    ledger.time = ledger.now;
    expect(await worker.consume(cup)).toBeNull();
  });

  test("everything of a player without a wallet, and while nobody knows who has which", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const cup = ledger.cup();
    const guest = { ...linked, findRecipient: () => Promise.resolve(undefined) };
    expect(await (await workerOf(ledger, store, { recipients: guest })).consume(cup)).toBe("no-account");
    const away = { ...linked, findRecipient: () => Promise.reject(new StoreError("store-failed", "away")) };
    expect(await (await workerOf(ledger, store, { recipients: away })).consume(cup)).toBe("not-followed");
  });

  test("everything by rules that issue nothing", async () => {
    const ledger = new LineageLedger();
    const { desk } = await workerOf(ledger, new MemoryStore());
    const terms = { room: here, book: undefined, collections: new Set<never>() };
    expect(await desk.consume({ n: 1, player: ann, item: ledger.cup() }, terms)).toBe("item-foreign");
  });

  test.for(Object.entries(consumeRefusals))("%s has a sentence for the player", ([, sentence]) => {
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe("the issuer", () => {
  /** Behind its fence, and shown the chain as it is. */
  async function turned(ledger: LineageLedger, worker: Awaited<ReturnType<typeof workerOf>>): Promise<string[]> {
    const said: string[] = [];
    for (let round = 0; round < 12; round++) {
      ledger.block += 1;
      const block = { number: ledger.block, hash: "ab".repeat(32) } as never;
      const words = worker.sent.splice(0).flatMap((remarks) =>
        remarks.flatMap((bytes) => {
          if (!isRmrk(bytes)) return [{ block: ledger.block, extrinsic: 0, caller: issuer, bytes }];
          const interaction = decodeRemark(bytes, prefix);
          said.push(interaction.op);
          ledger.do(issuer, interaction);
          return [];
        }),
      );
      await worker.book.turn({ block, items: ledger.state, nonce: round }, words);
    }
    return said;
  }

  test("says on chain that an item is used up, once; its owner burns it, and the chain has it no more", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    const [cup, other] = [ledger.cup(), ledger.cup()];
    await worker.consume(cup);
    expect(await turned(ledger, worker)).toEqual(["SETPROPERTY"]);
    expect(ledger.state.nfts.get(cup)!.properties!.get(usedProperty)).toEqual({
      type: "boolean",
      value: true,
      writer: "nobody",
    });
    ledger.do(bob, { op: "BURN", nft: cup });
    expect(itemsOf(ledger.state, bob).map(({ id }) => id)).toEqual([other]);
    expect(await worker.consume(cup, { room: there })).toBe("item-used");
    expect(await turned(ledger, worker)).toEqual([]);
  });

  test("says nothing more of an item that was burned before it was said", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    const cup = ledger.cup();
    await worker.consume(cup);
    ledger.do(bob, { op: "BURN", nft: cup });
    expect(await turned(ledger, worker)).toEqual([]);
  });

  test("never mints again what was used up, on a chain that is shown without it", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const cup = ledger.cup();
    const voucher = ledger.voucherOf(cup);
    await (await workerOf(ledger, store)).consume(cup);
    const other = new LineageLedger();
    const worker = await workerOf(other, store);
    await worker.book.earn({
      id: voucher,
      player: ann,
      room: here,
      once: "cup 1",
      collection: other.cups,
      symbol: "item",
      transferable: 1,
      metadata: undefined,
    });
    expect(worker.book.standing(ann).map(({ stage }) => stage)).toEqual(["final"]);
    expect(await turned(other, worker)).toEqual([]);
  });

  test("a host that shows a worker what was written down before gains nothing once the chain says it", async () => {
    const [ledger, store] = [new LineageLedger(), new MemoryStore()];
    const worker = await workerOf(ledger, store);
    const cup = ledger.cup();
    await worker.consume(cup);
    await turned(ledger, worker);
    const rolledBack = await workerOf(ledger, new MemoryStore());
    expect(await rolledBack.consume(cup, { room: there })).toBe("item-used");
    // Whoever has seen it remembers it, whatever is shown.
    await store.remove("awards-00112233" as ChainId);
    expect(await worker.consume(cup, { room: there })).toBe("item-used");
  });
});

test("a use outlasts its worker as it was, and nothing else is taken for one", () => {
  const use = { item: "1-aabb-CUPS-cup-00000001" as NftId, player: ann, room: here, n: 7, voucher: undefined };
  const ledger = new LineageLedger();
  const cup = ledger.cup();
  for (const entry of [
    { ...use, item: cup },
    { ...use, item: cup, voucher: ledger.voucherOf(cup) },
  ]) {
    expect(decodeEntry(encodeEntry({ kind: "use", use: entry }))).toEqual({ kind: "use", use: entry });
    for (const change of [{ item: "a" }, { player: "a" }, { room: "a" }, { n: "1" }, { voucher: "a" }]) {
      const bytes = new TextEncoder().encode(JSON.stringify({ ...entry, ...change }));
      expect(() => decodeEntry(bytes)).toThrow(expect.objectContaining({ code: "journal-malformed" }));
    }
  }
});

function withAppend(store: MemoryStore, append: Store["append"]): Store {
  return new Proxy(store, {
    get: (of, name) =>
      name === "append" ? append : (Reflect.get(of, name) as (...args: unknown[]) => unknown).bind(of),
  });
}
