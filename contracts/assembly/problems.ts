/** What is wrong with a move while it is read: the first of it, and how much more there is. */
import { Kind, Value } from "./value";

let parsing: bool = false;
let problems: i32 = 0;
let firstProblem: string = "";

/** From here on, problems are noted. */
export function beginParsing(): void {
  parsing = true;
  problems = 0;
}

/** Why the move is refused; "" if nothing was wrong with it. */
export function endParsing(): string {
  parsing = false;
  if (problems == 0) return "";
  return problems == 1 ? firstProblem : `${firstProblem} (and ${problems - 1} more)`;
}

export function noteProblem(sentence: string): void {
  // Whatever else comes in comes from the contract itself: if that is wrong, so is the contract.
  if (!parsing) throw new Error(sentence);
  if (problems++ == 0) firstProblem = sentence;
}

export function unexpected(label: string, expected: string, received: Value | null): string {
  return `Invalid ${label}: Expected ${expected} but received ${received === null ? "undefined" : described(received)}`;
}

function described(value: Value): string {
  switch (value.kind) {
    case Kind.Nothing:
      return "null";
    case Kind.Flag:
      return value.asNumber != 0 ? "true" : "false";
    case Kind.Number:
      return numberText(value.asNumber);
    case Kind.Text:
      return `"${value.asText}"`;
    case Kind.Bytes:
      return "Uint8Array";
    case Kind.List:
      return "Array";
    case Kind.Map:
      return "Object";
    default:
      return "undefined";
  }
}

export function alternatives(options: string[]): string {
  const list = `"${options.join('" | "')}"`;
  return options.length > 1 ? `(${list})` : list;
}

/** As JavaScript writes it: without a decimal point where none is needed. */
export function numberText(number: f64): string {
  const text = number.toString();
  return text.endsWith(".0") ? text.substring(0, text.length - 2) : text;
}
