/** What a contract has asked the world outside and was not answered yet, by the ids that it gave. */
import { requestLimits } from "#protocol/request.ts";

export class Asked {
  readonly #pending = new Set<string>();
  /** Of these: asked since they were last handed out. */
  #fresh = new Set<string>();

  /** In the order in which they were asked. */
  all(): string[] {
    return [...this.#pending];
  }

  /** That were handed out: whoever was to ask for them may have done so. */
  handedOut(): string[] {
    return this.all().filter((id) => !this.#fresh.has(id));
  }

  /** "full" if there are too many already; "known" if this one is under way. */
  add(id: string): "new" | "known" | "full" {
    if (this.#pending.has(id)) return "known";
    if (this.#pending.size >= requestLimits.ids) return "full";
    this.#pending.add(id);
    this.#fresh.add(id);
    return "new";
  }

  /** Goes on with one that was handed out. */
  restore(id: string): void {
    this.#pending.add(id);
  }

  /** Whoever asks for them has them now. */
  handOut(): void {
    this.#fresh = new Set();
  }

  /** Whether this was still to be answered. */
  answered(id: string): boolean {
    this.#fresh.delete(id);
    return this.#pending.delete(id);
  }
}
