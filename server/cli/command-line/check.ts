/**
 * What somebody typed, held against what a command takes. Citty ignores options that it does not know, and takes one that
 * lacks its value for an empty one; here both are said, and nothing is done.
 */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { ArgDef, ArgsDef } from "citty";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError. */
export function checkArguments(args: readonly string[], definition: ArgsDef): void {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { type }] of Object.entries(definition)) {
    if (type === "positional") continue;
    options[name] = { type: type === "boolean" ? "boolean" : "string" };
    options[camelCase(name)] ??= options[name];
  }
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const given: string[] = [];
  const named = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") given.push(token.value);
    if (token.kind !== "option") continue;
    checkOption(token, definition);
    named.add(token.name);
  }
  checkPositionals(given, definition);
  for (const [name, one] of Object.entries(definition)) {
    if (one.type !== "positional" && one.required === true && !named.has(name) && !named.has(camelCase(name)))
      throw new UsageError(`${optionText(name, one)} is missing: ${said(one)}`);
  }
}

interface OptionToken {
  readonly name: string;
  /** As it was typed: --port, -p. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkOption({ name, rawName, value, inlineValue }: OptionToken, definition: ArgsDef): void {
  const known = Object.keys(definition).filter((one) => definition[one]!.type !== "positional");
  const negated = /^no-(.+)$/.exec(name)?.[1];
  const key = known.find((one) => one === name || camelCase(one) === name || one === negated);
  const one = key === undefined ? undefined : definition[key];
  if (key === undefined || one === undefined || (key === negated && one.type !== "boolean")) {
    const meant = nearest(name, known);
    throw new UsageError(`There is no option ${rawName}.${meant === undefined ? "" : ` Did you mean --${meant}?`}`);
  }
  if (one.type === "boolean" || isOptional(one)) return;
  // What looks like the next option is taken for it; a value that begins with a dash is given as --name=-value.
  if (value === undefined || value === "" || (inlineValue !== true && value.startsWith("-")))
    throw new UsageError(`${optionText(key, one)} needs a value: ${said(one)}`);
}

function checkPositionals(given: readonly string[], definition: ArgsDef): void {
  const wanted = Object.entries(definition).filter(([, { type }]) => type === "positional");
  const missing = wanted.slice(given.length).find(([, one]) => isRequired(one));
  if (missing !== undefined) throw new UsageError(`<${missing[0]}> is missing: ${said(missing[1])}`);
  const extra = given[wanted.length];
  if (extra !== undefined && !wanted.some(([, one]) => takesRest(one)))
    throw new UsageError(`${extra} is one argument too many.`);
}

/** Whether it has to be there. */
export const isRequired = (one: ArgDef): boolean =>
  one.default === undefined && (one.type === "positional" ? one.required !== false : one.required === true);

/** A positional argument that stands for all that follow, too. */
export const takesRest = ({ valueHint }: ArgDef): boolean => valueHint === "…";

/** An option that may stand without its value. */
const isOptional = ({ valueHint = "" }: ArgDef): boolean => valueHint.startsWith("[");

/** As it is typed: --port <port>. */
export function optionText(name: string, one: ArgDef): string {
  if (one.type === "boolean") return `--${name}`;
  return `--${name} ${isOptional(one) ? one.valueHint! : `<${one.valueHint ?? name}>`}`;
}

const said = ({ description = "" }: ArgDef): string =>
  `${description.slice(0, 1).toLowerCase()}${description.slice(1)}.`;

const camelCase = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
