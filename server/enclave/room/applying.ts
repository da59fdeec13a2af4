/** What a room is told, applied to its course: one input after the other, in the order in which they were recorded. */
import type { Arrival } from "#contract/abi.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { Manifest } from "#protocol/manifest.ts";
import type { OutcomeEntry } from "#protocol/message.ts";
import type { Arrivals } from "./arrivals.ts";
import type { RoomInput } from "./inputs.ts";
import { asPlayer, type Member, type Members } from "./members.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Rules } from "./rules.ts";
import type { Upgrades } from "./upgrades.ts";
import type { Views } from "./views.ts";

export interface ApplyingSetup {
  readonly manifest: Manifest;
  readonly rules: Rules;
  readonly members: Members;
  readonly outcomes: Outcomes;
  readonly arrivals: Arrivals;
  readonly views: Views;
  readonly upgrades: Upgrades;
}

/** How a move was answered. */
export interface Answered {
  readonly player: PlayerId;
  readonly outcome: OutcomeEntry;
}

/** What of it outlasts a worker. */
export interface SavedApplying {
  readonly started: boolean;
  readonly watched: boolean;
  readonly invite: Uint8Array | null;
  /** Missing: not everybody has, or nobody was asked. */
  readonly endShown?: true;
}

type Input<Kind extends RoomInput["input"]> = Extract<RoomInput, { input: Kind }>;

export class Applying {
  readonly #setup: ApplyingSetup;
  #started: boolean;
  #watched: boolean;
  #invite: Uint8Array | undefined;
  #endShown: boolean;
  #answered: Answered[] = [];

  constructor(setup: ApplyingSetup, saved?: SavedApplying) {
    this.#setup = setup;
    this.#started = saved?.started ?? false;
    this.#watched = saved?.watched ?? false;
    this.#invite = saved?.invite ?? undefined;
    this.#endShown = saved?.endShown ?? false;
  }

  /** Whether enough players have sat down. */
  get started(): boolean {
    return this.#started;
  }

  /** Whether somebody watches, as far as it was told. */
  get watched(): boolean {
    return this.#watched;
  }

  /** The invitation that is needed; undefined if none is. */
  get invite(): Uint8Array | undefined {
    return this.#invite;
  }

  /** Whether everybody who sat there has shown that they keep the end. */
  get endShown(): boolean {
    return this.#endShown;
  }

  /** How moves were answered since this was last asked. */
  takeAnswered(): readonly Answered[] {
    const answered = this.#answered;
    this.#answered = [];
    return answered;
  }

  apply(tick: number, input: RoomInput): void {
    const { rules, upgrades } = this.#setup;
    switch (input.input) {
      case "move":
        return this.#move(tick, input);
      case "watched":
        this.#watched = input.watched;
        return;
      case "locked":
        this.#invite = input.invite;
        return;
      case "abandon":
        return this.#abandon(tick, input.absent);
      case "upgrade":
        return upgrades.announce(tick, input.upgrade);
      case "answer":
        return rules.answer(tick, input.id, input.answer);
      case "items":
        return this.#items(tick, input);
      case "consumed":
        return rules.consumed(tick, input.n, input.refused);
      case "kept":
        if (input.version === null) rules.kept.overtaken(input.player);
        else rules.kept.arrived(input.player, input.version);
        return;
      case "released":
        return;
      case "shown":
        this.#endShown = true;
        return;
      case "join":
        return this.#join(tick, input);
      case "leave":
      case "dropped":
      case "returned":
        return this.#presence(tick, input);
    }
  }

  get #over(): boolean {
    return this.#setup.rules.ended !== null;
  }

  #items(tick: number, { player, items }: Input<"items">): void {
    const { members, rules } = this.#setup;
    const member = members.of(player);
    if (member !== undefined) rules.told(tick, asPlayer(member), items);
  }

  #move(tick: number, { player, n, move }: Input<"move">): void {
    const { members, rules } = this.#setup;
    const member = members.of(player);
    if (this.#over) return this.#answer(player, n, "The game is over.");
    if (member === undefined) return this.#answer(player, n, "You are watching.");
    const answer = rules.record({ call: "move", tick, player: asPlayer(member), move });
    this.#answer(player, n, answer?.answer === "done" ? answer.reason : "The rules failed on this move.");
  }

  #answer(player: PlayerId, n: number, reason: string | null): void {
    const outcome: OutcomeEntry = [n, reason];
    this.#setup.outcomes.add(player, outcome);
    this.#answered.push({ player, outcome });
  }

  #join(tick: number, { player, seat, name, entropy, baggage }: Input<"join">): void {
    const { manifest, members, outcomes, arrivals, rules } = this.#setup;
    const { record, moderator } = baggage ?? {};
    const arrival = arrivals.use(baggage?.arrival);
    const { pauseMs: pauseLeftMs } = manifest;
    members.set({ id: player, seat, name, present: true, pauseLeftMs, ...origin(arrival) });
    outcomes.seated(player);
    if (record !== undefined) rules.kept.met(player, record.version);
    if (this.#over) return;
    // Whoever left at this very boundary has something newer under way than what was read before it.
    const kept = record === undefined ? undefined : (rules.kept.pending(player) ?? record.value);
    rules.join(tick, { id: player, seat }, entropy, {
      ...(kept === undefined ? {} : { record: kept }),
      ...(arrival === undefined ? {} : { arrival }),
      ...(moderator === undefined ? {} : { moderator }),
    });
    if (members.size >= manifest.players.min) this.#started = true;
  }

  #presence(tick: number, input: Input<"leave" | "dropped" | "returned">): void {
    const { members, outcomes, arrivals, rules, views } = this.#setup;
    const member = members.of(input.player);
    if (member === undefined) return;
    const arrival = input.input === "returned" ? arrivals.use(input.arrival) : undefined;
    if (input.input === "leave") {
      members.remove(member);
      outcomes.unseated(member.id);
      views.forget(member.seat);
    } else {
      const { pauseLeftMs } = input;
      members.set({ ...member, present: input.input === "returned", pauseLeftMs, ...origin(arrival) });
    }
    if (!this.#over) {
      const call = { call: input.input, tick, player: asPlayer(member) };
      rules.record(arrival === undefined ? call : { ...call, call: "returned", arrival });
    }
    // After the rules: they may have taken the focus off whoever has gone.
    if (input.input === "leave") rules.viewpoints.forget(member.id);
  }

  #abandon(tick: number, absent: readonly PlayerId[]): void {
    const { members, rules } = this.#setup;
    if (this.#over) return;
    const away = members.all().filter(({ id }) => absent.includes(id));
    rules.abandon(tick, away.map(asPlayer));
  }
}

/** Whoever was let through is let back one day; whoever comes back is where they belong. */
const origin = (arrival: Arrival | undefined): Pick<Member, "from"> =>
  arrival === undefined || arrival.back !== null ? {} : { from: { room: arrival.room, contract: arrival.contract } };
