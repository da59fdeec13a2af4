/** Values that all parts of a snapshot share. */
import { accountOf, type AccountId } from "../account.ts";
import { depthOf, type Json } from "../codec/json.ts";
import { balanceMax } from "../limits.ts";
import { malformed, type Reader } from "./bytes.ts";

/** An array of bases, and what nests in one; a property's value lies three levels deep. */
const depthMax = 8;

/**
 * Reads what is kept as JSON. What `write` makes of it must be what stood there, so that one state has one spelling.
 *
 * @throws RmrkError "snapshot-malformed", or a code of reading.
 */
export function readAs<T>(text: string, read: (tree: Json) => T, write: (value: T) => string): T {
  let tree: Json;
  try {
    tree = JSON.parse(text) as Json;
  } catch {
    throw malformed("JSON");
  }
  if (depthOf(tree, depthMax) > depthMax) throw malformed("JSON");
  const value = read(tree);
  if (write(value) !== text) throw malformed("another spelling");
  return value;
}

export const readAccount = (reader: Reader): AccountId => accountOf(reader.bytes(32));

export function readAmount(reader: Reader): bigint {
  const text = reader.text();
  if (!/^(?:0|[1-9][0-9]{0,38})$/.test(text) || BigInt(text) > balanceMax) throw malformed("amount");
  return BigInt(text);
}

/** By key, in the order of code units: what a state holds has no order of its own. */
export const sortedEntries = <K extends string, V>(map: ReadonlyMap<K, V>): readonly (readonly [K, V])[] =>
  Array.from(map).sort(([a], [b]) => (a < b ? -1 : 1));
