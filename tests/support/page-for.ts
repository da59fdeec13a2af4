/** Pages for places that tests make: what they have built in is put where a page that was built once has a mark. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { templatesFolder } from "./folders.ts";

/** By their folders below `client/`. */
export const templates = ["inventory", "page"] as const;

export const mark = "what is built in";

/** @param builtIn as `scripts/build.ts` writes it. @param out the page's own folder. */
export function pageFor(builtIn: object, page: (typeof templates)[number], out: string): void {
  cpSync(join(templatesFolder, page), out, { recursive: true });
  let marks = 0;
  for (const { name, parentPath } of readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(parentPath, name);
    const script = readFileSync(file, "utf8").replace(new RegExp(`JSON\\.parse\\(([\`'"])${mark}\\1\\)`), () => {
      marks += 1;
      return `(${JSON.stringify(builtIn)})`;
    });
    writeFileSync(file, script);
  }
  if (marks !== 1) throw new Error(`${marks} scripts of the page have a place for what is built in`);
}
