/**
 * The tree that a view, a move or a contract's message is: null, boolean, finite number, text, bytes, array, plain object.
 * Nothing else crosses a boundary, so both sides can compare, copy and patch it without surprises.
 */
import { ProtocolError } from "./errors.ts";
import { valueDepthMax, valueNodesMax } from "./limits.ts";

export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [key: string]: Value };

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Whether a value is an object whose members patches may address. */
export const isRecord = (value: unknown): value is { readonly [key: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/**
 * Returns the same value, typed, if it is a tree within limits.
 *
 * @throws ProtocolError "malformed" for NaN, infinities, undefined, class instances, functions, `__proto__` keys;
 *   "too-long" beyond depth or node limits.
 */
export const checkValue = (value: unknown): Value => checkTree(value, valueDepthMax, valueNodesMax);

/** As `checkValue`, within the caller's own limits. */
export function checkTree(value: unknown, depthMax: number, nodesMax: number): Value {
  let nodes = 0;
  const walk = (node: unknown, depth: number): void => {
    if (++nodes > nodesMax || depth > depthMax) throw new ProtocolError("too-long", "value tree");
    switch (typeof node) {
      case "boolean":
      case "string":
        return;
      case "number":
        if (!Number.isFinite(node)) throw new ProtocolError("malformed", "a number that is not finite");
        return;
      case "object":
        break;
      default:
        throw new ProtocolError("malformed", `a ${typeof node} in a value tree`);
    }
    if (node === null || node instanceof Uint8Array) return;
    if (Array.isArray(node)) {
      for (const item of node) walk(item, depth + 1);
      return;
    }
    if (!isPlain(node)) throw new ProtocolError("malformed", "an object that is not plain");
    for (const key of Object.keys(node)) {
      if (key === "__proto__") throw new ProtocolError("malformed", "a key that names the prototype");
      walk((node as Record<string, unknown>)[key], depth + 1);
    }
  };
  walk(value, 0);
  return value as Value;
}
