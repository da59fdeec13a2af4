/** EMOTE: a reaction to an NFT or to something elsewhere; said again, it is taken back. */
import { RmrkError } from "../errors.ts";
import { emotePointsMax } from "../limits.ts";
import type { NftId } from "../ids.ts";
import type { Codec } from "./codec.ts";
import { expectFields, readNftId, readWord } from "./values.ts";

export type Emote =
  | { readonly op: "EMOTE"; readonly namespace: "RMRK2"; readonly nft: NftId; readonly emote: string }
  /** An NFT of RMRK 1.0, or an account by its key: only named here. */
  | { readonly op: "EMOTE"; readonly namespace: "RMRK1" | "PUBKEY"; readonly id: string; readonly emote: string };

const foreignPattern = /^[A-Za-z0-9_.-]{1,128}$/;
const emotePattern = new RegExp(`^[0-9A-F]{2,6}(?:-[0-9A-F]{2,6}){0,${emotePointsMax - 1}}$`);

/** Code points in upper-case hexadecimal, joined by "-". What is an emoji changes every year; any character passes. */
export function isEmote(text: string): boolean {
  if (!emotePattern.test(text)) return false;
  return text.split("-").every((digits) => {
    const point = Number.parseInt(digits, 16);
    return point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff) && digits === emotePointOf(point);
  });
}

const emotePointOf = (point: number): string => point.toString(16).toUpperCase().padStart(2, "0");

/** Of a text of emoji. */
export const emoteOf = (text: string): string =>
  Array.from(text, (character) => emotePointOf(character.codePointAt(0)!)).join("-");

export const emote: Codec<Emote> = {
  decode(fields) {
    expectFields(fields, 3);
    const [namespace, id, written] = fields as [string, string, string];
    const text = readWord(written, isEmote);
    if (namespace === "RMRK2") return { op: "EMOTE", namespace, nft: readNftId(id), emote: text };
    if (namespace !== "RMRK1" && namespace !== "PUBKEY") throw new RmrkError("value-malformed");
    return { op: "EMOTE", namespace, id: readWord(id, (word) => foreignPattern.test(word)), emote: text };
  },
  encode: (interaction) => [
    interaction.namespace,
    interaction.namespace === "RMRK2" ? interaction.nft : interaction.id,
    interaction.emote,
  ],
};
