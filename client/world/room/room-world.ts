/** A room of the hub as the scene wants it: the people in sight, one's own way ahead of it, and what it tells. */
import type { Clip } from "../avatars/catalogue.ts";
import type { Look } from "../avatars/look.ts";
import { distance, type Spot } from "../island/ground.ts";
import { hub } from "../island/island.ts";
import { Terrain, type Push } from "../island/walk.ts";
import { dayAt, pushMax, treasures } from "#phala-world/codes.ts";
import { Body, Look as LookRow, Push as PushRow, Treasure } from "#phala-world/components.ts";
import type { Input } from "#client/input/input.ts";
import type { MoveOf, Move } from "#phala-world/moves.ts";
import type { Avatar, Emote, Find, Surroundings, WorldEvent } from "../port.ts";
import { OwnPath } from "./own-path.ts";
import { People } from "./people.ts";
import type { HubRoom } from "./visit.ts";

export interface RoomWorldOptions {
  /** Asks the room, when nobody waits for the answer. */
  readonly ask: (move: Move) => void;
  /** Whether one can act: while the line is lost or the room is frozen one stands still. */
  readonly playing: () => boolean;
  /** Seconds, monotonic. */
  readonly now: () => number;
  /** Somebody wants to go through this gate. */
  readonly onGate: (gate: string) => void;
}

/** One's own avatar, where the room has let one in. */
interface Own {
  readonly avatar: Avatar;
  readonly path: OwnPath;
}

/** Metres from which one is offered to dig; the room lets one dig from a little farther. */
const dugWithin = 1.5;

/** A page that slept does not run through what it missed. */
const longestMoment = 1;

const still: Push = { x: 0, z: 0, run: false };

export class RoomWorld implements Surroundings {
  readonly kind = "room";
  readonly terrain = new Terrain(hub);
  readonly #options: RoomWorldOptions;
  readonly #listeners = new Set<(event: WorldEvent) => void>();
  #room: HubRoom | null = null;
  #people: People | null = null;
  #input: Input<typeof PushRow> | null = null;
  #own: Own | null = null;
  #entering: MoveOf<"enter"> | null = null;
  #gate: string | null = null;
  #canDig = false;
  #heardTick = -1;
  /** What is wished, and until when it was done. */
  #push: Push = still;
  #settled = 0;
  /** Names of those who were near a moment ago. */
  #near: ReadonlyMap<number, string> | null = null;
  /** What one's own feet do, and since when. */
  #stride: { readonly clip: Clip; readonly since: number } = { clip: "idle", since: 0 };

  constructor(options: RoomWorldOptions) {
    this.#options = options;
  }

  /** From now on this room is what is around. */
  attach(room: HubRoom): void {
    this.#room = room;
    this.#people = new People(room.entities(Body), room.entities(LookRow), room.hz);
    this.#input = room.input(PushRow);
    if (this.#entering !== null) this.#options.ask(this.#entering);
  }

  get avatars(): ReadonlyMap<number, Avatar> {
    return this.#people?.avatars ?? nobody;
  }

  get own(): number | null {
    return this.#own?.avatar.id ?? null;
  }

  get time(): number {
    return this.#room === null ? 0 : this.#room.tickNow() / this.#room.hz;
  }

  get day(): number {
    return this.#room === null ? dusk : dayAt(this.#room.tickNow(), this.#room.hz);
  }

  get finds(): readonly Find[] {
    if (this.#room === null) return [];
    const { ids, columns } = this.#room.entities(Treasure);
    return ids.map((id) => ({ x: columns.x[id]!, z: columns.z[id]!, kind: treasures[columns.kind[id]!] ?? "coin" }));
  }

  /** However seldom frames are drawn, one walks for as long as one wishes to, and no longer. */
  steer(push: Push): void {
    this.#settle();
    this.#push = this.#options.playing() ? push : still;
    const { x, z, run } = this.#push;
    this.#input?.set({ x: Math.round(x * pushMax), z: Math.round(z * pushMax), run: run ? 1 : 0 });
  }

  advance(_seconds: number, push: Push): void {
    if (this.#people === null) return;
    this.#people.move();
    this.steer(push);
    this.#placeOwn();
    this.#announce();
  }

  enter(name: string, look: Look): void {
    const { race, coat, light } = look;
    this.#entering = { do: "enter", name, race, coat, light };
    if (this.#room !== null) this.#options.ask(this.#entering);
  }

  dress({ race, coat, light }: Look): void {
    if (this.#own !== null) this.#options.ask({ do: "dress", race, coat, light });
  }

  say(text: string): void {
    const said = text.trim();
    if (this.#own !== null && said !== "") this.#options.ask({ do: "say", text: said });
  }

  emote(emote: Emote): void {
    if (this.#own !== null) this.#options.ask({ do: "emote", emote });
  }

  travel(): void {
    if (this.#gate !== null) this.#options.onGate(this.#gate);
  }

  dig(): void {
    if (this.#canDig) this.#options.ask({ do: "dig" });
  }

  listen(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the room said in words, as an event like any other. */
  hear(event: WorldEvent): void {
    this.#tell(event);
  }

  /** Goes on as was wished until now. */
  #settle(): void {
    const now = this.#options.now();
    this.#own?.path.advance(Math.min(longestMoment, now - this.#settled), this.#push);
    this.#settled = now;
  }

  #placeOwn(): void {
    const { seat, tick } = this.#room!;
    const avatar = seat === null ? undefined : this.avatars.get(seat);
    const told = seat === null ? undefined : this.#people!.told(seat);
    if (avatar === undefined || told === undefined) {
      // While the line is lost nobody is in sight, and one is where one was.
      if (this.#room!.connection === "joined") this.#own = null;
      return;
    }
    if (this.#own?.avatar !== avatar) this.#own = { avatar, path: new OwnPath(this.terrain, told) };
    const { path } = this.#own;
    if (tick !== this.#heardTick) path.told(told);
    this.#heardTick = tick;
    Object.assign(avatar, { x: path.spot.x, z: path.spot.z });
    const push = this.#push;
    if (distance(push.x, push.z) > 0) {
      avatar.heading = Math.atan2(push.x, push.z);
      this.#step(avatar, push.run ? "run" : "walk");
    } else {
      this.#step(avatar, avatar.clip === "walk" || avatar.clip === "run" ? "idle" : avatar.clip);
    }
    this.#noticeGate(avatar, told);
    this.#noticeFind(avatar);
  }

  /** One's own feet move at once; the room says the same a moment later. */
  #step(avatar: Avatar, clip: Clip): void {
    if (this.#stride.clip !== clip) this.#stride = { clip, since: this.time };
    avatar.clip = clip;
    if (clip === "walk" || clip === "run" || clip === "idle") avatar.since = this.#stride.since;
  }

  /** Tells who has come and who is gone; a new connection, which begins with nobody, tells of nobody. */
  #announce(): void {
    if (this.#own === null || this.#room!.connection !== "joined") return;
    const named = new Map(
      [...this.avatars.values()].filter(({ name }) => name !== "").map(({ id, name }) => [id, name]),
    );
    if (!named.has(this.#own.avatar.id)) return;
    const before = this.#near;
    this.#near = named;
    if (before === null) return;
    for (const [id, name] of named) if (!before.has(id)) this.#tell({ kind: "arrived", id, name });
    for (const [id, name] of before) if (!named.has(id)) this.#tell({ kind: "left", id, name });
  }

  /** One stands in a gate once the room says so, too: before, it would refuse to open it. */
  #noticeGate(here: Spot, told: Spot): void {
    const gate = this.#gateAt(here) === this.#gateAt(told) ? this.#gateAt(here) : null;
    if (gate === this.#gate) return;
    this.#gate = gate;
    this.#tell(gate === null ? { kind: "no-gate" } : { kind: "gate", gate });
  }

  #gateAt({ x, z }: Spot): string | null {
    return this.terrain.gateAt(x, z);
  }

  #noticeFind({ x, z }: Avatar): void {
    const canDig = this.finds.some((find) => distance(find.x - x, find.z - z) <= dugWithin);
    if (canDig === this.#canDig) return;
    this.#canDig = canDig;
    this.#tell({ kind: canDig ? "find" : "no-find" });
  }

  #tell(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const nobody: ReadonlyMap<number, Avatar> = new Map();

/** Before there is a room: the end of the afternoon. */
const dusk = 0.45;
