/** Answers the calls of the ABI for an author's contract: parses moves, keeps roster and randomness, collects effects. */
import { Call, readCall } from "./call";
import { MoveContext } from "./context";
import { Answer, Player, Rules, Timer, Use } from "./contract";
import { writeManifest } from "./manifest";
import { position, reserve, writeByte, writeHead, writeText } from "./msgpack";
import { beginParsing } from "./problems";
import { allowDraws, drawAgainFrom, drawn, rekey } from "./random";
import { hideTablesFrom } from "./tables";
import { output } from "./windows";
import { checkWhole, expectValue, resumeAt, rewind, writer } from "./writer";

/** Longest sentence of a refusal, in UTF-16 units; the host's limit. */
const reasonMax: i32 = 200;

let rules: Rules | null = null;
let hz: i32 = 0;
let isOpen: bool = false;
/** Views built since memory was last collected. */
let viewsSince: i32 = 0;
const context = new MoveContext();

/** Makes this the contract of the module. Called once, by the author's own file. */
export function serve(contract: Rules): void {
  if (rules !== null) throw new Error("serve was called before: a module has one contract");
  rules = contract;
  const manifest = contract.describe();
  hz = manifest.pace == "turns" ? 50 : manifest.hz;
}

/** A view leaves little behind, and is asked for once for each viewer: so many of them are collected behind together. */
const viewsTogether: i32 = 32;

/** Answers the call in the input. Returns how many bytes of the output the answer takes. */
export function roomCall(_length: i32): i32 {
  const length = answer();
  // Nothing lives on the stack but a number, so that whatever is reachable hangs on a variable of a module.
  if (viewsSince == 0 || viewsSince == viewsTogether) {
    __collect();
    viewsSince = 0;
  }
  return length;
}

function answer(): i32 {
  const contract = rules;
  if (contract === null) throw new Error("no contract: a module ends with serve(new …())");
  const call = readCall();
  rewind();
  if (call.name == "describe") describe(contract);
  else if (call.name == "view") view(contract, call);
  else if (call.name == "state") save(contract);
  else happen(contract, call);
  viewsSince = call.name == "view" ? viewsSince + 1 : 0;
  return <i32>(position() - output);
}

function describe(contract: Rules): void {
  writeByte(0x82);
  writeText("answer");
  writeText("described");
  writeText("manifest");
  expectValue();
  writeManifest(contract.describe(), hz, writer);
  checkWhole("describe");
}

function view(contract: Rules, call: Call): void {
  if (!isOpen) throw new Error("the room is not open");
  const viewers = call.viewers;
  writeByte(0x82);
  writeText("answer");
  writeText("views");
  writeText("views");
  writeHead(0xdd, viewers.length, 4);
  for (let i = 0; i < viewers.length; i++) {
    contract.view(viewers[i], expectValue());
    checkWhole("view");
  }
}

/** What other rules are handed that take over. */
function save(contract: Rules): void {
  if (!isOpen) throw new Error("the room is not open");
  writeByte(0x82);
  writeText("answer");
  writeText("state");
  writeText("state");
  contract.save(expectValue());
  checkWhole("save");
}

/** Calls that end in a new state and effects. */
function happen(contract: Rules, call: Call): void {
  const abandons = call.name == "abandon";
  prepare(call);
  writeByte(abandons ? 0x84 : 0x83);
  writeText("answer");
  writeText("done");
  writeText("reason");
  const reasonAt = position();
  writeByte(0xc0);
  writeText("effects");
  const effectsAt = position();
  writeHead(0xdc, 0, 2);

  const before = drawn();
  context.beginCall(call.tick, hz, call.itemsLeft, abandons);
  allowDraws(true);
  const reason = play(contract, call);
  allowDraws(false);
  const effects = context.endCall();
  if (reason !== null) {
    drawAgainFrom(before);
    resumeAt(reasonAt);
    writeText(shortened(reason));
    writeText("effects");
    writeByte(0x90);
  } else if (abandons) {
    countEffects(effectsAt, effects);
    moveResult();
  } else if (effects > 0) {
    countEffects(effectsAt, effects);
  } else {
    // The shortest way to write it, because the host knows these bytes: most calls have no effect.
    resumeAt(effectsAt);
    writeByte(0x90);
  }
}

/** What the room itself keeps. */
function prepare(call: Call): void {
  if (call.name == "open" || call.name == "migrate") {
    if (isOpen) throw new Error("the room is already open");
    isOpen = true;
    rekey(call.key);
    context.players = call.players;
    const options = call.options;
    if (options === null) return;
    for (let i = 0; i < options.names.length; i++) context.options.set(options.names[i], options.items[i].text());
    return;
  }
  if (!isOpen) throw new Error("the room is not open");
  if (call.name == "join") {
    rekey(call.key);
    hideTablesFrom(call.player.seat);
    context.players = seated(call.player);
  } else if (call.name == "leave") {
    context.players = without(call.player);
  }
}

function seated(player: Player): Player[] {
  const players: Player[] = [];
  for (let i = 0; i < context.players.length; i++) {
    const other = context.players[i];
    if (other.id != player.id && other.seat != player.seat) players.push(other);
  }
  players.push(player);
  return players.sort((a, b) => a.seat - b.seat);
}

function without(player: Player): Player[] {
  const players: Player[] = [];
  for (let i = 0; i < context.players.length; i++) {
    if (context.players[i].id != player.id) players.push(context.players[i]);
  }
  return players;
}

/** Calls the rule. Returns why it refuses, if it does. */
function play(contract: Rules, call: Call): string | null {
  const name = call.name;
  context.setBrought(call.brought);
  if (name == "tick") contract.tick(context);
  else if (name == "move") return move(contract, call);
  else if (name == "timer") contract.timer(new Timer(call.timer, call.value), context);
  else if (name == "answer") contract.answer(answerIn(call), context);
  else if (name == "consumed") contract.consumed(new Use(call.owner, call.timer, call.value.asText), context);
  else if (name == "items") contract.items(call.player, call.value, context);
  else if (name == "join") contract.join(call.player, context);
  else if (name == "leave") contract.leave(call.player, context);
  else if (name == "dropped") contract.dropped(call.player, context);
  else if (name == "returned") contract.returned(call.player, context);
  else if (name == "open") contract.open(context);
  else if (name == "migrate") contract.migrate(call.value, context);
  else if (name == "abandon") contract.abandon(call.absent, context);
  else throw new Error(`a call that does not exist: ${name}`);
  return null;
}

function answerIn(call: Call): Answer {
  const value = call.value;
  const failed = value.optional("failed");
  if (failed !== null) return new Answer(call.timer, failed.asText, 0, "", new Uint8Array(0));
  const body = value.member("body").asBytes;
  return new Answer(call.timer, "", value.member("status").whole(), value.member("contentType").asText, body);
}

function move(contract: Rules, call: Call): string | null {
  context.setMover(call.player);
  beginParsing();
  const outcome = contract.move(call.value, context);
  context.setMover(null);
  return outcome.reason;
}

function countEffects(at: usize, count: i32): void {
  store<u8>(at + 1, <u8>(count >> 8));
  store<u8>(at + 2, <u8>count);
}

/** It was written among the effects, and comes behind them. */
function moveResult(): void {
  const from = context.resultStart;
  writeText("result");
  if (from == 0) return writeByte(0xc0);
  const to = context.resultEnd;
  const end = position();
  reserve(<i32>(to - from));
  memory.copy(end, from, to - from);
  memory.copy(from, to, end - from);
}

/** What fits into a refusal, cut between characters. */
function shortened(text: string): string {
  if (text.length <= reasonMax) return text;
  const last = text.charCodeAt(reasonMax - 2);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return text.substring(0, splitsPair ? reasonMax - 2 : reasonMax - 1) + "…";
}
