/** What `--help` prints: of the whole command, of a group of commands, and of one. */
import { styleText } from "node:util";
import type { ArgDef, ArgsDef } from "citty";
import { sections, summaries } from "../summaries.ts";
import { isRequired, optionText, takesRest } from "./check.ts";

type Row = readonly [left: string, right: string];

/** Colours only where they are seen: `styleText` looks at the stream, NO_COLOR and FORCE_COLOR. */
const heading = (text: string): string => styleText("bold", text, { stream: process.stdout });
const faint = (text: string): string => styleText("dim", text, { stream: process.stdout });

export function overview(version: string): string {
  const rows = sections.flatMap(([, names]) => names.map((name): Row => [name, summaries[name]]));
  return [
    `phatroom ${version}: game rooms that nobody can peek into`,
    "",
    "  phatroom <command> [options]",
    ...sections.flatMap(([title, names]) => [
      "",
      heading(title),
      ...columns(
        names.map((name): Row => [name, summaries[name]]),
        rows,
      ),
    ]),
    "",
    "phatroom <command> --help says more about one of them. phatroom --version says which this is.",
  ].join("\n");
}

/** @param names as somebody types them. */
export function helpOfGroup(path: string, description: string, commands: readonly Row[]): string {
  return [
    description,
    "",
    `  phatroom ${path} <command>`,
    "",
    ...columns(commands),
    "",
    `phatroom ${path} <command> --help says more about one of them.`,
  ].join("\n");
}

export function helpOf(path: string, description: string, args: ArgsDef): string {
  const all = Object.entries(args);
  const positionals = all.filter(([, { type }]) => type === "positional");
  const options = all.filter(([, { type }]) => type !== "positional");
  const rows = [
    positionals.map(([name, one]): Row => [name, explained(one)]),
    options.map(([name, one]): Row => [optionText(name, one), explained(one)]),
  ] as const;
  return [
    description,
    "",
    `  ${usageLine(path, args)}`,
    ...rows.flatMap((some) => (some.length === 0 ? [] : ["", ...columns(some, rows.flat())])),
  ].join("\n");
}

/** How it is typed. */
export function usageLine(path: string, args: ArgsDef): string {
  const parts = Object.entries(args).flatMap(([name, one]) => {
    if (one.type !== "positional") return isRequired(one) ? [optionText(name, one)] : [];
    const more = takesRest(one) ? " …" : "";
    return [isRequired(one) ? `<${name}>${more}` : `[${name}]${more}`];
  });
  const optional = Object.values(args).some((one) => one.type !== "positional" && !isRequired(one));
  return ["phatroom", path, ...parts, ...(optional ? ["[options]"] : [])].join(" ");
}

const explained = (one: ArgDef): string => {
  const { description = "", default: otherwise } = one;
  return otherwise === undefined || otherwise === false
    ? description
    : `${description} ${faint(`(default: ${otherwise})`)}`;
};

/** @param all what else stands below each other with these. */
function columns(rows: readonly Row[], all: readonly Row[] = rows): string[] {
  const width = Math.max(...all.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
