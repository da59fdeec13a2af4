/** Two bots who play one written game against each other, and how long each waits to see what the other did. */
import type { Seat } from "../../contracts/dot4/dot4.ts";
import type { Player } from "./player.ts";
import { boardAfter, byRole, type Script } from "./script.ts";
import { until } from "./until.ts";

export interface Pace {
  /** Between two moves of this table. */
  readonly intervalMs: number;
  /** Before the first. */
  readonly delayMs: number;
}

export interface TableListener {
  /** Somebody saw the other's drop so many ms after it was made. */
  seen(ms: number): void;
}

/** While other tables are still being seated: often enough for the clock of 30 s, and costing few of the game's moves. */
const waitingMs = 15_000;

export class Table {
  readonly #script: Script;
  /** The beginner first. */
  readonly #players: readonly [Player, Player];
  readonly #beginner: Seat;
  #drops = 0;
  #movedAt = 0;
  #dueAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pace: Pace | undefined;
  #listener: TableListener | undefined;

  private constructor(players: readonly [Player, Player], beginner: Seat, script: Script) {
    this.#players = players;
    this.#beginner = beginner;
    this.#script = script;
  }

  /** Both have sat down; resolves once both have hidden their bombs and know it. From then on they play very slowly. */
  static async begin(pair: readonly [Player, Player], script: Script): Promise<Table> {
    await Promise.all(pair.map((player) => until(player, () => player.progress.phase === "placing")));
    const beginner = pair[0].progress.turn!;
    const first = pair.find(({ seat }) => seat === beginner)!;
    const other = pair.find(({ seat }) => seat !== beginner)!;
    const table = new Table([first, other], beginner, script);
    first.move(script.bombs[0]);
    other.move(script.bombs[1]);
    await Promise.all(pair.map((player) => until(player, () => player.progress.phase === "playing")));
    first.onProgress(() => table.#look(first));
    other.onProgress(() => table.#look(other));
    table.play({ intervalMs: waitingMs, delayMs: waitingMs }, { seen: () => undefined });
    return table;
  }

  get drops(): number {
    return this.#drops;
  }

  /** Plays on at this pace until the script ends or `stop` is called. */
  play(pace: Pace, listener: TableListener): void {
    this.#pace = pace;
    this.#listener = listener;
    this.#dueAt = performance.now() + pace.delayMs;
    // A move that nobody has seen yet is followed by the next once it is seen.
    if (this.#movedAt === 0) this.#wait();
  }

  stop(): void {
    this.#pace = undefined;
    clearTimeout(this.#timer);
  }

  /** Resolves once both have seen the last drop. @throws if what they see is not what the rules say. */
  async check(): Promise<void> {
    await Promise.all(this.#players.map((player) => until(player, () => player.progress.drops === this.#drops)));
    const expected = JSON.stringify(boardAfter(this.#script, this.#drops));
    for (const player of this.#players) {
      const shown = JSON.stringify(byRole(player.board, this.#beginner));
      if (shown !== expected) throw new Error(`after ${this.#drops} drops a board is ${shown} instead of ${expected}`);
    }
  }

  close(): void {
    this.stop();
    for (const player of this.#players) player.close();
  }

  #wait(): void {
    // Late is late: what was missed is not made up for with a burst.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#move(), Math.max(0, this.#dueAt - performance.now()));
  }

  #move(): void {
    const drop = this.#script.drops[this.#drops];
    if (drop === undefined) return;
    const mover = this.#players[this.#drops % 2]!;
    this.#drops += 1;
    this.#movedAt = performance.now();
    mover.move(drop);
  }

  #look(player: Player): void {
    const opponent = this.#players[this.#drops % 2]!;
    if (player !== opponent || this.#movedAt === 0 || player.progress.drops !== this.#drops) return;
    const now = performance.now();
    this.#listener?.seen(now - this.#movedAt);
    this.#movedAt = 0;
    if (this.#pace === undefined) return;
    this.#dueAt = Math.max(now, this.#dueAt + this.#pace.intervalMs);
    this.#wait();
  }
}
