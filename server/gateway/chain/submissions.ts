/** Transactions that were handed to the node, and how far each has come there. Given again, they are not sent again. */
import { isRecord } from "#protocol/value.ts";
import { NodeRefusal, type ChainNode } from "./node.ts";
import { toHex } from "./node-values.ts";

/** At once; workers have one for each of their keys. */
const followedMax = 256;

/** Of JSON-RPC `author_*`: the pool has it already. */
const alreadyImported = 1013;

type Standing = "waiting" | "in-block";

export class Submissions {
  readonly #node: ChainNode;
  readonly #standing = new Map<string, Standing>();

  constructor(node: ChainNode) {
    this.#node = node;
  }

  /** The node is gone: whether it ever had them, nobody knows. */
  forget(): void {
    this.#standing.clear();
  }

  /** @throws NodeAway; NodeRefusal if the node does not take it. */
  async submit(transaction: Uint8Array): Promise<Standing> {
    const text = toHex(transaction);
    const before = this.#standing.get(text);
    if (before !== undefined) return before;
    if (this.#standing.size >= followedMax) this.#standing.clear();
    this.#standing.set(text, "waiting");
    try {
      await this.#node.subscribe("author_submitAndWatchExtrinsic", [text], (status) => this.#told(text, status));
    } catch (error) {
      this.#standing.delete(text);
      if (!(error instanceof NodeRefusal) || error.code !== alreadyImported) throw error;
    }
    return this.#standing.get(text) ?? "waiting";
  }

  /** Once nothing more is said of it, it may be sent again: whether that is of use, its signer knows. */
  #told(text: string, status: unknown): "over" | undefined {
    if (isOver(status)) {
      this.#standing.delete(text);
      return "over";
    }
    if (!this.#standing.has(text) || !isRecord(status)) return undefined;
    if ("inBlock" in status) this.#standing.set(text, "in-block");
    else if ("retracted" in status) this.#standing.set(text, "waiting");
    return undefined;
  }
}

const isOver = (status: unknown): boolean =>
  status === "dropped" ||
  status === "invalid" ||
  (isRecord(status) && ["finalized", "usurped", "finalityTimeout"].some((name) => name in status));
