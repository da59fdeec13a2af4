/** Blocks from the base on: which forks there are, which is the best, and up to where nothing is taken back. */
import { DevnetError } from "../errors.ts";
import type { Trie } from "../trie/trie.ts";
import type { BlockHash } from "./header.ts";
import type { StoredBlock } from "./store.ts";

export interface Block extends StoredBlock {
  /** Undefined for the base. */
  readonly parent: Block | undefined;
  readonly state: Trie;
}

/** Blocks that are no longer on the best chain, newest first, and those that now are, oldest first. */
export interface Switch {
  readonly retracted: readonly Block[];
  readonly enacted: readonly Block[];
}

export class BlockTree {
  readonly #blocks = new Map<BlockHash, Block>();
  /** The best chain, from the base on. */
  #canonical: Block[];
  #finalized: Block;

  constructor(base: Block) {
    this.#blocks.set(base.hash, base);
    this.#canonical = [base];
    this.#finalized = base;
  }

  get base(): Block {
    return this.#canonical[0]!;
  }

  get best(): Block {
    return this.#canonical.at(-1)!;
  }

  get finalized(): Block {
    return this.#finalized;
  }

  get(hash: BlockHash): Block | undefined {
    return this.#blocks.get(hash);
  }

  /** On the best chain; undefined below the base and above the best block. */
  at(number: number): Block | undefined {
    return this.#canonical[number - this.base.number];
  }

  canonical(block: Block): boolean {
    return this.at(block.number) === block;
  }

  children(parent: Block): number {
    let count = 0;
    for (const block of this.#blocks.values()) if (block.parent === parent) count++;
    return count;
  }

  add(block: Block): void {
    this.#blocks.set(block.hash, block);
  }

  /** @throws DevnetError "finality-contradicted". */
  setBest(block: Block): Switch {
    const enacted: Block[] = [];
    let common = block;
    while (!this.canonical(common)) {
      enacted.push(common);
      common = parentOf(common);
    }
    if (common.number < this.#finalized.number) throw new DevnetError("finality-contradicted");
    const retracted = this.#canonical.splice(common.number - this.base.number + 1).reverse();
    enacted.reverse();
    this.#canonical.push(...enacted);
    return { retracted, enacted };
  }

  /**
   * @param block on the best chain.
   * @returns what is final now and was not, oldest first. @throws DevnetError "finality-contradicted".
   */
  finalize(block: Block): readonly Block[] {
    if (block.number < this.#finalized.number) throw new DevnetError("finality-contradicted");
    const from = this.#finalized.number + 1 - this.base.number;
    this.#finalized = block;
    return this.#canonical.slice(from, block.number + 1 - this.base.number);
  }

  /**
   * Lets go of states below a finalized block, and of forks that branched off there.
   *
   * @returns the way to the new base, and blocks of those forks.
   */
  moveBase(base: Block): { readonly path: readonly Block[]; readonly dropped: readonly Block[] } {
    const passed = this.#canonical.splice(0, base.number - this.base.number);
    const kept = new Set<Block>();
    const rooted: Block = Object.assign(base, { parent: undefined });
    const dropped: Block[] = [];
    for (const block of this.#inOrder()) {
      if (block === rooted || (block.parent !== undefined && kept.has(block.parent))) kept.add(block);
      else {
        this.#blocks.delete(block.hash);
        if (!passed.includes(block)) dropped.push(block);
      }
    }
    return { path: [...passed.slice(1), rooted], dropped };
  }

  /** Parents before children. */
  #inOrder(): Block[] {
    return [...this.#blocks.values()].sort((a, b) => a.number - b.number);
  }
}

function parentOf({ parent }: Block): Block {
  if (parent === undefined) throw new DevnetError("finality-contradicted");
  return parent;
}
