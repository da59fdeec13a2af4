/** What a player in the hub may ask for. Parsed before the rules see it. */
import * as v from "valibot";
import { coatCount, emotes, lightCount } from "./codes.ts";
import { careers, races, rarities, slots } from "./loop/kinds.ts";
import { macLength } from "./speech-mac.ts";

/** Longest message, in UTF-16 units. */
export const messageLengthMax = 200;

/** Longest name, in UTF-16 units; what does not fit the tag's 24 bytes is cut off there. */
export const nameLengthMax = 24;

/** Messages that one report may disclose. */
export const disclosedMax = 20;

const below = (end: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(end - 1));
const thing = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
const someone = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Control characters, and those that reorder or hide the text around them. */
// oxlint-disable-next-line no-control-regex -- that is the point
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const line = (lengthMax: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(1),
    v.maxLength(lengthMax),
    v.check((text) => !unprintable.test(text), "Only letters that can be seen."),
  );

/** A message as those who heard it keep it. */
const heardMessage = v.strictObject({
  from: someone,
  tick: below(Number.MAX_SAFE_INTEGER),
  text: line(messageLengthMax),
  mac: v.pipe(
    v.instance(Uint8Array),
    v.check((mac) => mac.length === macLength),
  ),
});

const wish = { race: v.picklist(races), career: v.picklist(careers) };

export const moveSchema = v.variant("do", [
  v.strictObject({
    do: v.literal("enter"),
    name: line(nameLengthMax),
    race: v.picklist(races),
    coat: below(coatCount),
    light: below(lightCount),
  }),
  v.strictObject({ do: v.literal("dress"), race: v.picklist(races), coat: below(coatCount), light: below(lightCount) }),
  v.strictObject({ do: v.literal("emote"), emote: v.picklist(emotes) }),
  v.strictObject({ do: v.literal("say"), text: line(messageLengthMax) }),
  v.strictObject({ do: v.literal("space"), keep: v.boolean() }),
  v.strictObject({ do: v.literal("mute"), player: someone, mute: v.boolean() }),
  v.strictObject({ do: v.literal("block"), player: someone, block: v.boolean() }),
  v.strictObject({ do: v.literal("dig") }),
  /** Through the gate in whose ring one stands, to this room. */
  v.strictObject({ do: v.literal("travel"), room: v.pipe(v.string(), v.regex(/^[0-9a-f]{20}$/)) }),

  v.strictObject({ do: v.literal("claim-spirit") }),
  v.strictObject({ do: v.literal("redeem-spirit") }),
  v.strictObject({ do: v.literal("buy-origin"), rarity: v.picklist(rarities), ...wish }),
  v.strictObject({ do: v.literal("preorder"), ...wish }),
  v.strictObject({ do: v.literal("incubate"), origin: thing }),
  v.strictObject({ do: v.literal("feed"), origin: thing }),
  v.strictObject({ do: v.literal("hatch"), origin: thing }),
  /** Which Shell one is seen in; null: in none. */
  v.strictObject({ do: v.literal("become"), shell: v.nullable(thing) }),
  v.strictObject({ do: v.literal("wear"), shell: thing, part: thing }),
  v.strictObject({ do: v.literal("take-off"), shell: thing, slot: v.picklist(slots) }),
  v.strictObject({ do: v.literal("withdraw"), part: thing }),

  /** One message after another, since a move is short; then the report that discloses them. */
  v.strictObject({ do: v.literal("disclose"), message: heardMessage }),
  v.strictObject({ do: v.literal("report"), about: someone }),
  /** Of the world's moderator. */
  v.strictObject({ do: v.literal("kick"), player: someone }),
  v.strictObject({ do: v.literal("ban"), player: someone, ban: v.boolean() }),
  v.strictObject({ do: v.literal("give-ticket"), player: someone, purpose: v.picklist(["spirit", "prime"]) }),
  v.strictObject({
    do: v.literal("gift"),
    player: someone,
    from: v.picklist(["giveaway", "reserved"]),
    rarity: v.picklist(rarities),
    ...wish,
  }),
]);

export type Move = v.InferOutput<typeof moveSchema>;
export type MoveOf<Kind extends Move["do"]> = Extract<Move, { do: Kind }>;
export type HeardMessage = v.InferOutput<typeof heardMessage>;
