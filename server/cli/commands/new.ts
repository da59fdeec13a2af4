/** `phatroom new <name>`: a folder with a small game that plays, is tested and has a page. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineCommand } from "citty";

const namePattern = /^[a-z][a-z0-9-]{0,31}$/;

export const newCommand = defineCommand({
  meta: { name: "new", description: "Start a game: contract, tests and page in a new folder" },
  args: {
    name: { type: "positional", description: "Lower-case letters, digits and dashes", required: true },
    phatroom: { type: "string", description: "What its package.json asks for; default: this version" },
  },
  async run({ args }) {
    const problem = await createGame(args.name, args.phatroom);
    if (problem !== undefined) {
      console.error(problem);
      process.exitCode = 1;
      return;
    }
    console.log(`
  ${args.name} is ready.

    cd ${args.name}
    npm install
    npm test          plays it, and looks for leaks
    npm run play      plays it by hand, in plain Node
    npm run dev       runs it with its page on this machine
`);
  },
});

/** Copies the template. Returns what is wrong, if anything is; then nothing was written. */
async function createGame(name: string, version?: string): Promise<string | undefined> {
  if (!namePattern.test(name)) {
    return `"${name}" cannot be a game's name: use up to 32 lower-case letters, digits and dashes, a letter first.`;
  }
  try {
    await mkdir(name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "EEXIST" ? `There is a folder ${name} already.` : `The folder ${name} cannot be made: ${code}.`;
  }
  const manifest = createRequire(import.meta.url).resolve("phatroom/package.json");
  const { version: own } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const template = join(dirname(manifest), "templates/game");
  for (const file of await readdir(template)) {
    const text = await readFile(join(template, file), "utf8");
    const filled = text.replaceAll("__name__", name).replaceAll("__phatroom__", version ?? own);
    await writeFile(join(name, file.replace(/\.template$/, "")), filled);
  }
  return undefined;
}
