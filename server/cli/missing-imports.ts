/** What AssemblyScript's library would call outside the sandbox, and what there is instead. */
import { permittedImports } from "#enclave/sandbox/wasm/module.ts";
import { locationOf, type Location, type PlacedMessage } from "./placed-message.ts";

/** By the import's name: how it looks in an author's source, and what is said about it. */
const substitutes: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^env\.seed$/, /\bMath\.random\b/, "draw from context.random, which replays"],
  [/^env\.Date\./, /\bDate\b/, "time is context.tick"],
  [/^env\.performance\./, /\bperformance\b/, "time is context.tick"],
  [/^env\.console\./, /\bconsole\b/, 'print with log, from "phatroom/assembly"'],
  [/^env\.trace$/, /\btrace\b/, 'print with log, from "phatroom/assembly"'],
  [/^env\.crypto\./, /\bcrypto\b/, "randomness is context.random"],
  [/^env\.process\./, /\bprocess\b/, "there is no process around a contract"],
];

/** One message for each import ("module.name") that no engine grants, with its place if that can be told. */
export function missingImports(imports: readonly string[], sources: ReadonlyMap<string, string>): PlacedMessage[] {
  const missing = imports.filter((name) => !permittedImports.has(name));
  return missing.map((name) => {
    const [, pattern, instead] = substitutes.find(([wanted]) => wanted.test(name)) ?? [];
    const text = `contracts reach nothing: there is no ${name}${instead === undefined ? "" : `; ${instead}`}`;
    const shortName = new RegExp(`\\b${name.split(".").at(-1) ?? ""}\\b`);
    return { text, location: placeOf(pattern ?? shortName, sources) };
  });
}

function placeOf(pattern: RegExp, sources: ReadonlyMap<string, string>): Location | null {
  for (const [file, text] of sources) {
    const found = pattern.exec(text);
    if (found !== null) return locationOf(file, text, found.index, found.index + found[0].length);
  }
  return null;
}
