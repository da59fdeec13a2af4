/** One visit to one arena, as signals that the page draws: from the first attempt to connect until the line is closed. */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import { ClientError } from "#client/errors.ts";
import type { Input, PredictionErrors } from "#client/input/input.ts";
import type { Predictor } from "#client/input/predictor.ts";
import type { JoinOptions } from "#client/join-options.ts";
import { showOverlay } from "#client/overlay.ts";
import type { Room } from "#client/room.ts";
import type { Shield } from "#client/shield.ts";
import type { RosterEntry, Status } from "#protocol/message.ts";
import { Fighter, Find, Gear, Push, Shot } from "#skirmish/components.ts";
import type { Move, View } from "#skirmish/terms.ts";
import type { Visited } from "#kit/shield/proof.ts";
import type { Wish } from "#kit/wish.ts";
import type { Rows } from "./arena/scene.ts";

/** Steps of getting in, then how things are. */
export type Step = "reaching" | "checking" | "joining" | "joined" | "reconnecting" | "closed";

export type Arena = Room<View, Move>;

/** What a visit needs to know to get in. */
export interface Entrance {
  readonly join: (wish: Wish, given: Pick<JoinOptions, "onStep" | "signal">) => Promise<Arena>;
  /** Undefined where there is none: then one's own steps are shown when the room has taken them. */
  readonly predictor: () => Promise<Predictor | undefined>;
  /** Whether the page says how the line is. */
  readonly figures: boolean;
}

const nobody: Status = { phase: "open", waiting: [], spectators: 0, ended: null };

export class Visit {
  readonly wish: Wish;
  readonly #entrance: Entrance;
  readonly #giveUp = new AbortController();
  readonly #step = signal<Step>("reaching");
  readonly #failure = signal<ClientError | null>(null);
  readonly #shield = signal<Shield | null>(null);
  readonly #view = signal<View | null>(null);
  readonly #status = signal<Status>(nobody);
  readonly #roster = signal<readonly RosterEntry[]>([]);
  readonly #medals = signal(0);
  #room: Arena | undefined;
  #input: Input<typeof Push> | undefined;
  #hideFigures = (): void => undefined;

  readonly step: ReadonlySignal<Step> = this.#step;
  /** Why there is no connection any more, or never was one. */
  readonly failure: ReadonlySignal<ClientError | null> = this.#failure;
  readonly shield: ReadonlySignal<Shield | null> = this.#shield;
  readonly view: ReadonlySignal<View | null> = this.#view;
  readonly status: ReadonlySignal<Status> = this.#status;
  readonly roster: ReadonlySignal<readonly RosterEntry[]> = this.#roster;
  /** Earned during this visit. */
  readonly medals: ReadonlySignal<number> = this.#medals;

  constructor(wish: Wish, entrance: Entrance) {
    this.wish = wish;
    this.#entrance = entrance;
  }

  /** Joins the room. Never rejects: `failure` says why not. */
  async enter(): Promise<void> {
    try {
      const predictor = await this.#entrance.predictor();
      const room = await this.#entrance.join(this.wish, {
        signal: this.#giveUp.signal,
        onStep: (step) => {
          this.#step.value = step;
        },
      });
      if (this.#giveUp.signal.aborted) room.close();
      else this.#follow(room, predictor);
    } catch (error) {
      if (this.#giveUp.signal.aborted) return;
      this.#fail(error instanceof ClientError ? error : new ClientError("unreachable", { cause: error }));
    }
  }

  /** Null for spectators, and before the room is joined. */
  get seat(): number | null {
    return this.#room?.seat ?? null;
  }

  get presence(): "all" | "any" | null {
    return this.#room?.presence ?? null;
  }

  /** As far as the shield shows it. */
  get visited(): Visited {
    return {
      failure: this.#failure.value,
      shield: this.#shield.value,
      status: this.#status.value,
      presence: this.presence,
      step: this.#step.value,
    };
  }

  get hz(): number {
    return this.#room?.hz ?? 20;
  }

  /** Undefined for spectators. */
  get input(): Input<typeof Push> | undefined {
    return this.#input;
  }

  /** How far one's own predicted steps were off, in metres; undefined where nothing is predicted. */
  get errors(): PredictionErrors | undefined {
    return this.#input?.prediction?.errors;
  }

  get rows(): Rows | undefined {
    const room = this.#room;
    if (room === undefined) return undefined;
    return {
      fighters: room.entities(Fighter),
      shots: room.entities(Shot),
      finds: room.entities(Find),
      gear: room.entities(Gear),
    };
  }

  tickNow(): number {
    return this.#room?.tickNow() ?? 0;
  }

  nameOf(seat: number): string {
    const entry = this.#roster.value.find((one) => one.seat === seat);
    return entry === undefined || entry.name === "" ? `Fighter ${seat + 1}` : entry.name;
  }

  retryNow(): void {
    this.#room?.retryNow();
  }

  async leave(): Promise<void> {
    await this.#room?.leave();
    this.close();
  }

  close(): void {
    this.#giveUp.abort();
    this.#hideFigures();
    this.#room?.close();
  }

  #follow(room: Arena, predictor: Predictor | undefined): void {
    this.#room = room;
    if (room.seat !== null) this.#input = room.input(Push, predictor === undefined ? {} : { predictor });
    if (this.#entrance.figures)
      this.#hideFigures = showOverlay(room, this.#input === undefined ? {} : { input: this.#input });
    batch(() => {
      this.#shield.value = room.shield;
      this.#view.value = room.view;
      this.#status.value = room.status;
      this.#roster.value = room.roster;
      this.#step.value = "joined";
    });
    room.on("view", (view) => (this.#view.value = view));
    room.on("status", (status) => (this.#status.value = status));
    room.on("roster", (roster) => (this.#roster.value = roster));
    room.on("award", () => (this.#medals.value += 1));
    room.on("shield", (shield) => (this.#shield.value = shield));
    room.on("connection", (connection) => {
      if (connection !== "closed") this.#step.value = connection;
    });
    room.on("closed", (error) => this.#fail(error));
  }

  #fail(error: ClientError): void {
    if (this.#giveUp.signal.aborted) return;
    batch(() => {
      this.#failure.value = error;
      if (error.shield !== undefined) this.#shield.value = error.shield;
      this.#step.value = "closed";
    });
  }
}
