/** Settings in the browser's storage. A browser may refuse it; then they last as long as the page. */
import { readSettings, writeSettings, type Settings } from "./settings.ts";

const key = "phala-world-settings";

export function keptSettings(): Settings {
  return readSettings(stored());
}

export function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(key, writeSettings(settings));
  } catch {
    // As above.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
