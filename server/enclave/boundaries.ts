/**
 * Time for rooms: each is stepped when it is due and its turn has come, and then everything they said leaves at once.
 * A room that is halted is not stepped, whatever happens to it.
 */
import type { HostedRoom } from "./rooms.ts";
import { Turns } from "./turns.ts";

export interface BoundariesSetup {
  /** Whether this room is still here. */
  readonly here: (room: HostedRoom) => boolean;
  /** Does what is due in a room. @param hurried missed ticks are not caught up. */
  readonly step: (room: HostedRoom, now: number, hurried: boolean) => void;
  /** A room was stepped. It may be halted now. */
  readonly stepped: (room: HostedRoom) => void;
  /** Rooms have spoken: their words may leave. */
  readonly spoken: () => void;
  /** A boundary failed, which is our fault and not the contract's. */
  readonly failed: (room: HostedRoom, error: unknown) => void;
  /** Boundaries were so much too late, in ms. */
  readonly late: (lateMs: number) => void;
  /** Between one room and the next. */
  readonly beat: () => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** Processor time of this thread, in ms. */
  readonly spent: () => number;
}

/** A boundary later than this is worth a line in the log: somebody held the processor. */
const lateMs = 250;

/** Node's timers take no longer than this. */
const timerMax = 2 ** 31 - 1;

export class Boundaries {
  readonly #setup: BoundariesSetup;
  readonly #turns: Turns<HostedRoom>;
  readonly #halted = new WeakSet<HostedRoom>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(setup: BoundariesSetup) {
    this.#setup = setup;
    this.#turns = new Turns(setup.now, setup.spent);
  }

  /** Rooms that lost ticks because theirs take too long, since this was last asked. */
  takeHeldBack(): ReadonlySet<HostedRoom> {
    return this.#turns.takeHeldBack();
  }

  /** A room may have work now. */
  touch(hosted: HostedRoom): void {
    if (this.#halted.has(hosted)) return;
    const now = this.#setup.now();
    // Otherwise whoever spoke between the moment and its timer would put the boundary off to the next one, for everybody.
    if (this.#turns.isDue(hosted, now)) return;
    this.#turns.set(hosted, boundaryAfter(hosted, now));
    this.#arm();
  }

  /** This room is stepped no more. */
  halt(hosted: HostedRoom): void {
    this.#halted.add(hosted);
    this.#turns.delete(hosted);
  }

  forget(hosted: HostedRoom): void {
    this.#turns.delete(hosted);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const { next } = this.#turns;
    if (next >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next;
    // Rounding down would only make us look twice.
    const delay = Math.min(Math.max(0, Math.ceil(next - this.#setup.now())), timerMax);
    this.#timer = setTimeout(() => this.#step(), delay);
  }

  #step(): void {
    const { now: clock, late, beat, here, spoken } = this.#setup;
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = clock();
    const turn = this.#turns.take(now, (hosted, hurried) => {
      this.#boundary(hosted, now, hurried);
      beat();
    });
    if (turn.lateMs > lateMs) late(Math.round(turn.lateMs));
    for (const hosted of turn.stepped) {
      this.#setup.stepped(hosted);
      if (here(hosted) && !this.#halted.has(hosted)) this.#turns.set(hosted, boundaryAfter(hosted, now));
    }
    spoken();
    this.#arm();
  }

  #boundary(hosted: HostedRoom, now: number, hurried: boolean): void {
    try {
      this.#setup.step(hosted, now, hurried);
    } catch (error) {
      this.#setup.failed(hosted, error);
    }
  }
}

/**
 * When a room is stepped next: never between its boundaries, also when it has been idle for long, so that the moment at
 * which frames leave does not tell when a move arrived.
 */
function boundaryAfter({ room }: HostedRoom, now: number): number {
  const due = room.dueAt;
  if (due >= now) return due;
  const gridMs = 1000 / room.manifest.hz;
  return due + Math.ceil((now - due) / gridMs) * gridMs;
}
