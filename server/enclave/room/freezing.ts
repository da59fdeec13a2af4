/** Freezing a room, and thawing it: nothing happens meanwhile, it is nobody's absence, and everybody here is told why. */
import { ProtocolError } from "#protocol/errors.ts";
import type { FrozenReason } from "#protocol/message.ts";
import type { Audience, ConnectionId } from "./audience.ts";
import type { HeldOutput } from "./held-output.ts";
import type { Presence } from "./presence.ts";
import type { Standstill } from "./standstill.ts";

export interface FreezingSetup {
  readonly standstill: Standstill;
  readonly presence: Presence;
  readonly audience: Audience;
  readonly output: Pick<HeldOutput, "sendAtOnce" | "abandon">;
}

export class Freezing {
  readonly #setup: FreezingSetup;

  constructor(setup: FreezingSetup) {
    this.#setup = setup;
  }

  /** Why it is frozen; null while it is not. */
  get reason(): FrozenReason | null {
    return this.#setup.standstill.frozen;
  }

  /** Being let in rests on what the store has not confirmed. @throws ProtocolError with the reason, if it is the store's. */
  checkStore(): void {
    const { reason } = this;
    if (reason !== null && reason !== "rolled-back") throw new ProtocolError(reason);
  }

  /** @returns whether anything is different now: what is rolled back does not freeze for another reason. */
  freeze(reason: FrozenReason, now: number): boolean {
    const { presence, standstill, output } = this.#setup;
    const { reason: before } = this;
    if (before === reason || before === "rolled-back") return false;
    presence.charge(now);
    standstill.freeze(reason, now);
    // What is held rests on a history that is in doubt.
    if (reason === "rolled-back") output.abandon();
    this.#tellAll(reason);
    return true;
  }

  /** @returns whether it goes on; it does not if it is not frozen, or rolled back. */
  thaw(now: number): boolean {
    const { presence, standstill } = this.#setup;
    const { reason } = this;
    if (reason === null || reason === "rolled-back") return false;
    presence.charge(now);
    presence.excuse(standstill.thaw(now));
    this.#tellAll(null);
    return true;
  }

  /** Somebody has just come. */
  tell(connection: ConnectionId): void {
    const { reason } = this;
    if (reason !== null) this.#setup.output.sendAtOnce(connection, { type: "frozen", reason });
  }

  #tellAll(reason: FrozenReason | null): void {
    const { audience, output } = this.#setup;
    for (const { connection } of audience.all()) output.sendAtOnce(connection, { type: "frozen", reason });
  }
}
