/**
 * The consolidator of `rmrk-tools` 2.1.13: what most of RMRK 2.0 on Kusama was read with. GPL-3.0, unmaintained, and
 * with faults (`tests/rmrk/defects.test.ts`): it is asked, and nothing of it is shipped or copied.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

export interface OracleRemark {
  readonly block: number;
  /** An address. */
  readonly caller: string;
  readonly interaction_type: string;
  readonly version: "2.0.0";
  readonly remark: string;
  readonly extra_ex?: readonly { readonly call: string; readonly value: string; readonly caller: string }[];
}

export interface OracleNft {
  readonly id: string;
  readonly collection: string;
  readonly owner: string;
  readonly rootowner: string;
  readonly pending: boolean;
  readonly burned: string;
  readonly forsale: bigint;
  readonly transferable: number;
  readonly children: readonly { readonly id: string; readonly pending: boolean; readonly equipped: string }[];
  readonly resources: readonly { readonly id: string; readonly pending: boolean }[];
  readonly priority: readonly string[];
  readonly properties: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly reactions: Readonly<Record<string, readonly string[]>>;
}

interface Data {
  nfts: Record<string, OracleNft>;
  collections: Record<
    string,
    { readonly id: string; readonly issuer: string; readonly max: number; readonly count: number }
  >;
  bases: Record<
    string,
    {
      readonly issuer: string;
      readonly parts: readonly { readonly id: string; readonly equippable?: "*" | readonly string[] }[];
      readonly themes?: Readonly<Record<string, object>>;
    }
  >;
}

interface Consolidator {
  readonly dbAdapter: Data;
  consolidate(remarks: readonly OracleRemark[]): Promise<{ readonly invalid: readonly { readonly message: string }[] }>;
}

interface Tools {
  readonly Consolidator: new (prefix: number) => Consolidator;
}

/** Why it cannot be asked; undefined if it can. */
export const missing = existsSync(new URL("node_modules/rmrk-tools/package.json", import.meta.url))
  ? undefined
  : "rmrk-tools is not installed: npm ci --prefix tests/oracles";

let tools: Tools | undefined;

export class Oracle {
  #consolidator: Consolidator;
  #refused = 0;

  constructor(prefix: number) {
    tools ??= quietly(() => createRequire(import.meta.url)("rmrk-tools") as Tools);
    this.#consolidator = new tools.Consolidator(prefix);
  }

  get data(): Data {
    return this.#consolidator.dbAdapter;
  }

  /** @returns why it was refused; undefined if it was accepted. */
  async say(remark: OracleRemark): Promise<string | undefined> {
    const { invalid } = await quietly(() => this.#consolidator.consolidate([remark]));
    const refusal = invalid[this.#refused]?.message;
    this.#refused = invalid.length;
    return refusal;
  }

  /** As `say`, and then as if it had not been said. */
  async wouldSay(remark: OracleRemark): Promise<string | undefined> {
    const { data } = this;
    const before = copy({ nfts: data.nfts, collections: data.collections, bases: data.bases });
    const refusal = await this.say(remark);
    Object.assign(data, before);
    return refusal;
  }
}

/** With prototypes: it calls methods of what it keeps. */
function copy<T>(tree: T): T {
  if (typeof tree !== "object" || tree === null) return tree;
  const twin = (Array.isArray(tree) ? [] : Object.create(Object.getPrototypeOf(tree) as object)) as Record<
    string,
    unknown
  >;
  for (const [key, value] of Object.entries(tree)) twin[key] = copy(value);
  return twin as T;
}

/** It prints several lines for each remark that it refuses. */
function quietly<T>(run: () => T): T {
  const names = ["log", "error", "warn", "info"] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = () => undefined;
  const after = (): void => names.forEach((name, at) => (console[name] = before[at]!));
  let result: T | undefined;
  try {
    result = run();
    return result;
  } finally {
    if (result instanceof Promise) void result.finally(after).catch(() => undefined);
    else after();
  }
}
