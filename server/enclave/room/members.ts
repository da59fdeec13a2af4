/** Who is seated as far as the room has been told, and who of them is there. */
import type { PlayerId } from "#protocol/identity.ts";
import type { Player } from "#contract/abi.ts";

export interface Member extends Player {
  readonly id: PlayerId;
  readonly name: string;
  readonly present: boolean;
  /** What is left of `pauseMs`. */
  readonly pauseLeftMs: number;
  /** The room that let them through to here, if one did: there they are let back to, with what comes of this one. */
  readonly from?: { readonly room: string; readonly contract: string };
}

export class Members {
  readonly #bySeat = new Map<number, Member>();
  readonly #byPlayer = new Map<PlayerId, Member>();
  #sorted: readonly Member[] | undefined;

  get size(): number {
    return this.#bySeat.size;
  }

  /** By seat number. */
  all(): readonly Member[] {
    return (this.#sorted ??= [...this.#bySeat.values()].sort((a, b) => a.seat - b.seat));
  }

  at(seat: number): Member | undefined {
    return this.#bySeat.get(seat);
  }

  of(player: PlayerId): Member | undefined {
    return this.#byPlayer.get(player);
  }

  set(member: Member): void {
    const before = this.#bySeat.get(member.seat);
    if (before !== undefined) this.#byPlayer.delete(before.id);
    this.#bySeat.set(member.seat, member);
    this.#byPlayer.set(member.id, member);
    this.#sorted = undefined;
  }

  remove(member: Member): void {
    this.#bySeat.delete(member.seat);
    this.#byPlayer.delete(member.id);
    this.#sorted = undefined;
  }
}

/** What a contract is told about somebody seated. */
export const asPlayer = ({ id, seat }: Pick<Member, "id" | "seat">): Player => ({ id, seat });
