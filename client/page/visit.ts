/** One visit to one room, as signals that the page draws: from the first attempt to connect until the line is closed. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Account } from "#client/account.ts";
import { ClientError } from "#client/errors.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { MoveOutcome, Room } from "#client/room.ts";
import type { Shield } from "#client/shield.ts";
import type { Policy } from "#attestation/policy.ts";
import type { Seat } from "#dot4/board.ts";
import type { Move } from "#dot4/moves.ts";
import type { View } from "#dot4/view.ts";
import type { RosterEntry, Status } from "#protocol/message.ts";
import type { BuiltInLineage } from "#kit/built-in.ts";
import type { Visited } from "#kit/shield/proof.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { peopleOf, type Person } from "./game/people.ts";
import { tell, tellDrop } from "./game/story.ts";
import type { Wish } from "#kit/wish.ts";

/** Steps of getting in, then how things are. */
export type Stage = "reaching" | "checking" | "joining" | "joined" | "reconnecting" | "closed";

/** The only kind of room that this page draws. */
export type Dot4Room = Room<View, Move>;

/** What a visit needs to know to get in. */
export interface Entrance {
  /** The gateway's address. */
  readonly place: string;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  /** Where its rules may be upgraded. */
  readonly lineage: BuiltInLineage | undefined;
  readonly policy: Policy;
  readonly account: () => Promise<Account>;
  readonly name: string;
  readonly join: (url: string, options: JoinOptions) => Promise<Dot4Room>;
}

/** The newest sentences of the story that are kept on the page. */
const storyMax = 60;

/** Something that happened. */
export interface Told {
  readonly id: number;
  readonly sentence: string;
}

const nobody: Status = { phase: "open", waiting: [], spectators: 0, ended: null };

export class Visit {
  readonly wish: Wish;
  readonly #entrance: Entrance;
  readonly #giveUp = new AbortController();
  #room: Dot4Room | undefined;
  #told = 0;

  readonly #stage = signal<Stage>("reaching");
  readonly #failure = signal<ClientError | null>(null);
  readonly #shield = signal<Shield | null>(null);
  readonly #view = signal<View | null>(null);
  readonly #moving = signal(false);
  readonly #status = signal<Status>(nobody);
  readonly #statusAt = signal(0);
  readonly #roster = signal<readonly RosterEntry[]>([]);
  readonly #seat = signal<Seat | null>(null);
  readonly #locked = signal(false);
  readonly #presence = signal<"all" | "any" | null>(null);
  readonly #busy = signal(false);
  readonly #refusal = signal<string | null>(null);
  readonly #story = signal<readonly Told[]>([]);

  readonly stage: ReadonlySignal<Stage> = this.#stage;
  /** Why there is no connection any more, or never was one. */
  readonly failure: ReadonlySignal<ClientError | null> = this.#failure;
  readonly shield: ReadonlySignal<Shield | null> = this.#shield;
  readonly view: ReadonlySignal<View | null> = this.#view;
  /** Whether the newest drop happened before our eyes. */
  readonly moving: ReadonlySignal<boolean> = this.#moving;
  readonly status: ReadonlySignal<Status> = this.#status;
  /** When the status came, by `performance.now()`. */
  readonly statusAt: ReadonlySignal<number> = this.#statusAt;
  readonly seat: ReadonlySignal<Seat | null> = this.#seat;
  readonly locked: ReadonlySignal<boolean> = this.#locked;
  /** Whether the room goes on while players are away; null before it was joined. */
  readonly presence: ReadonlySignal<"all" | "any" | null> = this.#presence;
  /** A move is on its way and not answered yet. */
  readonly busy: ReadonlySignal<boolean> = this.#busy;
  /** The rule's reason for refusing the newest move. */
  readonly refusal: ReadonlySignal<string | null> = this.#refusal;
  readonly story: ReadonlySignal<readonly Told[]> = this.#story;
  readonly people: ReadonlySignal<readonly [Person, Person]> = computed(() =>
    peopleOf(this.#roster.value, this.#status.value, this.#seat.value),
  );

  constructor(wish: Wish, entrance: Entrance) {
    this.wish = wish;
    this.#entrance = entrance;
  }

  /** Joins the room. Never rejects: `failure` says why not. */
  async enter(): Promise<void> {
    const { place, world, contract, lineage, policy, account, name, join } = this.#entrance;
    const { room, want, invite, lock } = this.wish;
    try {
      const joined = await join(place, {
        room,
        world,
        contract,
        ...lineage,
        policy,
        account: await account(),
        want,
        name,
        ...(invite === undefined ? {} : { invite }),
        ...(lock === undefined ? {} : { lock }),
        signal: this.#giveUp.signal,
        onStep: (step) => {
          this.#stage.value = step;
        },
      });
      if (this.#giveUp.signal.aborted) joined.close();
      else this.#follow(joined);
    } catch (error) {
      if (this.#giveUp.signal.aborted) return;
      this.#fail(error instanceof ClientError ? error : new ClientError("unreachable", { cause: error }));
    }
  }

  /** As far as the shield shows it. */
  get visited(): Visited {
    return {
      failure: this.#failure.value,
      shield: this.#shield.value,
      status: this.#status.value,
      presence: this.#presence.value,
      step: this.#stage.value,
    };
  }

  /** The room's time in ticks, with fractions; it stands still while the room does. */
  tickNow(): number {
    return this.#room?.tickNow() ?? 0;
  }

  /** Whether this page can go on by these rules. @param contract hash, 32 bytes. */
  knows(contract: Uint8Array): boolean {
    return this.#entrance.lineage?.upgrades.some((known) => equalBytes(known, contract)) ?? false;
  }

  get hz(): number {
    return this.#room?.hz ?? 0;
  }

  /** Makes a move, one at a time. What the rules say against it goes to `refusal`. */
  async move(move: Move): Promise<void> {
    if (this.#room === undefined || this.#busy.value) return;
    this.#busy.value = true;
    this.#refusal.value = null;
    try {
      const outcome: MoveOutcome = await this.#room.move(move);
      if (!outcome.accepted) this.#refusal.value = outcome.reason;
    } catch (error) {
      this.#refusal.value = error instanceof ClientError ? error.sentence : "The move could not be sent.";
    } finally {
      this.#busy.value = false;
    }
  }

  retryNow(): void {
    this.#room?.retryNow();
  }

  /** Gives up the seat. */
  async leave(): Promise<void> {
    this.#giveUp.abort();
    await this.#room?.leave();
  }

  /** Disconnects and keeps the seat for as long as the room holds it. */
  close(): void {
    this.#giveUp.abort();
    this.#room?.close();
  }

  #follow(room: Dot4Room): void {
    this.#room = room;
    this.#shield.value = room.shield;
    this.#seat.value = room.seat === 0 || room.seat === 1 ? room.seat : null;
    this.#locked.value = room.locked;
    this.#presence.value = room.presence;
    this.#roster.value = room.roster;
    this.#view.value = room.view;
    this.#setStatus(room.status);
    // Somebody who comes back, or comes to watch, wants to know what happened last.
    if (room.view?.last) this.#tell([tellDrop(room.view.last, this.people.value)]);
    room.on("view", (next, previous) => this.#see(next, previous));
    room.on("status", (next) => this.#setStatus(next));
    room.on("roster", (next) => {
      this.#roster.value = next;
    });
    room.on("shield", (next) => {
      this.#shield.value = next;
    });
    room.on("connection", (next) => {
      this.#stage.value = next;
    });
    room.on("closed", (error) => this.#fail(error));
    this.#stage.value = room.connection;
    if (room.closed !== null) this.#fail(room.closed);
  }

  #see(next: View, previous: View | null): void {
    this.#moving.value = previous !== null && next.drops > previous.drops;
    this.#view.value = next;
    if (previous !== null && next.drops > previous.drops) this.#refusal.value = null;
    this.#tell(tell(previous, next, this.people.value));
  }

  #tell(sentences: readonly string[]): void {
    if (sentences.length === 0) return;
    const told = sentences.map((sentence) => ({ id: this.#told++, sentence }));
    this.#story.value = [...this.#story.value, ...told].slice(-storyMax);
  }

  #setStatus(next: Status): void {
    this.#status.value = next;
    this.#statusAt.value = performance.now();
  }

  #fail(error: ClientError): void {
    this.#failure.value = error;
    if (error.shield !== undefined) this.#shield.value = error.shield;
    this.#stage.value = "closed";
  }
}
