/** The number of the newest final block, as the node tells of it; and those who wait for a newer one. */
import { chainLimits } from "#protocol/chain-link.ts";
import { NodeAway, type ChainNode } from "./node.ts";
import { finalizedNumber } from "./node-questions.ts";
import { numberOf } from "./node-values.ts";

interface Waiting {
  readonly number: number;
  readonly resolve: (newer: boolean) => void;
  readonly reject: (error: Error) => void;
}

export class NewestFinal {
  readonly #node: ChainNode;
  readonly #waiting = new Set<Waiting>();
  #number: number | undefined;

  constructor(node: ChainNode) {
    this.#node = node;
  }

  /** The node was reached. */
  follow(): void {
    const told = (header: unknown): undefined => {
      try {
        this.#take(numberOf(header));
      } catch {
        // Whoever waits asks again.
      }
    };
    void this.#node
      .subscribe("chain_subscribeFinalizedHeads", [], told)
      .then(() => finalizedNumber(this.#node))
      .then((number) => this.#take(number))
      .catch(() => undefined);
  }

  /** The node is gone. */
  lost(): void {
    this.#number = undefined;
    for (const { reject } of this.#waiting) reject(new NodeAway("gone"));
    this.#waiting.clear();
  }

  /** Resolves when there is one above this, or after a while. @throws NodeAway. */
  above(number: number): Promise<boolean> {
    if (!this.#node.reached) return Promise.reject(new NodeAway("not connected"));
    if (this.#number !== undefined && this.#number > number) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const settled = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
      };
      const waiting: Waiting = {
        number,
        resolve: (newer) => {
          settled();
          resolve(newer);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      const timer = setTimeout(() => waiting.resolve(false), chainLimits.newerMs);
      this.#waiting.add(waiting);
    });
  }

  #take(number: number): void {
    this.#number = number;
    for (const waiting of this.#waiting) if (number > waiting.number) waiting.resolve(true);
  }
}
