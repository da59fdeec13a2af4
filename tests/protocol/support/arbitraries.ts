/** What fast-check draws for this zone: value trees, room ids, hashes. */
import fc from "fast-check";
import type { RoomId } from "#protocol/identity.ts";
import type { Value } from "#protocol/value.ts";

export const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

export const hash = bytesOf(32);

export const hexOf = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789abcdef")), minLength: length, maxLength: length });

export const roomId = hexOf(20).map((text) => text as RoomId);

export const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

/** Text that has a UTF-8 form: no half surrogate pairs. */
export const text = fc.string({ unit: "binary", maxLength: 40 }).filter((string) => string.isWellFormed());

/** Finite, and not -0, which the wire has no place for. */
export const finite = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())
  .map((number) => (number === 0 ? 0 : number));

const key = fc.oneof(
  fc.constantFrom("a", "b", "c", "constructor", "toString", "hasOwnProperty", "length", "0", "7", ""),
  text.filter((name) => name !== "__proto__"),
);

/** A value tree within limits. */
export const value: fc.Arbitrary<Value> = fc.letrec<{ tree: Value }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Value>(null, true, false),
    finite,
    text,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie("tree"), { maxLength: 6 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 6, noNullPrototype: true }),
  ),
})).tree;

/** Two trees that mostly agree, as a view and the next one do: some places are replaced. */
export const valuePair: fc.Arbitrary<readonly [Value, Value]> = fc
  .tuple(value, fc.array(fc.tuple(fc.nat(), value), { maxLength: 4 }))
  .map(([first, changes]) => {
    let second = first;
    for (const [place, replacement] of changes) second = replaceAt(second, place, replacement);
    return [first, second] as const;
  });

/** Replaces, removes or adds something somewhere in a tree, without touching the original. */
function replaceAt(tree: Value, place: number, replacement: Value): Value {
  if (Array.isArray(tree)) {
    const items = [...(tree as readonly Value[])];
    const at = place % (items.length + 1);
    if (place % 5 === 0) items.splice(at, 1);
    else if (at === items.length) items.push(replacement);
    else items[at] = replaceAt(items[at]!, Math.floor(place / (items.length + 1)), replacement);
    return items;
  }
  if (typeof tree === "object" && tree !== null && !(tree instanceof Uint8Array)) {
    const members: Record<string, Value> = { ...(tree as Record<string, Value>) };
    const keys = Object.keys(members);
    const name = keys[place % (keys.length + 1)];
    if (name === undefined) members[`new ${place % 3}`] = replacement;
    else if (place % 5 === 0) delete members[name];
    else members[name] = replaceAt(members[name]!, Math.floor(place / (keys.length + 1)), replacement);
    return members;
  }
  return replacement;
}
