/** Reads the members of a policy: objects, numbers, lists and texts, each strictly. */
import { AttestationError, type AttestationErrorCode, demand } from "./errors.ts";

export const hexOf =
  (...digits: readonly number[]) =>
  (value: unknown): value is string =>
    typeof value === "string" && digits.includes(value.length) && /^[0-9a-f]+$/.test(value);

export function optional<N extends string, T>(
  name: N,
  given: Readonly<Record<string, unknown>>,
  read: (value: unknown, name: string) => T,
): { readonly [name in N]?: T } {
  return given[name] === undefined ? {} : ({ [name]: read(given[name], name) } as { readonly [name in N]?: T });
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function members(
  value: unknown,
  needed: readonly string[],
  allowed: readonly string[],
): Readonly<Record<string, unknown>> {
  demand(isObject(value), "policy-malformed", "not an object");
  for (const key of Object.keys(value)) {
    demand(needed.includes(key) || allowed.includes(key), "policy-unknown-member", key);
  }
  for (const key of needed) demand(Object.hasOwn(value, key), "policy-malformed", `${key} is missing`);
  return value;
}

export function whole(value: unknown, min: number, max: number, name: string): number {
  demand(
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max,
    "policy-malformed",
    name,
  );
  return value;
}

/** A policy names a handful of everything; a thousand is a list of a fleet's machines. */
const listMax = 1024;

export function list<T>(
  value: unknown,
  is: (item: unknown) => item is T,
  name: string,
  otherwise: AttestationErrorCode = "policy-malformed",
): readonly T[] {
  refuseWildcard(value, name);
  demand(Array.isArray(value) && value.length <= listMax, "policy-malformed", name);
  const items: readonly unknown[] = value;
  for (const item of items) refuseWildcard(item, name);
  if (!items.every(is)) throw new AttestationError(otherwise, name);
  return items;
}

/** An empty list would accept nothing; whoever writes one means something else. */
export function filled<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  const items = list(value, is, name);
  demand(items.length > 0, "policy-malformed", `${name} is empty`);
  return items;
}

/** What software may run is never left open. */
export function measurements<T>(value: unknown, is: (item: unknown) => item is T, name: string): readonly T[] {
  demand(value !== undefined && !isEmpty(value), "policy-no-measurements", name);
  return filled(value, is, name);
}

export const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Texts that mean "whatever" somewhere else: here everything is named. */
export function refuseWildcard(value: unknown, name: string): void {
  const wild = typeof value === "string" && (value === "" || /[*?]/.test(value) || /^(any|all)$/i.test(value));
  demand(!wild, "policy-wildcard", name);
}

export const hashes = (value: unknown, name: string): readonly string[] => filled(value, hexOf(64), name);
