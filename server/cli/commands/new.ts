/** `phatroom new <name>`: a folder with a small game that plays, is tested and has a page. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
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
    phatroom: { type: "string", description: "What its package.json asks for; default: this very package" },
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
  if (name === "phatroom") return "phatroom is the package that the game needs: choose another name.";
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
    if (code === "EEXIST") return `There is a folder ${name} already. Choose another name, or remove it.`;
    throw error;
  }
  const manifest = createRequire(import.meta.url).resolve("phatroom/package.json");
  const wanted = version ?? (await thisPackage(manifest, name));
  const folder = join(dirname(manifest), "templates", template);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = relative(folder, join(entry.parentPath, entry.name));
    const text = await readFile(join(folder, file), "utf8");
    const filled = text.replaceAll("__name__", name).replaceAll("__phatroom__", wanted);
    const path = join(name, file.replace(/\.template$/, ""));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, filled);
  }
  return undefined;
}

/** Its version; or where npm had it from, if that was a file. */
async function thisPackage(manifest: string, name: string): Promise<string> {
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  const modules = dirname(dirname(manifest));
  const file = await sourceFile(join(modules, ".package-lock.json"));
  if (file === undefined) return version;
  const path = resolve(dirname(modules), file);
  return existsSync(path) ? `file:${relative(resolve(name), path)}` : version;
}

/** As npm's own list of what it has installed says; undefined for a package out of a registry, or without such a list. */
async function sourceFile(lock: string): Promise<string | undefined> {
  const text = await readFile(lock, "utf8").catch(() => "{}");
  const { packages } = JSON.parse(text) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  return /^file:(.+)$/.exec(packages?.["node_modules/phatroom"]?.resolved ?? "")?.[1];
}
