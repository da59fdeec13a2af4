/** What the page makes of what a hub says: whom to hear, what to find, what comes next. */
import { expect, test } from "vitest";
import { slotFields } from "../../../../contracts/phala-world/codes.ts";
import { disclosedMax as most } from "../../../../contracts/phala-world/moves.ts";
import type { OriginView, OwnView, PartView, ShellView, View } from "../../../../contracts/phala-world/view.ts";
import type { Drawer } from "#kit/keepsakes.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";
import { hubFinder } from "#world/room/finder.ts";
import { disclosedMax, Hearing } from "#world/room/hearing.ts";
import { lookOf } from "#world/room/looks.ts";
import { questOf, type Step } from "#world/room/quest.ts";
import { arrivalWords, outWords, untilEra } from "#world/room/words.ts";

const [first, second] = ["3fa2c01d9e8b7a654321", "00000000000000000002"] as unknown as [RoomId, RoomId];

function drawer(): Drawer & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test("a page comes back to its hub, follows a link before that, and finds another if it is gone", async () => {
  const kept = drawer();
  const found: RoomId[] = [first, second];
  const options = { drawer: kept, key: "hub", match: () => Promise.resolve(found.shift()!) };
  expect(await hubFinder({ ...options, linked: undefined })(false)).toBe(first);
  expect(await hubFinder({ ...options, linked: undefined })(false)).toBe(first);
  expect(await hubFinder({ ...options, linked: second })(false)).toBe(second);
  expect(await hubFinder({ ...options, linked: first })(true)).toBe(second);
  kept.setItem("hub", "<script>");
  found.push(first);
  expect(await hubFinder({ ...options, linked: undefined })(false)).toBe(first);
});

const said = (from: string, text: string, tick = 1): Value => ({
  said: { from, seat: 3, name: "Ada", text, tick, mac: new Uint8Array(16) },
});

test("a report can disclose the newest of what one player said, and nothing of anybody else", () => {
  const hearing = new Hearing();
  for (let i = 0; i < 30; i++) {
    hearing.hear(said("a".repeat(32), `line ${i}`, i));
    hearing.hear(said("b".repeat(32), "another's"));
  }
  const heard = hearing.of("a".repeat(32));
  expect(heard.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 10}`));
  expect(heard.every(({ from }) => from === "a".repeat(32))).toBe(true);
  expect(disclosedMax).toBe(most);
});

test.for([
  ["Dot4, won", "dot4", true, "You are back from Dot4, and you have won."],
  ["Skirmish, lost", "skirmish", false, "You are back from Skirmish. You have not won."],
  ["a game that goes on", "skirmish", null, "You are back from Skirmish."],
  ["another hub", "phala-world", null, "You have come from another hub."],
  ["a game of a later version", "chess", true, "You are back from chess, and you have won."],
] as const)("who comes from %s is told so", ([, from, won, sentence]) => {
  expect(arrivalWords({ from, won })).toBe(sentence);
});

test.for<[string, Value, object | undefined]>([
  ["what is said", said("a".repeat(32), "hello"), { kind: "said", from: 3, name: "Ada", text: "hello" }],
  ["what was found", { found: { kind: "seed" } }, { kind: "notice", text: "You dug up a seed. It is yours." }],
  ["why one is out", { out: "You are banned." }, { kind: "notice", text: "You are banned." }],
  ["what this page does not know", { later: 1 }, undefined],
  ["no message at all", null, undefined],
])("%s becomes what the page says", ([, message, event]) => {
  expect(new Hearing().hear(message)).toEqual(event);
});

test("numbers that this page does not know are drawn as the plainest there is", () => {
  const bare = Object.fromEntries(Object.values(slotFields).map((field) => [field, 0])) as Record<
    (typeof slotFields)[keyof typeof slotFields],
    number
  >;
  expect(lookOf({ ...bare, race: 9, coat: 99, light: 99, head: 250 })).toEqual({
    race: "pandroid",
    coat: 0,
    light: 0,
    parts: [],
  });
  expect(lookOf({ ...bare, race: 2, coat: 3, light: 1, head: 1, handR: 12 })).toEqual({
    race: "xgene",
    coat: 3,
    light: 1,
    parts: ["wizard-hood", "blade"],
  });
});

const nobody: OwnView = {
  pha: 600,
  spirit: false,
  origins: [],
  shells: [],
  parts: [],
  food: 0,
  preordered: false,
  tickets: { spirit: false, prime: false },
  seenIn: null,
  found: 0,
  won: {},
  gate: null,
  inWorld: true,
  space: false,
  muted: [],
  blocked: [],
  moderator: false,
  banned: false,
  banList: null,
  outUntil: null,
  arrival: null,
};
const kind = { rarity: "prime", race: "pandroid", career: "wizard" } as const;
const origin: OriginView = { id: 1, ...kind, energy: 0, slots: 1, hatchesAt: null, commitment: null };
const shell: ShellView = { id: 2, ...kind, seed: "00", energy: 6 };
const part: PartView = { id: 3, name: "blade", slot: "hand.R", rarity: "rare", gem: null, shell: 2, worn: false };
const open = ["spirits", "last-day", "incubation"] as const;
const soul = { spirit: true };

test.for<[string | null, Partial<OwnView>]>([
  [null, {}],
  ["This world’s moderator has banned you from its hub.", { banned: true, outUntil: 1 }],
  ["This world’s moderator has sent you out. Come back in 10 minutes.", { outUntil: 100 + 10 * 60 * 20 }],
  ["This world’s moderator has sent you out. Come back in a minute.", { outUntil: 101 }],
  [null, { outUntil: 100 }],
])("who was sent out is told: %s", ([sentence, mine]) => {
  expect(outWords({ ...nobody, ...mine }, 100, 20)).toBe(sentence);
});

test.for<[Step, Partial<OwnView>, Partial<View>]>([
  ["claim-spirit", {}, {}],
  ["wait-for-sale", soul, { open: ["spirits", "rare"] }],
  ["wait-for-sale", { ...soul, pha: 100 }, {}],
  ["buy-origin", soul, {}],
  ["buy-origin", { ...soul, tickets: { spirit: false, prime: true } }, { open: ["prime"] }],
  ["incubate", { ...soul, origins: [origin] }, {}],
  ["feed", { ...soul, origins: [{ ...origin, hatchesAt: 9 }], food: 2 }, {}],
  ["wait-for-hatching", { ...soul, origins: [{ ...origin, hatchesAt: 9 }] }, {}],
  ["hatch", { ...soul, origins: [{ ...origin, hatchesAt: 4 }], food: 2 }, {}],
  ["become", { ...soul, shells: [shell], parts: [part] }, {}],
  ["wear", { ...soul, shells: [shell], parts: [part], seenIn: 2 }, {}],
  ["whole", { ...soul, shells: [shell], parts: [{ ...part, worn: true }], seenIn: 2 }, {}],
])("the next step is %s", ([step, mine, around]) => {
  const view: View = {
    era: 4,
    eraTicks: 80,
    drawCommitment: "00",
    open: [...open],
    later: {},
    incubating: [],
    draw: null,
    mine: { ...nobody, ...mine },
    ...around,
  };
  expect(questOf(view)?.step).toBe(step);
  expect(questOf({ ...view, mine: null })).toBeNull();
});

test.for([
  [5, 100, "in 15 s"],
  [5, 400, "now"],
  [5, 900, "now"],
  [400, 0, "in 27 minutes"],
  [40_000, 0, "in 44 hours"],
] as const)("era %d begins, at tick %d, %s", ([era, tick, words]) => {
  expect(untilEra(era, { eraTicks: 80 }, tick, 20)).toBe(words);
});
