/** A room uses up what a player owns on a real runtime's chain: once, for good, in every room, whatever dies on the way. */
import { deepEqual, equal } from "node:assert/strict";
import { ChainPlace, walletOf, type GateRoom } from "./chain-place.ts";
import { comes, eventually } from "./eventually.ts";

/** A place, and a player in a room of it who owns a cup. */
async function withCup(): Promise<{ readonly place: ChainPlace; readonly room: GateRoom }> {
  const place = await ChainPlace.open({ clock: Date.now }, "gate");
  await place.openHost();
  const room = await place.enter();
  await room.linkWallet(walletOf(place.player));
  await room.move({ do: "win" });
  await place.blocksUntil(() => owned(room) === 1);
  return { place, room };
}

const owned = (room: GateRoom): number | null | undefined => room.view!.known.at(-1)?.[1];
/** Blocks, until a room that was opened again is told by this worker what its player owns. */
function toldAgain(place: ChainPlace, room: GateRoom): Promise<void> {
  const before = room.view!.known.length;
  return place.blocksUntil(() => room.view!.known.length > before && owned(room) === 1);
}

const drunk = (...rooms: readonly GateRoom[]): readonly string[] =>
  rooms.flatMap(({ view }) => view!.drunk.map((refused) => refused ?? "used up")).toSorted();

export async function twoRooms(): Promise<void> {
  const { place, room } = await withCup();
  await using _ = place;
  const other = await place.enter();
  await eventually(() => owned(other), 1);
  const [cup] = place.cups();
  await Promise.all([room, other].map((each) => each.move({ do: "drink", items: [cup!, cup!] })));
  // Of four that asked, one was first.
  await eventually(() => drunk(room, other), ["item-used", "item-used", "item-used", "used up"]);
  await eventually(() => [owned(room), owned(other)], [0, 0]);
  deepEqual(await room.move({ do: "pass" }), { accepted: false, reason: "You have no cup." });
  // Its issuer says it on chain, so that everybody sees it who proves the chain alone.
  await place.blocksUntil(() => place.usedUp().length > 0);
  deepEqual(place.usedUp(), [cup]);
  deepEqual(
    (await place.provenItems()).map(({ id, used }) => [id, used]),
    [[cup, true]],
  );
  place.say(place.player, { op: "BURN", nft: cup! });
  place.chain.newBlock();
  deepEqual(await place.provenItems(), []);
  // And it is never issued again.
  await room.move({ do: "win" });
  const { number } = place.chain.best;
  await place.blocksUntil(() => place.chain.best.number > number + 6);
  deepEqual(place.cups(), [cup]);
}

/** A worker dies before its room hears: the item is used up exactly once, and the room hears of it then. */
export async function killedBeforeHearing(): Promise<void> {
  const { place, room } = await withCup();
  await using _ = place;
  const [cup] = place.cups();
  await room.move({ do: "drink", items: [cup!] });
  // Wherever it was: asked for, written down, or heard.
  await place.closeHost();
  await place.openHost();
  const back = await place.enter(room.room);
  await comes(() => back.view!.drunk.length > 0);
  // A worker that follows no chain yet may have to say that it does not know: then nothing has happened to the item.
  if (back.view!.drunk.at(-1) !== null) {
    equal(back.view!.drunk.at(-1), "not-followed");
    await toldAgain(place, back);
    await back.move({ do: "drink", items: [cup!] });
    await eventually(() => back.view!.drunk.at(-1), null);
  }
  await back.move({ do: "drink", items: [cup!] });
  await eventually(() => back.view!.drunk.at(-1), "item-used");
  equal(back.view!.drunk.filter((refused) => refused === null).length, 1);
}

/** While no chain is heard of nothing is used up, and the rules are told so; it is when the chain speaks again. */
export async function silentChain(): Promise<void> {
  const { place, room } = await withCup();
  await using _ = place;
  const [cup] = place.cups();
  await place.closeHost();
  const port = Number(new URL(place.devnet.url).port);
  await place.devnet.close();
  await place.openHost();
  const back = await place.enter(room.room);
  await back.move({ do: "drink", items: [cup!] });
  await eventually(() => back.view!.drunk, ["not-followed"]);
  await place.openChain(port);
  await toldAgain(place, back);
  await back.move({ do: "drink", items: [cup!] });
  await eventually(() => back.view!.drunk, ["not-followed", null]);
}
