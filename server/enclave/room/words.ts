/**
 * What was said to viewers, on its way into their updates: as much at once as one message holds and other rooms' frames can
 * wait for. What is left follows at the next boundaries.
 */
import { valueNodesMax } from "#protocol/limits.ts";
import type { UpdateMessage } from "#protocol/message.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import type { Value } from "#protocol/value.ts";
import type { Viewer } from "./audience.ts";

type Words = "outcomes" | "sent" | "awards" | "tickets";

/** Whether something was said to a viewer that is still to be told. */
export const hasWords = ({ outcomes, sent, awards, tickets }: Viewer): boolean =>
  outcomes.length + sent.length + awards.length + tickets.length > 0;

/** Bytes of words in one update: beside the largest patch and a roster they fit into one message. The others follow. */
const wordsLengthMax = 1.5 * 1024 * 1024;

/** So many are told to everybody at each boundary, however long the others' are. */
const usualWordsLength = 16 * 1024;

/** Bytes of what is longer that leave at one boundary: a word to a thousand viewers must not stand in front of all other rooms' frames. */
export const longWordsLength = 4 * 1024 * 1024;

/** Of what has a small length of its own. */
const wordLength = 2048;

/** @param shared bytes of long words that may still leave at this boundary, whoever they are for. */
export function takeWords(
  viewer: Viewer,
  update: { -readonly [K in Words]?: UpdateMessage[K] },
  shared: { left: number },
): void {
  const { outcomes, sent, awards, tickets } = viewer;
  const most = Math.max(usualWordsLength, Math.min(wordsLengthMax, shared.left));
  const space = { left: most };
  viewer.outcomes = outcomes.splice(fitting(outcomes, space, () => wordLength));
  viewer.sent = sent.splice(fitting(sent, space, lengthOf));
  viewer.awards = awards.splice(fitting(awards, space, ({ item }) => wordLength + lengthOf(item)));
  viewer.tickets = tickets.splice(fitting(tickets, space, () => wordLength));
  if (outcomes.length > 0) update.outcomes = outcomes;
  if (sent.length > 0) update.sent = sent;
  if (awards.length > 0) update.awards = awards;
  if (tickets.length > 0) update.tickets = tickets;
  shared.left -= Math.max(0, most - space.left - usualWordsLength);
  viewer.sent = newestOf(viewer.sent, roughLength);
  viewer.awards = newestOf(viewer.awards, ({ item }) => roughLength(item));
  viewer.tickets = newestOf(viewer.tickets, () => wordLength);
}

/** What may wait for one viewer: more would be of a contract that says more than anybody can hear. */
const waitingMax = { words: 4096, length: 16 * 1024 * 1024 };

/** What is newest of words that wait; nearly always all of them. */
function newestOf<T>(words: T[], length: (word: T) => number): T[] {
  let from = words.length;
  for (let left = waitingMax.length; from > 0 && words.length - from < waitingMax.words; from--) {
    left -= length(words[from - 1]!);
    if (left < 0) break;
  }
  return from === 0 ? words : words.slice(from);
}

/** Of a value, without looking into texts. */
const roughLength = (value: Value): number => (typeof value === "string" ? value.length : lengthOf(value));

/** How many of these there is space for, which they take. One call of a contract says less than that. */
function fitting<T>(words: readonly T[], space: { left: number }, lengthOfWord: (word: T) => number): number {
  let count = 0;
  while (count < words.length && space.left > 0) {
    const length = lengthOfWord(words[count]!);
    // One call can say what alone takes all of it.
    if (length > space.left && (count > 0 || space.left < wordsLengthMax)) break;
    space.left -= length;
    count += 1;
  }
  return count;
}

/** What everybody is told is measured once. */
const measured = new WeakMap<object, number>();

/** For which each value in a message counts beside its own: so that no update has more of them than are read. */
const nodeLength = wordsLengthMax / valueNodesMax;

/** Bytes that a value takes in a message, at most, and what it counts for. */
function lengthOf(value: Value): number {
  if (typeof value === "string") return nodeLength + 5 + textLength(value);
  if (typeof value !== "object" || value === null) return nodeLength + 9;
  let length = measured.get(value);
  if (length === undefined) {
    length = encodeMsgpack(value).length + nodeLength * nodesIn(value);
    measured.set(value, length);
  }
  return length;
}

function nodesIn(value: Value): number {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return 1;
  let nodes = 1;
  for (const member of Object.values(value)) nodes += nodesIn(member as Value);
  return nodes;
}

/** In UTF-8, at most. */
const textLength = (text: string): number => (text.length > wordLength ? encodeMsgpack(text).length : 3 * text.length);
