/** Vectors as JSON, and how today's code is compared with them. Runs in Node and in a page. */
import { bytesToHex } from "#protocol/bytes.ts";
import type { Case } from "./protocol-cases.ts";

/** One vector in the file. Bytes inside `input` are `"hex:…"`. */
export interface Golden {
  readonly name: string;
  readonly input: unknown;
  readonly bytes: string;
}

export const goldenOf = (one: Case): Golden => ({
  name: one.name,
  input: asJson(one.input),
  bytes: bytesToHex(one.bytes),
});

function asJson(tree: unknown): unknown {
  if (tree instanceof Uint8Array) return `hex:${bytesToHex(tree)}`;
  if (Array.isArray(tree)) return tree.map(asJson);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, member]) => [key, asJson(member)]));
}

/** What differs between today's cases and the file: in names, inputs, bytes, or in what is read from the bytes. */
export function differences(cases: readonly Case[], file: readonly Golden[]): string[] {
  const found: string[] = [];
  const golden = new Map(file.map((vector) => [vector.name, vector]));
  for (const one of cases) {
    const vector = golden.get(one.name);
    const today = goldenOf(one);
    if (vector === undefined) found.push(`${one.name}: not in the file`);
    else if (vector.bytes !== today.bytes) found.push(`${one.name}: ${vector.bytes} became ${today.bytes}`);
    else if (!sameJson(vector.input, today.input)) found.push(`${one.name}: another input`);
    if (one.read !== undefined && !sameJson(asJson(one.read), today.input))
      found.push(`${one.name}: read as something else`);
    golden.delete(one.name);
  }
  for (const name of golden.keys()) found.push(`${name}: in the file only`);
  return found;
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Members in the order of their names: a reader may build an object in another order than the writer. */
function sorted(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(sorted);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
