/** A command line, from what was typed to an exit code. Whatever goes wrong is a sentence that says what to do. */
import { runCommand, type ArgsDef, type CommandDef } from "citty";
import { summaries } from "../summaries.ts";
import { checkArguments } from "./check.ts";
import { helpOf, helpOfGroup, overview, usageLine } from "./help.ts";
import { nearest } from "./nearest.ts";
import { sentenceOfSystem } from "./system-errors.ts";
import { UsageError } from "./usage-error.ts";

// oxlint-disable-next-line no-explicit-any -- what it takes is checked while it runs
export type Command = CommandDef<any>;

/** By name; each is loaded when it is asked for. */
export type Commands = Readonly<Record<string, () => Promise<Command>>>;

/** Exit code for what was typed wrong, as of most commands. 1 is for what went wrong. */
const usageExit = 2;

/** @param args what stands behind the program's name. */
export async function runCommandLine(commands: Commands, args: readonly string[], version: string): Promise<number> {
  const [first, ...rest] = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  if (first === undefined || asksHelp(first)) {
    console.log(overview(version));
    return first === undefined ? usageExit : 0;
  }
  if (first === "--version" || first === "-v") {
    console.log(version);
    return 0;
  }
  if (!Object.hasOwn(commands, first)) return unknown(first, Object.keys(summaries), "");
  return runOne(await commands[first]!(), first, rest);
}

async function runOne(command: Command, path: string, args: readonly string[]): Promise<number> {
  const children = command.subCommands as Readonly<Record<string, Command>> | undefined;
  if (children !== undefined) {
    const [name, ...rest] = args;
    if (name === undefined || asksHelp(name)) {
      const rows = Object.entries(children).map(([child, { meta }]) => [child, describedIn(meta)] as const);
      console.log(helpOfGroup(path, describedIn(command.meta), rows));
      return name === undefined ? usageExit : 0;
    }
    if (!Object.hasOwn(children, name)) return unknown(name, Object.keys(children), path);
    return runOne(children[name]!, `${path} ${name}`, rest);
  }
  const takes = (command.args ?? {}) as ArgsDef;
  if (beforeDashes(args).some(asksHelp)) {
    console.log(helpOf(path, describedIn(command.meta), takes));
    return 0;
  }
  try {
    checkArguments(args, takes);
    await runCommand(command, { rawArgs: [...args] });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return failed(error, usageLine(path, takes), path);
  }
}

function failed(error: unknown, usage: string, path: string): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n  ${usage}\n\nphatroom ${path} --help says what there is.`);
    return usageExit;
  }
  const sentence = sentenceOfSystem(error);
  if (sentence === undefined)
    console.error("This is a mistake of phatroom's own; please report it with what follows.\n", error);
  else console.error(sentence);
  return 1;
}

function unknown(name: string, known: readonly string[], group: string): number {
  const meant = nearest(name, known);
  const command = ["phatroom", group, meant].filter(Boolean).join(" ");
  const hint = meant === undefined ? `${command} --help says which there are.` : `Did you mean ${command}?`;
  console.error(`There is no command ${name}. ${hint}`);
  return usageExit;
}

const asksHelp = (text: string): boolean => text === "--help" || text === "-h";

const beforeDashes = (args: readonly string[]): readonly string[] => {
  const dashes = args.indexOf("--");
  return dashes < 0 ? args : args.slice(0, dashes);
};

const describedIn = (meta: Command["meta"]): string =>
  (meta as { readonly description?: string } | undefined)?.description ?? "";
