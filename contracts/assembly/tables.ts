/** Component tables of a contract: where they are in this memory, and how they are declared in the manifest. */
import { Writer } from "./writer";
import { showTables } from "./windows";

let hideFrom: ((seat: i32) => void) | null = null;
let writeLayouts: ((out: Writer) => void) | null = null;

/**
 * For the code that `phatroom build` generates from a `components.ts`: once, while the module is prepared.
 *
 * @param layouts writes the list of layouts as the manifest holds it.
 * @param newcomer hides every row from a seat that somebody takes.
 */
export function declareTables(
  at: usize,
  length: i32,
  layouts: (out: Writer) => void,
  newcomer: (seat: i32) => void,
): void {
  showTables(at, length);
  hideFrom = newcomer;
  writeLayouts = layouts;
}

export function writeTables(out: Writer): void {
  const write = writeLayouts;
  if (write === null) out.list().end();
  else write(out);
}

export function hideTablesFrom(seat: i32): void {
  const hide = hideFrom;
  if (hide !== null) hide(seat);
}
