/** W3, one action in a game of cards for four, and what its player then sees. */
import { draw, mixed } from "./draws";
import { IN, OUT } from "./windows";

const deck: Uint8Array = new Uint8Array(52);
const hands: Uint8Array = new Uint8Array(4 * 52);
const handLength: Int32Array = new Int32Array(4);
const score: Int32Array = new Int32Array(4);
let deckLength: i32 = 0;
let top: i32 = 0;
let turn: i32 = 0;
let actions: i32 = 0;

export function openCards(): void {
  for (let p: i32 = 0; p < 4; p++) score[p] = 0;
  actions = 0;
  deal();
}

/** Input: player, and which of the playable cards. Output: what everybody sees, then the player's hand. */
export function card(): i32 {
  const player: i32 = i32(IN[0]) & 3;
  let result: i32 = 0;
  if (player == turn) {
    const pick: i32 = playable(player, i32(IN[1]));
    if (pick >= 0) {
      play(player, pick);
      result = 1;
    } else {
      take(player);
      result = 2;
    }
    turn = (turn + 1) & 3;
    actions++;
    if (handLength[player] == 0 || deckLength == 0) {
      count(player);
      deal();
      result = 3;
    }
  }
  return show(player, result);
}

export function cardsHash(hash: i32): i32 {
  hash = mixed(hash, top);
  hash = mixed(hash, deckLength);
  hash = mixed(hash, actions);
  for (let p: i32 = 0; p < 4; p++) hash = mixed(hash, score[p]);
  return hash;
}

function deal(): void {
  for (let i: i32 = 0; i < 52; i++) deck[i] = u8(i);
  for (let i: i32 = 51; i > 0; i--) {
    const j: i32 = draw() % (i + 1);
    const held: i32 = i32(deck[i]);
    deck[i] = deck[j];
    deck[j] = u8(held);
  }
  deckLength = 52;
  for (let p: i32 = 0; p < 4; p++) {
    handLength[p] = 0;
    for (let k: i32 = 0; k < 7; k++) take(p);
  }
  deckLength--;
  top = i32(deck[deckLength]);
  turn = 0;
}

function take(player: i32): void {
  if (deckLength == 0) return;
  deckLength--;
  hands[player * 52 + handLength[player]] = deck[deckLength];
  handLength[player] = handLength[player] + 1;
}

/** Where in the hand the wanted playable card is, or the last one there is; -1 if there is none. */
function playable(player: i32, wanted: i32): i32 {
  let pick: i32 = -1;
  let seen: i32 = 0;
  for (let k: i32 = 0; k < handLength[player]; k++) {
    const c: i32 = i32(hands[player * 52 + k]);
    if (c % 13 != top % 13 && i32(c / 13) != i32(top / 13)) continue;
    pick = k;
    if (seen == wanted) break;
    seen++;
  }
  return pick;
}

function play(player: i32, pick: i32): void {
  const left: i32 = handLength[player] - 1;
  top = i32(hands[player * 52 + pick]);
  for (let k: i32 = pick; k < left; k++) hands[player * 52 + k] = hands[player * 52 + k + 1];
  handLength[player] = left;
}

function count(winner: i32): void {
  for (let p: i32 = 0; p < 4; p++) {
    let sum: i32 = 0;
    for (let k: i32 = 0; k < handLength[p]; k++) sum += (i32(hands[p * 52 + k]) % 13) + 1;
    score[winner] = score[winner] + sum;
  }
}

function show(player: i32, result: i32): i32 {
  OUT[0] = u8(result);
  OUT[1] = u8(top);
  OUT[2] = u8(turn);
  OUT[3] = u8(deckLength);
  let at: i32 = 4;
  for (let p: i32 = 0; p < 4; p++) {
    OUT[at] = u8(handLength[p]);
    OUT[at + 1] = u8(score[p]);
    OUT[at + 2] = u8(score[p] >> 8);
    OUT[at + 3] = u8(score[p] >> 16);
    at += 4;
  }
  for (let k: i32 = 0; k < handLength[player]; k++) OUT[at + k] = hands[player * 52 + k];
  return at + handLength[player];
}
