/** Finds out whether bytes hold a secret, however they were encoded on the way: msgpack, JSON, or Colyseus' schema. */
import type { Cell } from "../../contracts/dot4/dot4.ts";

/** Bytes of an encoding between two coordinates: type and length of an array, operation and index of a schema. */
const gapMax = 3;
/** The same in text: closing, comma, opening; and in JSON patches the path and names around each value. */
const pairGap = String.raw`\D{1,3}`;
const cellGap = String.raw`[^]{1,60}?`;

/** Whether all cells stand in there in this order, close to each other. */
export function holdsCells(bytes: Uint8Array, cells: readonly Cell[]): boolean {
  const text = new RegExp(cells.map(([x, y]) => String.raw`(?<!\d)${x}${pairGap}${y}(?!\d)`).join(cellGap));
  return holdsInOrder(bytes, cells.flat()) || text.test(latin1(bytes));
}

export const holdsText = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);

/** Whether the values stand in there as single bytes, with at most `gapMax` others between two. */
function holdsInOrder(bytes: Uint8Array, [first, ...rest]: readonly number[]): boolean {
  if (first === undefined) return true;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (continues(bytes, at + 1, rest)) return true;
  }
  return false;
}

function continues(bytes: Uint8Array, from: number, [next, ...rest]: readonly number[]): boolean {
  if (next === undefined) return true;
  for (let at = from; at <= from + gapMax; at++) {
    if (bytes[at] === next && continues(bytes, at + 1, rest)) return true;
  }
  return false;
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
