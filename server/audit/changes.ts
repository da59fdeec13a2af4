/** How two values differ, place by place. */
import { equalBytes } from "#protocol/bytes.ts";
import { isRecord, type Value } from "#protocol/value.ts";

/** `undefined` where there is nothing. */
export interface Change {
  /** Such as `board[3].stone`; empty for the whole value. */
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** More than a person reads. */
const changesMax = 200;

export function changesBetween(before: Value | undefined, after: Value | undefined): Change[] {
  const changes: Change[] = [];
  walk("", before, after, changes);
  return changes.slice(0, changesMax);
}

function walk(path: string, before: Value | undefined, after: Value | undefined, changes: Change[]): void {
  if (changes.length > changesMax || same(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, now] = [before as readonly Value[], after as readonly Value[]];
    for (let i = 0; i < Math.max(old.length, now.length); i++) walk(`${path}[${i}]`, old[i], now[i], changes);
  } else if (before !== undefined && after !== undefined && isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? `${path === "" ? "" : "."}${key}` : `[${JSON.stringify(key)}]`;
      walk(path + name, member(before, key), member(after, key), changes);
    }
  } else {
    changes.push({ path, before, after });
  }
}

const member = (of: { readonly [key: string]: Value }, key: string): Value | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;

function same(before: Value | undefined, after: Value | undefined): boolean {
  if (before instanceof Uint8Array && after instanceof Uint8Array) return equalBytes(before, after);
  return Object.is(before, after);
}
