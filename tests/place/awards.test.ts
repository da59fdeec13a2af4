/**
 * A player wins something, and it becomes an item on a real runtime's chain: exactly once, whatever dies on the way. Real
 * devnet, gateway, worker, SQLite and client.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { VoucherStage } from "#client/index.ts";
import { ChainPlace, walletOf, type GateRoom, type PrizesRoom } from "./chain-place.ts";

const eventually = <T>(what: () => T) => expect.poll(what, { timeout: 100_000 });
const stages = (room: PrizesRoom): readonly VoucherStage[] => room.vouchers.map(({ stage }) => stage);
const settled =
  (room: PrizesRoom, count = 1) =>
  (): boolean =>
    room.vouchers.length === count && stages(room).every((stage) => stage === "final");

/** A player with a wallet, in a room of a worker that may issue by now. */
async function seated(place: ChainPlace): Promise<PrizesRoom> {
  const room = await place.sitDown();
  await room.linkWallet(walletOf(place.player));
  return room;
}

/**
 * Every voucher that the player was told of is an item of theirs once; there are no others. Neither in what blocks hold, nor
 * in what a page of items proves from the checkpoint on.
 */
async function expectOnce(place: ChainPlace, room: PrizesRoom): Promise<void> {
  const owners = [place.player.account];
  expect(place.minted()).toEqual(new Map(room.vouchers.map(({ voucher }) => [voucher, owners])));
  const shown = await place.provenVouchers();
  expect(shown.toSorted()).toEqual(room.vouchers.map(({ voucher }) => voucher).toSorted());
}

test("from a win to a final item: earned, submitted, in a block, final; to the wallet that the player has linked", async () => {
  await using place = await ChainPlace.open({ finality: "manual" });
  await place.openHost();
  const room = await place.sitDown();
  const heard: string[] = [];
  room.on("voucher", ({ stage, reason }) => heard.push(reason === null ? stage : `${stage} ${reason}`));
  await room.move({ win: "first" });
  await eventually(() => heard).toEqual(["earned no-account"]);
  await room.linkWallet(walletOf(place.player));
  await eventually(() => heard.at(-1)).toBe("earned");
  await place.blocksUntil(() => place.mintWaits, true);
  await eventually(() => heard.at(-1)).toBe("submitted");
  // In a block, which is not final, for as long as it is not.
  place.chain.newBlock();
  await eventually(() => heard.at(-1)).toBe("in-block");
  await place.blocksUntil(settled(room), true);
  expect(heard).toEqual(["earned no-account", "earned", "submitted", "in-block", "final"]);
  await expectOnce(place, room);
  // Whoever comes back is told how it stands, and by whom it was issued they have proof.
  const again = await place.sitDown(room.room);
  await eventually(() => stages(again)).toEqual(["final"]);
  expect(Buffer.from(again.shield.claims.issuer).toString("hex")).toBe(place.issuer.account);
});

test("a worker that is killed between award and submission: the item is issued once, by the next one", async () => {
  await using place = await ChainPlace.open();
  await place.openHost();
  const before = await seated(place);
  await before.move({ win: "first" });
  await eventually(() => stages(before)).toEqual(["earned"]);
  await place.closeHost();
  await place.openHost();
  const room = await place.sitDown(before.room);
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
});

test.for<[string, boolean]>([
  ["the node still has the transaction", false],
  ["the node has forgotten the transaction", true],
])(
  "a worker that is killed between submission and inclusion, and %s: the item is there once",
  async ([, forgotten]) => {
    await using place = await ChainPlace.open();
    await place.openHost();
    const before = await seated(place);
    await before.move({ win: "first" });
    await place.blocksUntil(() => place.mintWaits);
    await eventually(() => stages(before)).toEqual(["submitted"]);
    await place.closeHost();
    if (forgotten) await place.restartChain();
    await place.openHost();
    const room = await place.sitDown(before.room);
    await place.blocksUntil(settled(room));
    await expectOnce(place, room);
  },
);

test("a reorganisation takes the item's block away: it is in another one, once", async () => {
  await using place = await ChainPlace.open({ finality: "manual" });
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(() => place.mintWaits, true);
  const parent = place.chain.best.hash;
  place.chain.newBlock();
  await eventually(() => stages(room)).toEqual(["in-block"]);
  const fork = place.chain.newBlock({ parent, transactions: [], best: false });
  place.chain.setBest(place.chain.newBlock({ parent: fork.hash, transactions: [] }).hash);
  await eventually(() => stages(room)).toEqual(["submitted"]);
  await place.blocksUntil(settled(room), true);
  await expectOnce(place, room);
});

test("of two live workers on one key the later one issues, the earlier one stops, and what both award is issued once", async () => {
  await using place = await ChainPlace.open();
  await place.openHost({ workers: 2 });
  const rooms = [await seated(place), await place.sitDown()];
  for (const [i, room] of rooms.entries()) await room.move({ win: `win ${i}` });
  await place.blocksUntil(() => place.events.some(({ event }) => event === "issuing-stopped"));
  await place.blocksUntil(() => place.minted().size === 2);
  for (const room of rooms) await eventually(() => stages(room).filter((stage) => stage === "final").length).toBe(2);
  expect(rooms.map(({ vouchers }) => vouchers.length)).toEqual([2, 2]);
  await expectOnce(place, rooms[0]!);
  expect(place.events.filter(({ event }) => event === "issuing-stopped")).toHaveLength(1);
});

test("a chain that is down for a while: nothing is lost, and it goes on by itself when the chain is back", async () => {
  await using place = await ChainPlace.open();
  await place.openHost();
  const room = await seated(place);
  const port = Number(new URL(place.devnet.url).port);
  await place.devnet.close();
  await eventually(() => place.events.some(({ event }) => event === "chain-trouble")).toBe(true);
  await room.move({ win: "first" });
  await room.move({ win: "second" });
  await eventually(() => stages(room)).toEqual(["earned", "earned"]);
  await sleep(500);
  await place.openChain(port);
  await place.blocksUntil(settled(room, 2));
  await expectOnce(place, room);
});

test("what a guest has earned is kept through restarts, and redeemed once, when a wallet is linked", async () => {
  await using place = await ChainPlace.open();
  await place.openHost();
  const guest = await place.sitDown();
  await guest.move({ win: "first" });
  await eventually(() => guest.vouchers.map(({ reason }) => reason)).toEqual(["no-account"]);
  for (let left = 8; left > 0; left--) place.chain.newBlock();
  await place.closeHost();
  await place.openHost();
  const room = await place.sitDown(guest.room);
  await eventually(() => room.vouchers.map(({ reason }) => reason)).toEqual(["no-account"]);
  await room.linkWallet(walletOf(place.player));
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
});

test("without a chain what is earned stays a voucher, and is issued once there is one", async () => {
  await using place = await ChainPlace.open();
  const { terms } = place;
  place.terms = undefined;
  await place.openHost({ chain: false });
  const before = await seated(place);
  await before.move({ win: "first" });
  await eventually(() => before.vouchers.map(({ stage, reason }) => [stage, reason])).toEqual([["earned", "no-chain"]]);
  await place.closeHost();
  place.terms = terms;
  await place.openHost();
  const room = await place.sitDown(before.room);
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
});

test("without a store what is earned lives as long as its worker, and is issued all the same", async () => {
  await using place = await ChainPlace.open();
  await place.openHost({ store: false });
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
});

test("where one thread signs, what is earned in another is issued by it, once, and nobody is stopped", async () => {
  await using place = await ChainPlace.open();
  await place.openHost({ workers: 2, allIssue: false });
  const rooms = [await seated(place)];
  while (place.moreWorkers[0]!.rooms === 0) rooms.push(await place.sitDown());
  for (const [i, room] of rooms.entries()) await room.move({ win: `win ${i}` });
  await place.blocksUntil(() => place.minted().size === rooms.length);
  await place.blocksUntil(() => rooms.every((room) => stages(room).every((stage) => stage === "final")));
  const owners = [place.player.account];
  const vouchers = rooms.flatMap((room) => room.vouchers.map(({ voucher }) => voucher));
  expect(place.minted()).toEqual(new Map(vouchers.map((voucher) => [voucher, owners])));
  expect(place.events.filter(({ event }) => event === "issuing-stopped")).toEqual([]);
  expect(place.events.filter(({ event }) => event === "issuer")).toHaveLength(1);
});

test("rules reach only collections that they declare, and the same reason counts once", async () => {
  await using place = await ChainPlace.open();
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await room.move({ win: "first" });
  await room.move({ win: "other", item: "CROWNS" });
  await room.move({ win: "inherited", item: "constructor" });
  await room.move({ win: "another's", item: `${place.player.account.slice(0, 18)}-CUPS` });
  await place.blocksUntil(settled(room));
  await place.blocksUntil(() => place.chain.best.number > 20);
  expect(room.vouchers.map(({ once }) => once)).toEqual(["first"]);
  await expectOnce(place, room);
});

test("an issuer that cannot pay says so, and goes on when it can", async () => {
  await using place = await ChainPlace.open({ accounts: [] });
  await place.openHost();
  const room = await seated(place);
  await room.move({ win: "first" });
  await place.blocksUntil(() => room.vouchers[0]?.reason === "issuer-unfunded");
  await place.fundIssuer();
  await place.blocksUntil(settled(room));
  await expectOnce(place, room);
});

test("rules let through whoever owns an item, as the chain proves it, and nobody while nothing is known", async () => {
  await using place = await ChainPlace.open({ clock: Date.now }, "gate");
  await place.openHost();
  const room = (await place.sitDown()) as unknown as GateRoom;
  const pass = async () => {
    const outcome = await room.move({ do: "pass" });
    return outcome.accepted ? "through" : outcome.reason;
  };
  expect(await pass()).toBe("What you own is not known just now.");
  await room.linkWallet(walletOf(place.player));
  await room.move({ do: "win" });
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 0);
  expect(await pass()).toBe("You have no cup.");
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 1);
  expect(await pass()).toBe("through");
  // Given away, it is somebody else's.
  const [cup] = place.cups();
  place.say(place.player, { op: "SEND", nft: cup!, recipient: place.issuer.account });
  await place.blocksUntil(() => room.view!.known.at(-1)?.[1] === 0);
  expect(await pass()).toBe("You have no cup.");
  expect(room.view!.through).toEqual([0]);
});
