/** Words for what the rules know by name. Pure. */
import type { Career, Gem, PartName, PartRarity, Rarity } from "#phala-world/loop/kinds.ts";
import type { OwnView, View } from "#phala-world/view.ts";

export const careerNames: Record<Career, string> = {
  wizard: "Hacker Wizard",
  druid: "Hardware Druid",
  warrior: "Robo Warrior",
  negotiator: "Trade Negotiator",
  monk: "Web3 Monk",
};

export const rarityNames: Record<Rarity, string> = { prime: "Prime", magic: "Magic", legendary: "Legendary" };

export const partRarityNames: Record<PartRarity, string> = {
  normal: "normal",
  rare: "rare",
  epic: "epic",
  legend: "legendary",
};

export const gemNames: Record<Gem, string> = { acid: "acid", ember: "ember", frost: "frost", void: "void" };

/** Games behind the gates, by the name of their rules. */
export const gameNames: { readonly [contract: string]: string } = { dot4: "Dot4", skirmish: "Skirmish" };

export type Arrived = NonNullable<OwnView["arrival"]>;

/** From where somebody has come through a gate, and what came of it. */
export function arrivalWords({ from, won }: Pick<Arrived, "from" | "won">): string {
  if (from === "phala-world") return "You have come from another hub.";
  const back = `You are back from ${gameNames[from] ?? from}`;
  if (won === null) return `${back}.`;
  return won ? `${back}, and you have won.` : `${back}. You have not won.`;
}

/** "wizard-hood" is "Wizard hood". */
export function partWords(part: PartName): string {
  const words = part.replaceAll("-", " ");
  return words[0]!.toUpperCase() + words.slice(1);
}

/** Why somebody is not in the world whom the moderator has sent out; null once they may come back. */
export function outWords(
  { banned, outUntil }: Pick<OwnView, "banned" | "outUntil">,
  tick: number,
  hz: number,
): string | null {
  if (banned) return "This world’s moderator has banned you from its hub.";
  if (outUntil === null || tick >= outUntil) return null;
  const minutes = Math.ceil((outUntil - tick) / hz / 60);
  return `This world’s moderator has sent you out. Come back in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}

/** How long it is until an era begins, by the room's ticks. */
export function untilEra(era: number, { eraTicks }: Pick<View, "eraTicks">, tick: number, hz: number): string {
  const seconds = Math.max(0, Math.ceil((era * eraTicks - tick) / hz));
  if (seconds === 0) return "now";
  if (seconds < 90) return `in ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `in ${minutes} minutes` : `in ${Math.round(minutes / 60)} hours`;
}
