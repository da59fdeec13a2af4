/** Which keys are down, and what they wish. Pure: listeners call it, frames ask it. */
import type { Action, Bindings } from "./keys.ts";
import { actionOf } from "./keys.ts";

/** What held keys and a stick wish, in the camera's directions. */
export interface Wish {
  /** -1 to 1. */
  readonly right: number;
  readonly ahead: number;
  readonly run: boolean;
  /** -1 to 1: looks left or right. */
  readonly turn: number;
}

export class HeldKeys {
  readonly #bindings: () => Bindings;
  readonly #held = new Set<string>();

  /** @param bindings those that hold just now. */
  constructor(bindings: () => Bindings) {
    this.#bindings = bindings;
  }

  /** @returns what the key means, if it was not down already. */
  press(code: string): Action | undefined {
    const action = actionOf(this.#bindings(), code);
    if (action === undefined || this.#held.has(code)) return undefined;
    this.#held.add(code);
    return action;
  }

  release(code: string): void {
    this.#held.delete(code);
  }

  /** When the page loses the keyboard nothing tells it which keys were let go. */
  releaseAll(): void {
    this.#held.clear();
  }

  get wish(): Wish {
    const bindings = this.#bindings();
    const down = (action: Action): number => (bindings[action].some((code) => this.#held.has(code)) ? 1 : 0);
    return {
      right: down("right") - down("left"),
      ahead: down("ahead") - down("back"),
      run: down("run") === 1,
      turn: down("turn-right") - down("turn-left"),
    };
  }
}
