/** How things stand in a room, by its own word: who is there, in which phase it is, and whether it is frozen. */
import type { FrozenReason, RosterEntry, Status, UpdateMessage } from "#protocol/message.ts";
import { rosterAfter } from "#protocol/roster.ts";

export class Standing {
  #roster: readonly RosterEntry[] = [];
  /** As the room told it in its updates. */
  #told: Status = { phase: "open", waiting: [], spectators: 0, ended: null };
  #frozen: FrozenReason | null;
  /** Both together. */
  #status: Status = this.#told;

  constructor(frozen: FrozenReason | null) {
    this.#frozen = frozen;
  }

  get roster(): readonly RosterEntry[] {
    return this.#roster;
  }

  get status(): Status {
    return this.#status;
  }

  get frozen(): FrozenReason | null {
    return this.#frozen;
  }

  /** Whether its clock goes. */
  get moving(): boolean {
    return this.#status.phase === "open" || this.#status.phase === "playing";
  }

  take({ roster, seats, status }: UpdateMessage): void {
    if (roster !== undefined) this.#roster = roster;
    if (seats !== undefined) this.#roster = rosterAfter(this.#roster, seats);
    if (status !== undefined) this.#settle(status, this.#frozen);
  }

  freeze(reason: FrozenReason | null): void {
    this.#settle(this.#told, reason);
  }

  #settle(told: Status, frozen: FrozenReason | null): void {
    this.#told = told;
    this.#frozen = frozen;
    this.#status = frozen === null ? told : { ...told, phase: "frozen", frozen };
  }
}
