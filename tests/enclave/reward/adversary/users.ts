/** Who uses up an item of RMRK's that is not theirs, is another issuer's, or says in its issuer's name that it is used up. */
import { usedProperty } from "#rmrk/rules/properties.ts";
import type { NftId } from "#rmrk/ids.ts";
import { MemoryStore } from "../../../support/memory-store.ts";
import type { AttackedWorld } from "./attacked-world.ts";
import { after, before, type Attempt } from "./attempt.ts";
import { usesOf, worker } from "./uses.ts";

export const users: readonly Attempt[] = [
  ...usesOf<AttackedWorld>(),
  after("another issuer's item is used up by rules that do not issue it", "item-foreign", (w) => {
    const foreign = [...w.items.nfts.values()].find(({ collection }) => collection.id !== w.collection);
    if (foreign === undefined) return undefined;
    return worker(w, new MemoryStore()).then(async (consume) => (await consume(foreign.id)) ?? "used up");
  }),
  before("a thief says on chain that a player's item is used up", "not-issuer", (w) => {
    const [item] = w.usable();
    if (item === undefined) return undefined;
    return w.say(w.numbers.pick(w.thieves), {
      op: "SETPROPERTY",
      nft: item as NftId,
      key: usedProperty,
      value: true,
      freeze: true,
    });
  }),
];
