/** What happens next in a random game: mostly legal moves, some that are not, and people who come, go, drop and return. */
import type { Value } from "#protocol/value.ts";
import type { Random } from "#contract/contract.ts";
import type { SeenRow } from "./seen-rows.ts";
import type { Pair, Twins, Wanted } from "./twins.ts";

/** An author's functions, with the types taken off. */
export interface Players {
  readonly push?: (o: {
    view: Value | undefined;
    rows: (component: string) => readonly SeenRow[];
    seat: number;
    random: Random;
  }) => Wanted | null;
  readonly varyPush?: (o: { wanted: Wanted; seat: number; random: Random }) => Wanted | null;
  readonly move: (o: {
    view: Value;
    rows: (component: string) => readonly SeenRow[];
    seat: number;
    random: Random;
  }) => Value | null;
  readonly vary: (o: { move: Value; view: Value; other: Value; seat: number; random: Random }) => Value | null;
}

/** Moves that no schema should let through. */
const nonsense: readonly Value[] = [null, true, 17, "move", [], {}, { kind: "nonsense" }, [[[[]]]]];

const watchersMax = 3;

/** A game's fate, if it has one, comes before this step. */
const fateBefore = 40;

export class Script {
  readonly #twins: Twins;
  readonly #players: Players;
  readonly #random: Random;
  /** Seats whose secrets differ between the runs. */
  readonly #holders: ReadonlySet<number>;
  readonly #played: Value[] = [];
  /** One game of three ends because somebody leaves or stays away, early enough to matter. */
  readonly #fate: { readonly step: number; readonly end: "leave" | "abandon" } | undefined;
  #steps = 0;
  /** No move waits for a boundary. */
  #viewsAreNew = true;

  constructor(twins: Twins, players: Players, holders: ReadonlySet<number>, random: Random) {
    this.#twins = twins;
    this.#players = players;
    this.#holders = holders;
    this.#random = random;
    const end = this.#pick(["leave", "abandon", undefined, undefined, undefined, undefined] as const);
    this.#fate = end && { step: random.below(fateBefore), end };
  }

  /** Fills this many seats; every other time somebody watches from the start. */
  begin(players: number): void {
    for (let seat = 0; seat < players; seat++) this.#come("play");
    if (this.#random.below(2) === 0) this.#watch();
    this.#advance(this.#grid);
  }

  /** One step: something happens, and then usually one boundary passes. */
  step(): void {
    const chance = this.#random.below(1000);
    if (this.#steps === this.#fate?.step) this.#meet(this.#fate.end);
    else if (chance < 20) this.#watch();
    else if (chance < 50) this.#joinLate();
    else if (chance < 75) this.#cut(this.#anybody(), this.#random.below(20_000));
    else if (chance < 100) this.#reload(this.#anybody());
    else if (chance < 106) this.#everybodyGoes();
    else if (chance < 126) this.#wait();
    else if (chance < 136) this.#send(this.#anybody(), this.#pick(nonsense));
    else if (chance < 212) this.#send(this.#anybody(), this.#pick(this.#played));
    else if (this.#players.push !== undefined && chance % 2 === 0) this.#push(this.#players.push);
    else this.#play();
    this.#steps += 1;
    // Sometimes the next thing happens before the boundary.
    this.#viewsAreNew = this.#random.below(8) !== 0;
    if (this.#viewsAreNew) this.#advance(this.#grid);
  }

  get #manifest(): Twins["first"]["room"]["manifest"] {
    return this.#twins.first.room.manifest;
  }

  get #grid(): number {
    return 1000 / this.#manifest.hz;
  }

  get #connected(): Pair[] {
    return this.#twins.pairs.filter(([first]) => first.connection !== undefined);
  }

  #anybody(): Pair | undefined {
    return this.#pick(this.#connected);
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.#random.below(items.length)];
  }

  #advance(ms: number): void {
    this.#twins.advance(ms);
  }

  #come(want: "play" | "watch"): void {
    const pair = this.#twins.invite(want);
    this.#twins.both(pair, (stage, who) => stage.enter(who));
  }

  #watch(): void {
    const watchers = this.#connected.filter(([{ want }]) => want === "watch");
    const room = Math.min(watchersMax, this.#manifest.spectators);
    if (watchers.length < room) return this.#come("watch");
    this.#leave(this.#pick(watchers));
  }

  #joinLate(): void {
    const { listing } = this.#twins.first;
    if ((listing?.free ?? 0) > 0) this.#come("play");
  }

  #leave(pair: Pair | undefined): void {
    if (pair !== undefined) this.#twins.both(pair, (stage, who) => stage.leave(who));
  }

  #meet(end: "leave" | "abandon"): void {
    const player = this.#pick(this.#connected.filter(([{ seat }]) => typeof seat === "number"));
    if (end === "leave") return this.#leave(player);
    this.#cut(player, this.#manifest.pauseMs + this.#manifest.graceMs + 1000);
  }

  /** Drops, and comes back after a while if the room still wants to know. */
  #cut(pair: Pair | undefined, absentMs: number): void {
    if (pair === undefined) return;
    this.#twins.both(pair, (stage, who) => stage.cut(who));
    this.#advance(absentMs);
    this.#reconnect(pair);
  }

  #reconnect(pair: Pair): void {
    const resumes = this.#random.below(2) === 0;
    this.#twins.both(pair, (stage, who) => (resumes ? stage.resume(who) : stage.enter(who)));
  }

  /** A second window, or the same one again before the first is known to be gone. */
  #reload(pair: Pair | undefined): void {
    if (pair !== undefined) this.#reconnect(pair);
  }

  #everybodyGoes(): void {
    const here = this.#connected;
    for (const pair of here) this.#twins.both(pair, (stage, who) => stage.cut(who));
    this.#advance(this.#random.below(60_000));
    this.#twins.sleep();
    for (const pair of here) this.#reconnect(pair);
  }

  /** Nobody does anything: a little while, or until the rules' own clock strikes. */
  #wait(): void {
    const due = this.#twins.first.room.dueAt - this.#twins.now;
    this.#advance(this.#pick([100, 1000, 10_000, Number.isFinite(due) ? due : 1000]) ?? 0);
  }

  /** The same move in both rooms, whether it makes sense or not. */
  #send(pair: Pair | undefined, move: Value | undefined): void {
    if (pair !== undefined && move !== undefined) this.#twins.move(pair, move, move);
  }

  /** The first seat, in random order, that has a move plays it; if none has, time passes. */
  #play(): void {
    for (const pair of this.#random.shuffle(this.#connected)) {
      const [{ seat, view, rows: seen }, { view: other }] = pair;
      if (typeof seat !== "number" || view === undefined) continue;
      const move = this.#players.move({ view, rows: (component) => seen.of(component), seat, random: this.#random });
      if (move === null) continue;
      this.#played.push(move);
      return this.#twins.move(pair, move, this.#varied({ move, view, other: other ?? view, seat }));
    }
    // Where people push, time passes by itself.
    if (this.#players.push === undefined) this.#wait();
  }

  /** Everybody who wants to pushes: in rooms that tick that is what happens most. */
  #push(push: NonNullable<Players["push"]>): void {
    for (const pair of this.#random.shuffle(this.#connected)) {
      const [{ seat, view, rows: seen }] = pair;
      if (typeof seat !== "number") continue;
      const wanted = push({ view, rows: (component) => seen.of(component), seat, random: this.#random });
      if (wanted === null) continue;
      const other = this.#holders.has(seat) ? this.#players.varyPush?.({ wanted, seat, random: this.#random }) : null;
      this.#twins.push(pair, wanted, other ?? wanted);
    }
  }

  /** Three times of four, so that a secret differs from the first move on or from a later one. */
  #varied(o: { move: Value; view: Value; other: Value; seat: number }): Value {
    // Judged by views that a waiting move is about to change, another secret might be refused where this one is not.
    if (!this.#viewsAreNew || !this.#holders.has(o.seat) || this.#random.below(4) === 0) return o.move;
    return this.#players.vary({ ...o, random: this.#random }) ?? o.move;
  }
}
