/** Rounds: from the moment two teams are there until one has won enough of them. */
import { Context, Player, Writer } from "phatroom/assembly";
import { Fighter, Gear, Ground } from "./components.generated";
import { checkOfField } from "./field";
import { lie, rowOfSeat, rowsEnd, teamSizes } from "./fighters";
import { clearShots } from "./shots";
import { hz, pointsForFelling, pointsForRelic, seats, teamsMax } from "./terms";

const pause: i64 = 6 * hz;
/** Views are made anew at most so often. */
const spacing: i64 = hz / 4;

export enum Phase {
  Waiting,
  Playing,
  Pause,
  Over,
}

let phase: Phase = Phase.Waiting;
let round: i32 = 0;
let rounds: i32 = 0;
let roundTicks: i64 = 0;
let endsAt: i64 = 0;
let teams: i32 = 0;
let check: u32 = 0;
let winner: i32 = -1;
let best: i32 = -1;
/** Views are not what they should be. */
let changed: bool = true;

const points = new StaticArray<i32>(teamsMax);
const wins = new StaticArray<i32>(teamsMax);
/** Of all rounds, by row. */
const totals = new StaticArray<i32>(seats);

/** @param roundsWanted 0: without end. */
export function setUpRounds(teamsWanted: i32, roundsWanted: i32, minutes: f64): void {
  check = checkOfField();
  teams = teamsWanted;
  rounds = roundsWanted;
  roundTicks = <i64>(minutes * 60.0 * <f64>hz);
}

/** The smallest team, the first of several. */
export function smallestTeam(): i32 {
  let smallest = 0;
  for (let team = 1; team < teams; team++) if (teamSizes[team] < teamSizes[smallest]) smallest = team;
  return smallest;
}

export function teamCount(): i32 {
  return teams;
}

export function forgetTotals(row: i32): void {
  totals[row] = 0;
}

/** An enemy has fallen. @param by the row of who did it; -1 if they are gone. */
export function scoreFelling(team: i32, by: i32): void {
  add(team, by, pointsForFelling);
}

export function scoreRelic(row: i32): void {
  add(Fighter.team[row], row, pointsForRelic);
}

function add(team: i32, row: i32, count: i32): void {
  if (phase != Phase.Playing) return;
  points[team] += count;
  changed = true;
  if (row < 0) return;
  Gear.points[row] += <u16>count;
  totals[row] += count;
}

export function keepTime(context: Context): void {
  const now = context.tick;
  if (phase == Phase.Waiting && teamsThere() > 1) begin(context);
  else if (phase == Phase.Playing && now >= endsAt) finish(context);
  else if (phase == Phase.Pause && now >= endsAt) goOn(context);
  if (!changed || now % spacing != 0) return;
  changed = false;
  context.touchEveryone();
}

function teamsThere(): i32 {
  let there = 0;
  for (let team = 0; team < teams; team++) if (teamSizes[team] > 0) there++;
  return there;
}

function begin(context: Context): void {
  round++;
  become(Phase.Playing, context.tick + roundTicks);
  points.fill(0);
  clearShots();
  for (let row = 0; row < rowsEnd; row++) {
    if (Fighter.live[row] == 0) continue;
    Gear.hits[row] = 0;
    Gear.points[row] = 0;
    Gear.falls[row] = 0;
    // Not all in one tick.
    lie(row, <u32>context.tick + 1 + (row % hz));
  }
}

function finish(context: Context): void {
  winner = leader(points);
  best = -1;
  become(Phase.Pause, context.tick + pause);
  if (winner < 0) return;
  wins[winner]++;
  let most = 0;
  for (let seat = 0; seat < seats; seat++) {
    const row = rowOfSeat(seat);
    if (row < 0 || Fighter.team[row] != winner || <i32>Gear.points[row] <= most) continue;
    most = Gear.points[row];
    best = seat;
  }
  reward(best, `round-${round}`, "medal", context);
}

function goOn(context: Context): void {
  const leading = leader(wins);
  if (rounds == 0 || round < rounds) return teamsThere() > 1 ? begin(context) : become(Phase.Waiting, 0);
  become(Phase.Over, 0);
  const champion = leading < 0 ? -1 : mostInAll(leading);
  reward(champion, "match", "trophy", context);
  const out = context.end().map().key("winner").whole(leading).key("champion").whole(champion).key("wins").list();
  for (let team = 0; team < teams; team++) out.whole(wins[team]);
  out.end().end();
}

/** Who has most; -1 if several have. */
function leader(counts: StaticArray<i32>): i32 {
  let first = -1;
  let most = 0;
  for (let team = 0; team < teams; team++) {
    if (counts[team] == most) first = -1;
    if (counts[team] <= most) continue;
    most = counts[team];
    first = team;
  }
  return first;
}

function mostInAll(team: i32): i32 {
  let seatOfBest = -1;
  let most = 0;
  for (let seat = 0; seat < seats; seat++) {
    const row = rowOfSeat(seat);
    if (row < 0 || Fighter.team[row] != team || totals[row] <= most) continue;
    most = totals[row];
    seatOfBest = seat;
  }
  return seatOfBest;
}

/** An item, once for each reason however often the room is opened. */
function reward(seat: i32, once: string, symbol: string, context: Context): void {
  const player = seatedAt(seat, context.players);
  if (player !== null)
    context.award(player, once).map().key("collection").text("SKIRMISH").key("symbol").text(symbol).end();
}

function seatedAt(seat: i32, players: Player[]): Player | null {
  for (let i = 0; i < players.length; i++) if (players[i].seat == seat) return players[i];
  return null;
}

function become(next: Phase, until: i64): void {
  phase = next;
  endsAt = until;
  changed = true;
}

const names: StaticArray<string> = ["waiting", "playing", "pause", "over"];

/** Everybody sees the same: what is hidden is in rows. */
export function writeView(out: Writer): void {
  out.map().key("phase").text(names[phase]).key("round").whole(round).key("rounds").whole(rounds);
  out
    .key("endsAt")
    .whole(endsAt)
    .key("field")
    .map()
    .key("seed")
    .whole(Ground.seed[0])
    .key("tiles")
    .whole(Ground.tiles[0]);
  out.key("check").whole(check).end();
  writeCounts(out.key("points"), points);
  writeCounts(out.key("wins"), wins);
  out.key("last");
  if (round == 0 || phase == Phase.Playing) out.nothing();
  else out.map().key("winner").whole(winner).key("best").whole(best).end();
  out.end();
}

function writeCounts(out: Writer, counts: StaticArray<i32>): void {
  out.list();
  for (let team = 0; team < teams; team++) out.whole(counts[team]);
  out.end();
}
