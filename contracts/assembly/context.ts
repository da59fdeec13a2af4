/** What a rule is handed for the length of one call. What it asks for is written into the output at once. */
import { Brought, effectsMax } from "./call";
import { Player } from "./contract";
import { Entity } from "./table-rows";
import { position, writeByte, writeText, writeWhole } from "./msgpack";
import { endParsing } from "./problems";
import { Random, random } from "./random";
import { Value } from "./value";
import { Writer, checkWhole, expectValue } from "./writer";

/** Longest name of a timer, award or request, in UTF-16 units; the host's limit. */
const nameMax: i32 = 64;

/** Longest id of an item, in UTF-16 units; the host's limit. */
const itemIdMax: i32 = 512;

/** All that a rule may know besides the state, and all that it may cause. */
export class Context {
  /** Everybody seated now, by seat: in `join` with the newcomer, in `leave` without who left. */
  players: Player[] = [];
  /** A choice for every option of the manifest. */
  options: Map<string, string> = new Map<string, string>();
  private now: i64 = 0;
  private hz: i32 = 0;
  private isOpen: bool = false;
  private effects: i32 = 0;
  private hasEnded: bool = false;
  private mayResult: bool = false;
  private resultFrom: usize = 0;
  private resultTo: usize = 0;
  private brought: Brought = new Brought();
  private left: i32 = effectsMax;

  /** Boundaries since the room opened. The only clock there is; it stands still while the room is paused. */
  get tick(): i64 {
    return this.now;
  }

  get random(): Random {
    return random;
  }

  /** Ticks in so many seconds at this room's pace, rounded up. */
  seconds(seconds: f64): i64 {
    // The subtraction keeps 1.1 s at 50 Hz at 55 ticks: the product is a little more than 55.
    return <i64>Math.ceil(seconds * this.hz - 1e-9);
  }

  /** Delivers a message, which is written next, to "everyone", "players" or "spectators". */
  send(to: string): Writer {
    this.begin("send", 3);
    writeText("to");
    writeText(to);
    return this.member("message");
  }

  sendTo(player: Player): Writer {
    this.begin("send", 3);
    writeText("to");
    writePlayer(player);
    return this.member("message");
  }

  /** Calls `timer` after so many ticks, at least one. A pending timer of the same name is replaced. */
  schedule(name: string, afterTicks: i64): void {
    this.scheduleWith(name, afterTicks).nothing();
  }

  /** As `schedule`, with a payload, which is written next. */
  scheduleWith(name: string, afterTicks: i64): Writer {
    this.begin("schedule", 4);
    writeName(name);
    writeText("tick");
    writeWhole(this.now + max<i64>(1, afterTicks));
    return this.member("payload");
  }

  cancel(name: string): void {
    this.begin("cancel", 2);
    writeName(name);
  }

  /**
   * Items of the manifest's `collections` that this room can still award, as this call began: a room awards 16,384 in its
   * life. 256 as long as they are so many or more, which is all that one call can award.
   */
  get itemsLeft(): i32 {
    return this.left;
  }

  /**
   * This player earned an item, which is written next. `once` names the reason: the same reason never counts twice in this
   * room; for what is no item of the manifest's `collections`, not among the newest 16,384 such awards of the room. Where no
   * item is left (`itemsLeft`) none is awarded, and nobody is told: refuse the move before, and say why.
   */
  award(player: Player, once: string): Writer {
    this.begin("award", 4);
    writeText("player");
    writeText(player.id);
    writeText("once");
    writeText(checkName(once));
    return this.member("item");
  }

  /**
   * Uses up an item of a player's, by its id, and calls `consumed` with what came of it: always once. It must be of one of the
   * manifest's `collections`, and the player's by what the chain proves now. What is used up counts nowhere any more, in no
   * room of the world, whoever burns it or not, and is never issued again. Act on it in `consumed`, not before.
   */
  consume(player: Player, item: string): void {
    if (item.length < 1 || item.length > itemIdMax) throw new Error("an item is named by its id");
    this.begin("consume", 3);
    writeText("player");
    writeText(player.id);
    writeText("item");
    writeText(item);
  }

  /** At pace "ticks": the view of this player is computed again, at most five times a second. */
  touch(player: Player): void {
    this.begin("touch", 2);
    writeText("who");
    writePlayer(player);
  }

  touchEveryone(): void {
    this.begin("touch", 2);
    writeText("who");
    writeText("everyone");
  }

  /**
   * From now on this player looks from this entity, `Body.entity(row)`, and sees the rows that are `near` it, until another
   * is named or it is gone. Null: sees nothing near.
   */
  focus(player: Player, entity: Entity | null): void {
    this.begin("focus", 3);
    writeText("player");
    writeText(player.id);
    const out = this.member("entity");
    if (entity === null) out.nothing();
    else {
      out.map().key("table").text(entity.table).key("row").whole(entity.row);
      out.key("generation").whole(entity.generation).end();
    }
  }

  /** From now on this player sees the rows of this team. */
  team(player: Player, team: i64): void {
    this.begin("team", 3);
    writeText("player");
    writeText(player.id);
    writeText("team");
    writeWhole(team);
  }

  /** From now on this player is in no team. */
  noTeam(player: Player): void {
    this.begin("team", 3);
    writeText("player");
    writeText(player.id);
    this.member("team").nothing();
  }

  /**
   * Asks a server outside, below one of the manifest's `requests`, and calls `answer` with what came of it: always once.
   * While a request of this id waits for its answer, asking again does nothing.
   */
  request(id: string, url: string): void {
    this.beginRequest(id, url, "GET", 2);
  }

  /** As `request`, with a body: text, as `String.UTF8.encode` makes it. */
  post(id: string, url: string, body: string, contentType: string = "application/json"): void {
    this.beginRequest(id, url, "POST", 4);
    writeText("body");
    writeText(body);
    writeText("contentType");
    writeText(contentType);
  }

  /**
   * Lets a player through to another room of this world, which must have rules of this name. What comes along is written
   * next, at most 1 KB of it.
   */
  travel(player: Player, room: string, contract: string): Writer {
    this.begin("travel", 5);
    writeText("player");
    writeText(player.id);
    writeText("room");
    writeText(room);
    writeText("contract");
    writeText(checkName(contract));
    return this.member("payload");
  }

  /** Keeps for a player what is written next, at most 4 KB, until they take a seat again. Only with `records`. */
  record(player: Player): Writer {
    this.begin("record", 3);
    writeText("player");
    writeText(player.id);
    return this.member("record");
  }

  /** Tells the world's moderator, and nobody else, what is written next. */
  report(): Writer {
    this.begin("report", 2);
    return this.member("report");
  }

  /** The room is over; its result is written next. Views still show what `view` builds. */
  end(): Writer {
    if (this.hasEnded) throw new Error("the room has already ended");
    this.begin("end", 2);
    this.hasEnded = true;
    return this.member("result");
  }

  /** In `abandon` only: the result of the room, which is written next. Null if it is not asked for. */
  result(): Writer {
    this.settle();
    if (!this.mayResult) throw new Error("only abandon has context.result(), and only once");
    this.mayResult = false;
    this.resultFrom = position();
    return expectValue();
  }

  /** In `join` only: what was kept for the newcomer; null if nothing ever was. Check it like a move. */
  get kept(): Value {
    return this.brought.record;
  }

  /**
   * In `join` and `returned`: how they came, if another room let them through or they come back from one, as the ABI has it:
   * `room`, `contract`, `payload`, `back`.
   */
  get arrival(): Value | null {
    return this.brought.arrival;
  }

  /** In `join` only: whether the newcomer holds the key of the world's moderator. */
  get isModerator(): bool {
    return this.brought.isModerator;
  }

  /** For the SDK. */
  setBrought(brought: Brought): void {
    this.brought = brought;
  }

  /** For the SDK: a call begins. */
  beginCall(tick: i64, hz: i32, itemsLeft: i32, mayResult: bool): void {
    this.now = tick;
    this.left = itemsLeft;
    this.hz = hz;
    this.isOpen = true;
    this.effects = 0;
    this.hasEnded = false;
    this.mayResult = mayResult;
    this.resultFrom = 0;
    this.resultTo = 0;
  }

  /** For the SDK: a call ends. Returns how many effects it had. A context kept beyond asks for nothing any more. */
  endCall(): i32 {
    this.settle();
    this.isOpen = false;
    return this.effects;
  }

  /** For the SDK: where among the effects the result lies; both 0 if there is none. */
  get resultStart(): usize {
    return this.resultFrom;
  }

  get resultEnd(): usize {
    return this.resultTo;
  }

  private begin(effect: string, members: i32): void {
    this.settle();
    if (this.effects == effectsMax) throw new Error(`more than ${effectsMax} effects in one call`);
    this.effects++;
    writeByte(0x80 | members);
    writeText("effect");
    writeText(effect);
  }

  private beginRequest(id: string, url: string, method: string, members: i32): void {
    this.begin("request", 3);
    writeText("id");
    writeText(checkName(id));
    writeText("request");
    writeByte(0x80 | members);
    writeText("url");
    writeText(url);
    writeText("method");
    writeText(method);
  }

  /** What came before is whole. */
  private settle(): void {
    if (!this.isOpen) throw new Error("this context belongs to a call that is over");
    checkWhole("context");
    if (this.resultFrom != 0 && this.resultTo == 0) this.resultTo = position();
  }

  private member(name: string): Writer {
    writeText(name);
    return expectValue();
  }
}

export class MoveContext extends Context {
  private mover: Player | null = null;

  /** Who moves. */
  get player(): Player {
    const mover = this.mover;
    if (mover === null) throw new Error("only a move has context.player");
    return mover;
  }

  /** For the SDK. */
  setMover(player: Player | null): void {
    this.mover = player;
  }

  /** For the SDK: what is wrong with the move, now that it has been read; "" if nothing is. */
  problem(): string {
    return endParsing();
  }
}

function writePlayer(player: Player): void {
  writeByte(0x81);
  writeText("player");
  writeText(player.id);
}

function writeName(name: string): void {
  writeText("name");
  writeText(checkName(name));
}

function checkName(name: string): string {
  if (name.length < 1 || name.length > nameMax)
    throw new Error(`a timer, award or request is named by 1 to ${nameMax} characters`);
  return name;
}
