/** `phatroom new <name>`: a folder with a small game that plays, is tested and has a page. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";

/** What a new game can begin as, and what one does in its folder. */
const templates: Readonly<Record<string, string>> = {
  game: `
    npm test          plays it, and looks for leaks
    npm run play      plays it by hand, in plain Node
    npm run dev       runs it with its page on this machine`,
  arena: `
    npm test          builds it from AssemblyScript, and plays it
    npm run dev       runs it with its page on this machine`,
};

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

export const newCommand = defineCommand({
  meta: { name: "new", description: summaries.new },
  args: {
    name: { type: "positional", description: "Lower-case letters, digits and dashes", required: true },
    template: { type: "string", description: "game (TypeScript) or arena (AssemblyScript)", default: "game" },
    phatroom: { type: "string", description: "What its package.json asks for; default: this version" },
  },
  async run({ args }) {
    const problem = await createGame(args.name, args.template, args.phatroom);
    if (problem !== undefined) {
      console.error(problem);
      process.exitCode = 1;
      return;
    }
    console.log(`
  ${args.name} is ready.

    cd ${args.name}
    npm install${templates[args.template]}
`);
  },
});

/** Copies the template. Returns what is wrong, if anything is; then nothing was written. */
async function createGame(name: string, template: string, version?: string): Promise<string | undefined> {
  if (!namePattern.test(name)) {
    return `"${name}" cannot be a game's name: use up to 32 lower-case letters, digits and dashes, a letter first.`;
  }
  if (!Object.hasOwn(templates, template)) {
    return `There is no template ${template}: choose ${Object.keys(templates).join(" or ")}.`;
  }
  try {
    await mkdir(name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "EEXIST" ? `There is a folder ${name} already.` : `The folder ${name} cannot be made: ${code}.`;
  }
  const manifest = createRequire(import.meta.url).resolve("phatroom/package.json");
  const { version: own } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const folder = join(dirname(manifest), "templates", template);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = relative(folder, join(entry.parentPath, entry.name));
    const text = await readFile(join(folder, file), "utf8");
    const filled = text.replaceAll("__name__", name).replaceAll("__phatroom__", version ?? own);
    const path = join(name, file.replace(/\.template$/, ""));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, filled);
  }
  return undefined;
}
