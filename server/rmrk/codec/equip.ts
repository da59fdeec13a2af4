/** EQUIP: puts an NFT into a slot of the NFT it lies in, or takes it off. */
import type { NftId, SlotId } from "../ids.ts";
import type { Codec } from "./codec.ts";
import { expectFields, readNftId, readSlotId } from "./values.ts";

export interface Equip {
  readonly op: "EQUIP";
  readonly nft: NftId;
  /** Undefined: take it off. */
  readonly slot: SlotId | undefined;
}

export const equip: Codec<Equip> = {
  decode(fields) {
    expectFields(fields, 2);
    const [nft, slot] = fields as [string, string];
    return { op: "EQUIP", nft: readNftId(nft), slot: slot === "" ? undefined : readSlotId(slot) };
  },
  encode: ({ nft, slot }) => [nft, slot ?? ""],
};
