/**
 * Pictures that this page has, under the addresses that NFTs name. An address on IPFS is the hash of its file, so that the
 * chain names a picture and not whoever serves it. All others are not loaded: they could change, or tell who looks.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "#protocol/bytes.ts";

/** A name, and what is said of it. */
export interface CatalogueEntry {
  readonly name: string;
  readonly says: string;
  /** Where the thing itself is, drawn as it is worn: its middle, in hundredths, and how much larger it is shown alone. */
  readonly alone?: { readonly x: number; readonly y: number; readonly scale: number };
}

export const catalogue = {
  "spirit-glow": { name: "Glow", says: "The light around a Spirit." },
  "spirit-body": { name: "Spirit", says: "Everybody in the hub begins as one." },
  "spirit-face": { name: "Face", says: "Friendly, as far as one can tell." },
  "victor-crown": { name: "Victor's Crown", says: "For who wins at Dot4.", alone: { x: 50, y: 15, scale: 1.9 } },
  "defused-bomb": {
    name: "Defused Bomb",
    says: "For who found a hidden bomb and is still there.",
    alone: { x: 76, y: 65, scale: 2.6 },
  },
  "fog-lantern": {
    name: "Fog Lantern",
    says: "For who wins in the fog of Skirmish.",
    alone: { x: 23, y: 60, scale: 2.4 },
  },
  "dusk-cloak": {
    name: "Dusk Cloak",
    says: "Worn in the hub when the sun never quite sets.",
    alone: { x: 50, y: 57, scale: 1.3 },
  },
  item: { name: "Item", says: "" },
} as const satisfies Record<string, CatalogueEntry>;

export type CatalogueName = keyof typeof catalogue;

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** `ipfs://` and a CID of version 1: raw bytes by SHA-256, in base 32. */
export function addressOf(file: Uint8Array): string {
  const cid = concatBytes(Uint8Array.of(1, 0x55, 0x12, 32), sha256(file));
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of cid) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]!;
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31]!;
  return `ipfs://b${text}`;
}
