/**
 * A rehearsal without a room: the stage, a cast that follows a script, and nobody else. It keeps the page honest before
 * and without a place to join, and it is the same each time, so that pictures and measurements can be compared.
 */
import { clips, clipRate, type Clip } from "../avatars/catalogue.ts";
import type { Look } from "../avatars/look.ts";
import { arrival, type Island } from "../island/island.ts";
import { distance } from "../island/ground.ts";
import { Terrain, type Push } from "../island/walk.ts";
import { messageLengthMax, type Avatar, type Emote, type Surroundings, type WorldEvent } from "../port.ts";
import { castOf, nextGoal, type Extra } from "./cast.ts";
import { lines } from "./lines.ts";

/** Ids of the cast begin at 1. */
const ownId = 0;

/** A page that slept does not run through what it missed. */
const longestMoment = 0.25;

export interface RehearsalOptions {
  readonly island: Island;
  /** How many others are on stage. */
  readonly cast: number;
  /** How much of the day is over, for as long as it lasts: 0 to 1. Default: dusk. */
  readonly day?: number;
}

const dusk = 0.45;

export class Rehearsal implements Surroundings {
  readonly kind = "rehearsal";
  readonly terrain: Terrain;
  readonly #avatars = new Map<number, Avatar>();
  readonly #cast: readonly Extra[];
  readonly #listeners = new Set<(event: WorldEvent) => void>();
  #time = 0;
  #nextLine = 0;
  #own: Avatar | null = null;
  #gate: string | null = null;

  constructor({ island, cast, day = dusk }: RehearsalOptions) {
    this.day = day;
    this.terrain = new Terrain(island);
    this.#cast = castOf(cast, this.terrain);
    for (const { avatar } of this.#cast) this.#avatars.set(avatar.id, avatar);
  }

  get avatars(): ReadonlyMap<number, Avatar> {
    return this.#avatars;
  }

  /** Nothing is buried on a stage. */
  readonly finds = [];
  readonly day: number;

  get own(): number | null {
    return this.#own?.id ?? null;
  }

  get time(): number {
    return this.#time;
  }

  listen(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  enter(name: string, look: Look): void {
    if (this.#own !== null) return;
    this.#own = { id: ownId, name, look, ...arrival, heading: 0, clip: "idle", since: this.#time };
    this.#avatars.set(ownId, this.#own);
    this.#tell({ kind: "arrived", id: ownId, name });
  }

  dress(look: Look): void {
    if (this.#own !== null) this.#own.look = look;
  }

  say(text: string): void {
    const said = text.trim().slice(0, messageLengthMax);
    if (this.#own === null || said === "") return;
    this.#tell({ kind: "said", from: ownId, name: this.#own.name, text: said });
  }

  emote(emote: Emote): void {
    if (this.#own !== null) this.#play(this.#own, emote);
  }

  travel(): void {
    if (this.#own === null || this.#gate === null) return;
    this.#tell({
      kind: "notice",
      text: "This gate leads to a room, and a rehearsal has none. You are back where you arrived.",
    });
    Object.assign(this.#own, arrival, { heading: 0 });
  }

  dig(): void {}

  /** A script waits for its frame. */
  steer(): void {}

  advance(seconds: number, push: Push): void {
    const moment = Math.min(seconds, longestMoment);
    this.#time += moment;
    if (this.#own !== null) {
      this.#moveOwn(this.#own, push, moment);
      this.#noticeGate(this.#own);
    }
    for (const extra of this.#cast) this.#follow(extra, moment);
    this.#speak();
  }

  #moveOwn(own: Avatar, push: Push, seconds: number): void {
    const wish = distance(push.x, push.z);
    if (wish > 0.05) {
      Object.assign(own, this.terrain.walk(own, push, seconds));
      own.heading = Math.atan2(push.x, push.z);
      this.#play(own, push.run ? "run" : "walk");
    } else if (own.clip === "walk" || own.clip === "run" || this.#isOver(own)) {
      this.#play(own, "idle");
    }
  }

  #noticeGate(own: Avatar): void {
    const gate = this.terrain.ground.gateAt(own.x, own.z);
    if (gate === this.#gate) return;
    this.#gate = gate;
    this.#tell(gate === null ? { kind: "no-gate" } : { kind: "gate", gate });
  }

  #follow(extra: Extra, seconds: number): void {
    const { avatar, random } = extra;
    if (this.#time < extra.until) {
      if (this.#isOver(avatar))
        this.#play(avatar, avatar.clip === "wave" && extra.until === Infinity ? "wave" : "idle");
      return;
    }
    extra.goal ??= nextGoal(extra, this.terrain);
    const dx = extra.goal.x - avatar.x;
    const dz = extra.goal.z - avatar.z;
    const left = distance(dx, dz);
    const push = { x: (dx / left) * 0.6, z: (dz / left) * 0.6, run: extra.runs };
    const next = left < 0.4 ? avatar : this.terrain.walk(avatar, push, seconds);
    // Arrived, or something is in the way.
    if (left < 0.4 || distance(next.x - avatar.x, next.z - avatar.z) < seconds * 0.3) {
      extra.goal = null;
      extra.until = this.#time + random.between(2, 7);
      this.#play(avatar, random.next() < 0.3 ? random.pick(["wave", "cheer", "dance"] as const) : "idle");
      return;
    }
    avatar.heading = turnedTowards(avatar.heading, Math.atan2(dx, dz), seconds * 6);
    avatar.x = next.x;
    avatar.z = next.z;
    this.#play(avatar, extra.runs ? "run" : "walk");
  }

  #play(avatar: Avatar, clip: Clip): void {
    if (avatar.clip === clip && !this.#isOver(avatar)) return;
    avatar.clip = clip;
    avatar.since = this.#time;
  }

  #isOver({ clip, since }: Avatar): boolean {
    const { loop, frames } = clips[clip];
    return !loop && this.#time - since >= frames / clipRate;
  }

  /** One of the cast says a line every few seconds. */
  #speak(): void {
    const due = 3 + this.#nextLine * 6;
    if (this.#time < due || this.#cast.length === 0) return;
    const [who, text] = lines[this.#nextLine % lines.length]!;
    const { avatar } = this.#cast[who % this.#cast.length]!;
    this.#nextLine += 1;
    this.#tell({ kind: "said", from: avatar.id, name: avatar.name, text });
  }

  #tell(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** By the shorter way, by at most `most` radians. */
function turnedTowards(from: number, to: number, most: number): number {
  const apart = Math.atan2(Math.sin(to - from), Math.cos(to - from));
  return from + Math.max(-most, Math.min(most, apart));
}
