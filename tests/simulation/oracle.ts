/**
 * Knows everything that everybody was told, and says at once when two of these things cannot both be true.
 *
 * A store that lies is a store whose host went back or forked since a player was last told something; what is demanded
 * then is less: not that nothing is lost, but that nobody who knows better is told otherwise.
 */
import type { MoveOutcome } from "#client/room.ts";
import type { PlayerId } from "#protocol/identity.ts";
import type { WorkerMessage } from "#protocol/message.ts";
import type { Witness } from "#protocol/witness.ts";
import type { ConnectionId } from "#enclave/room/audience.ts";
import { movedOn } from "#enclave/room/moves.ts";
import type { HostedRoom } from "#enclave/rooms.ts";
import type { Call } from "#contract/abi.ts";
import type { VirtualTime } from "../client/virtual-time.ts";
import type { Bot } from "./bot.ts";
import type { Earned, Put, Puts } from "./rules.ts";
import type { WorkerObserver } from "./worker.ts";

interface Ledger {
  readonly accepted: Set<number>;
  readonly refused: Set<number>;
  /** Accepted before its device kept its newest witness: what it can prove. */
  proven: ReadonlySet<number>;
  /** Accepted by an opening of which no witness came any more, and not seen since: the next one may not know of it. */
  readonly doubtful: Set<number>;
  /** Of the witness that was kept last. */
  term: number;
}

export class Oracle implements WorkerObserver {
  /** Why this run is wrong, the first reason first. */
  readonly violations: string[] = [];
  readonly events = new Map<string, number>();
  readonly seats = new Set<Bot>();
  /** The host has shown somebody another history than that of which players were told. */
  lied = false;
  readonly #time: VirtualTime;
  readonly #presence: "all" | "any";
  readonly #ledgers = new Map<Bot, Ledger>();
  readonly #rewards = new Set<string>();
  /** Players in each copy of the room, by connection. */
  readonly #present = new Map<HostedRoom, Map<ConnectionId, PlayerId>>();
  /** Everybody who was ever in a copy. */
  readonly #met = new Map<HostedRoom, Set<PlayerId>>();
  #stepping: HostedRoom | undefined;
  acknowledgements = 0;

  constructor(time: VirtualTime, presence: "all" | "any") {
    this.#time = time;
    this.#presence = presence;
  }

  wrong(what: string): void {
    this.violations.push(`after ${this.#time.now()} ms: ${what}`);
  }

  // What players are told

  seated(bot: Bot): void {
    if (bot.seat !== null) this.seats.add(bot);
  }

  acknowledged(bot: Bot, { put, how }: Put, outcome: MoveOutcome): void {
    this.acknowledgements += 1;
    const { accepted, refused } = this.ledger(bot);
    if (outcome.accepted) accepted.add(put);
    else refused.add(put);
    // A window that was behind another one of its player is told so: the move was not made, and it knows.
    if (!outcome.accepted && outcome.reason === movedOn) return this.event("moved-on");
    // Whoever comes back without a seat has it answered so, whatever it was.
    if (!outcome.accepted && outcome.reason === "You are watching." && bot.room?.seat === null) {
      return this.event("unseated");
    }
    const rules = outcome.accepted ? how !== "refuse" && how !== "boom" : how === "refuse" || how === "boom";
    if (!rules && !(outcome.accepted === false && outcome.reason === "The game is over.")) {
      this.wrong(`${bot.name} was told of ${put} (${how}) what the rules do not say: ${JSON.stringify(outcome)}`);
    }
  }

  saw(bot: Bot, { puts }: Puts): void {
    const { player } = bot;
    if (player === undefined) return;
    for (const [owner, numbers] of Object.entries(puts)) {
      if (numbers.some((put, i) => i > 0 && put <= numbers[i - 1]!)) {
        this.wrong(`${bot.name} sees moves of ${owner} twice or out of order: ${numbers.join(" ")}`);
      }
    }
    const mine = new Set(puts[player] ?? []);
    const { accepted, refused, proven, doubtful } = this.ledger(bot);
    for (const put of mine) doubtful.delete(put);
    // On another branch other things were refused.
    if (!this.lied)
      for (const put of refused) if (mine.has(put)) this.wrong(`${bot.name} sees ${put}, which was refused`);
    for (const put of this.#believed ? accepted : proven) {
      if (mine.has(put)) continue;
      return this.wrong(`${bot.name} was told that ${put} counts, and is shown a room without it`);
    }
  }

  /** Its device has kept a witness. */
  remembers(bot: Bot, { term }: Witness): void {
    const ledger = this.ledger(bot);
    const { accepted, proven, doubtful } = ledger;
    if (term !== ledger.term) for (const put of accepted) if (!proven.has(put)) doubtful.add(put);
    ledger.term = term;
    ledger.proven = new Set([...accepted].filter((put) => !doubtful.has(put)));
  }

  earned(bot: Bot, once: string): void {
    this.event("award");
    const key = `${bot.name} ${once}`;
    if (this.#believed && this.#rewards.has(key)) this.wrong(`${bot.name} got the reward for ${once} twice`);
    this.#rewards.add(key);
  }

  ledger(bot: Bot): Ledger {
    let ledger = this.#ledgers.get(bot);
    if (ledger === undefined) {
      ledger = { accepted: new Set(), refused: new Set(), proven: new Set(), doubtful: new Set(), term: 0 };
      this.#ledgers.set(bot, ledger);
    }
    return ledger;
  }

  // What copies of a room do

  said(copy: HostedRoom, _: ConnectionId, message: WorkerMessage): void {
    if (message.type !== "update") return;
    for (const { item } of message.awards ?? []) this.#rewarded(item as Earned);
    if (copy.contract.manifest.presence !== "all") return;
    if (message.patch === undefined && message.sent === undefined && message.awards === undefined) return;
    const met = this.#met.get(copy);
    for (const { player, name } of this.seats) {
      if (met?.has(player as PlayerId) !== true) this.wrong(`a copy shows something that ${name} was never in`);
    }
  }

  /** A reward is said on the branch on which everything counts that players know to count, and on no other. */
  #rewarded(earned: Earned): void {
    if (!this.#believed) return;
    for (const bot of this.seats) {
      const newest = Math.max(0, ...this.ledger(bot).accepted);
      if ((earned[bot.player!] ?? 0) < newest) this.wrong(`a reward is given where ${newest} of ${bot.name} never was`);
    }
  }

  /**
   * Whether nothing that players were told may be missing, though the host may have lied: rooms of all hand out witnesses
   * in front of everything else, others once a second.
   */
  get #believed(): boolean {
    return !this.lied || this.#presence === "all";
  }

  entered(copy: HostedRoom, connection: ConnectionId, player: PlayerId): void {
    const present = mapOf(this.#present, copy, () => new Map<ConnectionId, PlayerId>());
    // The newest window has the seat.
    for (const [other, who] of present) if (who === player) present.delete(other);
    present.set(connection, player);
    mapOf(this.#met, copy, () => new Set<PlayerId>()).add(player);
  }

  left(copy: HostedRoom, connection: ConnectionId): void {
    this.#present.get(copy)?.delete(connection);
  }

  stepping(copy: HostedRoom): void {
    this.#stepping = copy;
  }

  stepped(): void {
    this.#stepping = undefined;
  }

  /** A contract is called. While a room of all is stepped, everybody who sits in it must be in this very copy. */
  called({ call }: Call): void {
    const copy = this.#stepping;
    if (copy === undefined || copy.contract.manifest.presence !== "all" || !applying.has(call)) return;
    const here = new Set(this.#present.get(copy)?.values());
    for (const { player, name } of this.seats) {
      if (!here.has(player as PlayerId)) this.wrong(`a copy without ${name} goes on: ${call}`);
    }
  }

  event(name: string): void {
    this.events.set(name, (this.events.get(name) ?? 0) + 1);
  }

  bug(error: unknown): void {
    this.wrong(`a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

const applying: ReadonlySet<string> = new Set(["move", "timer", "tick", "view"]);

function mapOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
