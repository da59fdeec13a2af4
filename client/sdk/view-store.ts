/** One viewer's view, kept up to date by patches. Immutable; parts that do not change stay the same objects. */
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { valueNodesMax } from "#protocol/limits.ts";
import { applyPatch } from "#protocol/patch.ts";
import { checkValue, isRecord, type Value } from "#protocol/value.ts";

export class ViewStore {
  readonly #freeze: boolean;
  /** What this channel's next patch applies to: null until its first one. */
  #base: Value = null;
  #view: Value = null;
  /** At least as many nodes as the base has. */
  #nodes = 1;

  constructor(freeze: boolean) {
    this.#freeze = freeze;
  }

  /** The newest view that was shown, on this channel or the one before; null before the first. */
  get view(): Value {
    return this.#view;
  }

  /** A new channel starts from nothing, though the player still looks at the last view. */
  rebase(): void {
    this.#base = null;
    this.#nodes = 1;
  }

  /**
   * Applies the next patch. Returns whether the view changed.
   *
   * @throws ProtocolError "malformed", "too-long". The view stays as it was.
   */
  apply(patch: unknown): boolean {
    const nodes = this.#nodes + nodesOf(patch);
    const next = keepUnchanged(this.#view, applyPatch(this.#base, patch));
    // Patches add up: counting what they bring is cheap, counting the whole view is for when that sum runs out.
    this.#nodes = nodes > valueNodesMax ? countNodes(next) : nodes;
    if (this.#nodes > valueNodesMax) throw new ProtocolError("too-long", "view");
    const changed = next !== this.#view;
    this.#base = next;
    this.#view = next;
    if (this.#freeze) freezeNew(next);
    return changed;
  }
}

/** How many nodes a patch brings. @throws ProtocolError if it brings anything that is no value tree. */
function nodesOf(patch: unknown): number {
  if (!Array.isArray(patch)) return 0;
  const [kind, first, second] = patch as readonly unknown[];
  if (kind === 0) return countNodes(checkValue(first));
  const members = kind === 2 ? first : second;
  if (!isRecord(members)) return 0;
  let nodes = 0;
  for (const member of Object.values(members)) nodes += nodesOf(member);
  return nodes;
}

function countNodes(value: Value): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item: Value) => sum + countNodes(item), 1);
  if (!isRecord(value)) return 1;
  let nodes = 1;
  for (const member of Object.values(value)) nodes += countNodes(member);
  return nodes;
}

/** `next`, with every part that equals its counterpart in `previous` replaced by that counterpart. */
export function keepUnchanged(previous: Value, next: Value): Value {
  if (Object.is(previous, next)) return previous;
  if (previous instanceof Uint8Array) {
    return next instanceof Uint8Array && equalBytes(previous, next) ? previous : next;
  }
  if (Array.isArray(previous)) return Array.isArray(next) ? keepItems(previous, next) : next;
  if (isRecord(previous) && isRecord(next)) return keepMembers(previous, next);
  return next;
}

function keepItems(previous: readonly Value[], next: readonly Value[]): readonly Value[] {
  let same = previous.length === next.length;
  const kept = next.map((item, i) => {
    const keep = i < previous.length ? keepUnchanged(previous[i]!, item) : item;
    if (i < previous.length && !Object.is(keep, previous[i])) same = false;
    return keep;
  });
  return same ? previous : kept;
}

type Members = { readonly [key: string]: Value };

function keepMembers(previous: Members, next: Members): Members {
  const keys = Object.keys(next);
  let same = Object.keys(previous).length === keys.length;
  const kept: Record<string, Value> = {};
  for (const key of keys) {
    const had = Object.hasOwn(previous, key);
    kept[key] = had ? keepUnchanged(previous[key]!, next[key]!) : next[key]!;
    if (!had || !Object.is(kept[key], previous[key])) same = false;
  }
  return same ? previous : kept;
}

/** Freezes what is not frozen yet; below a frozen part everything is. Bytes cannot be frozen. */
function freezeNew(value: Value): void {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value as Members)) freezeNew(part);
}
