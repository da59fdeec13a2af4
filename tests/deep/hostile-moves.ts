/** What a player says whose channel is genuine and who means no good: moves that can be read, and last words that cannot. */
import { concatBytes } from "#protocol/bytes.ts";
import { frameBuckets, frameHeaderLength, moveLengthMax } from "#protocol/limits.ts";
import { encodeClientMessage, messageTypes } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { Insider } from "../adversary/insider.ts";
import type { SeededNumbers } from "./deep.ts";
import { hostileEnvelope } from "./hostile-envelopes.ts";

const sides = ["top", "right", "bottom", "left"];
const words = ["kind", "side", "line", "bombs", "drop", "place", "constructor", "toString", "length", "0", ""];

/** A move that a worker can read. One in a few is one that the rules might allow, so that games go on. */
export function hostileMove(numbers: SeededNumbers): Value {
  const kind = numbers.below(100);
  if (kind < 40) return { kind: "drop", side: numbers.pick(sides), line: numbers.below(11) };
  if (kind < 60) return { kind: "place", bombs: [cell(numbers), cell(numbers), cell(numbers)] };
  if (kind < 80) return spoiled(numbers);
  return junk(numbers, 6);
}

const cell = (numbers: SeededNumbers): Value => [numbers.below(11), numbers.below(12) - 1];

/** An honest move in which one thing is something else. */
function spoiled(numbers: SeededNumbers): Value {
  const move: Record<string, Value> = { kind: "drop", side: "top", line: 3 };
  move[numbers.pick(words)] = junk(numbers, 3);
  return move;
}

/** Any small tree. */
function junk(numbers: SeededNumbers, depth: number): Value {
  switch (numbers.below(depth > 0 ? 10 : 8)) {
    case 0:
      return null;
    case 1:
      return numbers.below(2) === 0;
    case 2:
      return numbers.below(20) - 5;
    case 3:
      return numbers.below(2 ** 32) * 2 ** 20;
    case 4:
      return (numbers.below(2 ** 31) - 2 ** 30) / 7;
    case 5:
      return numbers.pick(words);
    case 6:
      return String.fromCodePoint(...numbers.bytes(numbers.below(30)));
    case 7:
      return numbers.bytes(numbers.below(30));
    case 8:
      return Array.from({ length: numbers.below(6) }, () => junk(numbers, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: numbers.below(5) }, () => [numbers.pick(words), junk(numbers, depth - 1)]),
      );
  }
}

/** Says something after which nothing needs to be understood any more, and that should end the connection. Returns how many frames. */
export function lastWords(numbers: SeededNumbers, insider: Insider, nextMove: number): number {
  switch (numbers.below(8)) {
    case 0:
      insider.sayBody(1 + numbers.below(127), numbers.bytes(numbers.below(200)));
      return 1;
    case 1:
      insider.sayBody(messageTypes.move, mutated(numbers, nextMove));
      return 1;
    case 2:
      insider.sayFrame(numbers.bytes(numbers.below(300)));
      return 1;
    case 3:
      insider.sayFrame(lying(numbers));
      return 1;
    case 4:
      insider.say({ type: "move", n: nextMove + 1 + numbers.below(2 ** 31), move: null });
      return 1;
    case 5:
      for (let i = 0; i < 3; i++) insider.sayFrame(unfinished(numbers));
      return 3;
    case 6:
      insider.sayBody(numbers.below(2) === 0 ? messageTypes.move : messageTypes.auth, numbers.bytes(moveLengthMax + 1));
      return 2;
    default:
      insider.sayEnvelope(hostileEnvelope(numbers, 0));
      return 1;
  }
}

/** A move with a few bytes changed, or cut, or with something behind it. */
function mutated(numbers: SeededNumbers, n: number): Uint8Array {
  const { body } = encodeClientMessage({ type: "move", n, move: hostileMove(numbers) });
  const kind = numbers.below(4);
  if (kind === 0) return body.subarray(0, numbers.below(body.length));
  if (kind === 1) return concatBytes(body, numbers.bytes(1 + numbers.below(4)));
  for (let i = 0; i <= numbers.below(3); i++) body[numbers.below(body.length)] = numbers.below(256);
  return body;
}

/** A frame of a right size whose header says anything. */
function lying(numbers: SeededNumbers): Uint8Array {
  const out = new Uint8Array(numbers.pick(frameBuckets.slice(0, 6)));
  out.set(numbers.bytes(frameHeaderLength));
  return out;
}

/** A full frame that says that more follows. */
function unfinished(numbers: SeededNumbers): Uint8Array {
  const out = new Uint8Array(numbers.pick(frameBuckets.slice(0, 6)));
  const length = out.length - frameHeaderLength;
  out.set([(1 + numbers.below(5)) | 0x80, length & 0xff, length >>> 8]);
  return out;
}
