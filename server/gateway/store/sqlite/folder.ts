/** Makes the folder of a store. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * With those above it, if they are not there.
 *
 * Node's own `recursive` tries for ever where the system says of every new folder that there is none, as it does in /proc.
 *
 * @throws the system's error.
 */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What else it may be is said when a file in it is opened.
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}
