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

  get size(): number {
    return this.#bySeat.size;
  }

  /** By seat number. */
  all(): Member[] {
    return [...this.#bySeat.values()].sort((a, b) => a.seat - b.seat);
  }

  at(seat: number): Member | undefined {
    return this.#bySeat.get(seat);
  }

  of(player: PlayerId): Member | undefined {
    for (const member of this.#bySeat.values()) if (member.id === player) return member;
    return undefined;
  }

  set(member: Member): void {
    this.#bySeat.set(member.seat, member);
  }

  remove(member: Member): void {
    this.#bySeat.delete(member.seat);
  }
}

/** What a contract is told about somebody seated. */
export const asPlayer = ({ id, seat }: Pick<Member, "id" | "seat">): Player => ({ id, seat });
