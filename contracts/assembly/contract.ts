/** What a contract author writes. One class: what the room is, and rules that change its fields, which are the state. */
import { Context, MoveContext } from "./context";
import { Value } from "./value";
import { Writer } from "./writer";

export class Seats {
  min: i32 = 1;
  max: i32 = 1;
}

/** What a room may be created with: a name and its values, the first being the default. */
export class Option {
  name: string = "";
  values: string[] = [];
}

/** A form of a collection's items: a picture, and where it is worn. */
export class Resource {
  constructor(
    readonly id: string,
    /** Of items with this symbol; "" for all. */
    readonly symbol: string,
    /** "ipfs://…" or "https://…" */
    readonly src: string,
    /** A base of the world's owner by its symbol, ".", one of its slots; "" for nowhere. */
    readonly slot: string = "",
  ) {}
}

/** A collection of items that the rules award: its symbol, how many there may ever be, and what describes it. */
export class Collection {
  constructor(
    readonly symbol: string,
    readonly max: i32,
    /** "ipfs://…" or "https://…" */
    readonly metadata: string,
    /** Forms that its items get. */
    readonly resources: Resource[] = [],
  ) {}
}

/** What a contract declares. Everything but name and players has a default. */
export class Manifest {
  /** Lower-case letters, digits and dashes. */
  name: string = "";
  players: Seats = new Seats();
  spectators: i32 = 100;
  /** "turns" or "ticks". */
  pace: string = "turns";
  /** Ticks per second for "ticks". */
  hz: i32 = 20;
  /** "all" or "any"; default "all" for up to 8 seats, else "any". */
  presence: string = "";
  /** "at-end": when the rules have ended a room, everybody may read its log. Otherwise nobody ever does. */
  reveal: string = "";
  /** Places outside that the rules may ask, such as "https://api.example/scores/". */
  requests: string[] = [];
  /** Whether something is kept for players, by `context.record`. */
  records: bool = false;
  /** Whether the rules are told what players own. */
  items: bool = false;
  /** Collections of items that the rules award. */
  collections: Collection[] = [];
  /** For "ticks": the component that players write, one row a tick into the row of their seat. */
  input: string = "";
  /** How long a dropped player's seat is held. */
  graceMs: i32 = 60000;
  /** How long one player's absences may pause the room in total. */
  pauseMs: i32 = 180000;
  options: Option[] = [];
  /** Size of every frame to a viewer; default 1024 for "turns", padded to buckets (0) for "ticks". */
  frameBytes: i32 = -1;
  /** Pages of 64 KiB. */
  memoryPages: i32 = 256;
  /** Work one call may cost. */
  fuel: i32 = 5000000;
}

export class Player {
  constructor(
    /** The same in every room of the world. 32 hex digits. */
    readonly id: string,
    /** 0 to `players.max - 1`. */
    readonly seat: i32,
  ) {}
}

export class Viewer {
  constructor(
    /** Null for a spectator. */
    readonly player: Player | null,
  ) {}

  get isPlayer(): bool {
    return this.player !== null;
  }

  /** -1 for a spectator. */
  get seat(): i32 {
    const player = this.player;
    return player === null ? -1 : player.seat;
  }

  /** "" for a spectator. */
  get id(): string {
    const player = this.player;
    return player === null ? "" : player.id;
  }
}

export class Timer {
  constructor(
    readonly name: string,
    readonly payload: Value,
  ) {}
}

/** What came of a request. */
export class Answer {
  constructor(
    readonly id: string,
    /** Why there is no answer: "unreachable", "interrupted" …; "" if there is one. */
    readonly failed: string,
    readonly status: i32,
    readonly contentType: string,
    /** `String.UTF8.decode(answer.body.buffer)` is its text. */
    readonly body: Uint8Array,
  ) {}
}

/** An item that was to be used up. */
export class Use {
  constructor(
    /** Whose it was to be, by id; that player may have left meanwhile. */
    readonly player: string,
    readonly item: string,
    /** Why it is not used up: "item-used", "not-owner" …; "" if it is. */
    readonly refused: string,
  ) {}
}

/** A rule's answer to a move. */
export class Outcome {
  constructor(
    /** Null: the move is accepted. */
    readonly reason: string | null,
  ) {}
}

const accepted = new Outcome(null);

export function accept(): Outcome {
  return accepted;
}

/** Said to the player who moved. Drops the move's effects and draws; come here before the first write. */
export function refuse(reason: string): Outcome {
  return new Outcome(reason);
}

/** A contract of any moves, as the runtime holds it. Authors extend `Contract`. */
export abstract class Rules {
  abstract describe(): Manifest;
  abstract move(move: Value, context: MoveContext): Outcome;

  /** Fills in the first state. */
  abstract open(context: Context): void;
  /** Somebody took a seat. The room plays once `players.min` are seated; a seat given up before that is free again. */
  join(player: Player, context: Context): void {}
  /** Somebody gave up the seat, or did not return in time. */
  leave(player: Player, context: Context): void {}
  /** Somebody's connection was lost. The seat is held; an `all` room pauses. */
  dropped(player: Player, context: Context): void {}
  /** Somebody who had dropped is back. */
  returned(player: Player, context: Context): void {}
  tick(context: Context): void {}
  timer(timer: Timer, context: Context): void {}
  /** What came of a request, once. */
  answer(answer: Answer, context: Context): void {}

  /**
   * What a player owns on the world's chain is known, or different: a list of maps with `id`, `collection`, `symbol`,
   * `metadata`, `inside` and `slot`; nothing: it is not known now, and whoever gates by it lets nobody through. Told to
   * contracts whose manifest says `items`.
   */
  items(_player: Player, _items: Value, _context: Context): void {}
  /** Whether an item is used up, once for each that was to be. What is not, is as it was. */
  consumed(_use: Use, _context: Context): void {}
  /** The room ends because these stayed away. `context.result()` writes the result, in which nothing hidden may be. */
  abandon(absent: Player[], context: Context): void {}
  /** Writes what the rules that follow these are handed, secrets included; at most 60 KB. No others can follow rules without it. */
  save(out: Writer): void {
    throw new Error("these rules have no save: no others can follow them");
  }
  /**
   * Fills in the state from what earlier rules of the room's lineage saved. Runs once, instead of `open`; whoever is seated
   * then is in `context.players`, and timers go on. Rules without it follow no others.
   */
  migrate(saved: Value, context: Context): void {
    throw new Error("these rules have no migrate: they follow no others");
  }
  /** Writes what one viewer may see, built up field by field. Must not change the state. */
  abstract view(viewer: Viewer, out: Writer): void;
}

export abstract class Contract<Move> extends Rules {
  /** Reads a move as it came from a player. What is wrong with it is noted by `Value`, and `apply` is not called then. */
  abstract parse(move: Value): Move;
  /** Refuse before the first write. */
  abstract apply(move: Move, context: MoveContext): Outcome;

  move(move: Value, context: MoveContext): Outcome {
    const parsed = this.parse(move);
    const problem = context.problem();
    return problem == "" ? this.apply(parsed, context) : refuse(problem);
  }
}
