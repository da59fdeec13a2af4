/**
 * What the scene needs to know of a world, and what a player can ask of it. A room's entities fill it, or a rehearsal.
 * Nothing behind this port draws, and nothing in front of it knows rules.
 */
import type { Clip } from "./avatars/catalogue.ts";
import type { Look } from "./avatars/look.ts";
import type { Push } from "./island/walk.ts";

/** One avatar. The object stays the same for as long as it is here; its fields change. */
export interface Avatar {
  readonly id: number;
  name: string;
  look: Look;
  /** Metres from the island's middle. */
  x: number;
  z: number;
  /** Radians; 0 looks along +z, a quarter turn along +x. */
  heading: number;
  clip: Clip;
  /** When the clip began, in the world's seconds. */
  since: number;
}

export type Emote = "wave" | "dance" | "cheer" | "sit";
export const emotes: readonly Emote[] = ["wave", "dance", "cheer", "sit"];

/** Something buried that one stands close to. */
export interface Find {
  readonly x: number;
  readonly z: number;
  readonly kind: string;
}

export type WorldEvent =
  | { readonly kind: "said"; readonly from: number; readonly name: string; readonly text: string }
  | { readonly kind: "arrived" | "left"; readonly id: number; readonly name: string }
  /** One stands in a gate's ring now, or no longer. */
  | { readonly kind: "gate"; readonly gate: string }
  | { readonly kind: "no-gate" }
  /** One can dig here now, or no longer. */
  | { readonly kind: "find" | "no-find" }
  /** One's own words were not granted. */
  | { readonly kind: "unsaid"; readonly text: string }
  | { readonly kind: "notice"; readonly text: string };

/** Longest message, in UTF-16 units. */
export const messageLengthMax = 200;

/** Most avatars that a scene has room for. */
export const avatarsMax = 512;

export interface Surroundings {
  /** `rehearsal`: nobody else is here, and nothing was verified. */
  readonly kind: "rehearsal" | "room";
  readonly avatars: ReadonlyMap<number, Avatar>;
  /** What one sees that others may not. */
  readonly finds: Iterable<Find>;
  /** One's own avatar, once one has entered. */
  readonly own: number | null;
  /** The world's seconds. */
  readonly time: number;
  /** 0 to 1: how much of the day is over; the first half of it is light. */
  readonly day: number;
  /** Lets time pass, with this wish to move. Call it once a frame. */
  advance(seconds: number, push: Push): void;
  /** The wish has changed, between two frames. */
  steer(push: Push): void;
  enter(name: string, look: Look): void;
  dress(look: Look): void;
  say(text: string): void;
  emote(emote: Emote): void;
  /** Steps through the gate in whose ring one stands. */
  travel(): void;
  /** Digs for what lies here. */
  dig(): void;
  /** @returns what stops listening. */
  listen(listener: (event: WorldEvent) => void): () => void;
}
