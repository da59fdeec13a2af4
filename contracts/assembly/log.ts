/** Lines for the author's terminal. */
import { log as sendLine } from "./room";

/** Prints a line under `phatroom dev`; does nothing elsewhere. */
export function log(line: string): void {
  const bytes = String.UTF8.encode(line);
  sendLine(changetype<usize>(bytes), bytes.byteLength);
}
