/** What a room has said: kept for whoever looks, and told to the page. */
import type { VoucherEntry } from "#protocol/award.ts";
import type { FrozenReason, OutcomeEntry, RosterEntry, Status, UpdateMessage } from "#protocol/message.ts";
import type { Value } from "#protocol/value.ts";
import type { LinkedMessage } from "#protocol/wallet.ts";
import type { Components } from "#contract/components.ts";
import type { Emitter } from "./emitter.ts";
import { EntityStore } from "./entities/entity-store.ts";
import type { Environment } from "./environment.ts";
import { asClientError, ClientError } from "./errors.ts";
import type { RevealedLog, RoomEvents } from "./room.ts";
import type { RoomMessage } from "./session.ts";
import { Standing } from "./standing.ts";
import { TickClock } from "./tick-clock.ts";
import { ViewStore } from "./view-store.ts";
import { Vouchers } from "./vouchers.ts";
import type { WitnessKeeper } from "./witness-keeper.ts";

export interface HeardSetup {
  readonly environment: Pick<Environment, "now">;
  /** Whether views are frozen objects. */
  readonly freeze: boolean;
  readonly components: Components | undefined;
  readonly keeper: Pick<WitnessKeeper, "take">;
  readonly emitter: Emitter<RoomEvents<Value>>;
  readonly answered: (outcome: OutcomeEntry) => void;
  /** @throws ClientError if nobody asked. */
  readonly linked: (message: LinkedMessage) => void;
  /** The room says that it goes on after it was frozen. @returns whether it is believed. */
  readonly thaws: () => boolean;
  /** The room has handed out a witness. */
  readonly witnessed: () => void;
  /** What was said cannot be: whoever said it is not listened to any more. */
  readonly drop: (error: unknown) => void;
}

export class Heard {
  /** Undefined where nobody asks for rows. */
  readonly entities: EntityStore | undefined;
  readonly clock: TickClock;
  readonly standing: Standing;
  readonly #setup: HeardSetup;
  readonly #views: ViewStore;
  readonly #vouchers = new Vouchers();
  #hz: number;
  #roundTripMs: number | undefined;
  #revealed: RevealedLog | null = null;

  /** @param hz boundaries a second. @param frozen why it is frozen; null if it is not. */
  constructor(setup: HeardSetup, hz: number, frozen: FrozenReason | null) {
    const { environment, freeze, components } = setup;
    this.#setup = setup;
    this.#hz = hz;
    this.entities = components && new EntityStore(components, hz, environment.now);
    this.clock = new TickClock(environment.now);
    this.standing = new Standing(frozen);
    this.#views = new ViewStore(freeze);
  }

  get view(): Value | null {
    return this.#views.view;
  }

  get roster(): readonly RosterEntry[] {
    return this.standing.roster;
  }

  get status(): Status {
    return this.standing.status;
  }

  get vouchers(): readonly VoucherEntry[] {
    return this.#vouchers.all();
  }

  get revealed(): RevealedLog | null {
    return this.#revealed;
  }

  /** Of the newest ping that was answered, in ms; undefined before the first. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  hear(message: RoomMessage): void {
    switch (message.type) {
      case "update":
        return this.update(message);
      case "entities":
        return this.#takeEntities(message.body);
      case "pong":
        this.#roundTripMs = Math.max(0, this.#setup.environment.now() - message.at);
        return;
      case "witness":
        return this.#keep(message.witness);
      case "linked":
        return this.#hearOfWallet(message);
      case "vouchers":
        for (const entry of this.#vouchers.take(message.vouchers)) this.#setup.emitter.emit("voucher", entry);
        return;
      case "frozen":
        return this.#freeze(message.reason);
      case "revealed":
        return this.#reveal(message);
      case "admitted":
        return this.#setup.drop(new ClientError("malformed", { detail: "admitted twice" }));
    }
  }

  /** Another channel begins from nothing, though the player still looks at what was said last. */
  rejoined(hz: number, frozen: FrozenReason | null): void {
    this.#hz = hz;
    this.standing.freeze(frozen);
    this.#views.rebase();
    this.entities?.rebase();
  }

  update(update: UpdateMessage): void {
    const { emitter, drop } = this.#setup;
    const { view, roster, status } = this;
    try {
      this.take(update);
    } catch (error) {
      return drop(asClientError(error));
    }
    const { ended } = this.status;
    if (this.roster !== roster) emitter.emit("roster", this.roster, roster);
    if (this.status !== status) emitter.emit("status", this.status, status);
    if (this.view !== view) emitter.emit("view", this.view, view);
    this.tell(update);
    if (ended !== null && status.ended === null) emitter.emit("ended", ended);
  }

  /** Takes over what lasts, before anybody is told. @throws ProtocolError if the patch does not fit. */
  take(update: UpdateMessage): void {
    if (update.patch !== undefined) this.#views.apply(update.patch);
    this.standing.take(update);
    this.clock.set(update.tick, this.#hz, this.standing.moving);
  }

  /** Hands on what does not last. */
  tell(update: UpdateMessage): void {
    const { emitter, answered } = this.#setup;
    for (const outcome of update.outcomes ?? []) answered(outcome);
    for (const message of update.sent ?? []) emitter.emit("message", message);
    for (const award of update.awards ?? []) emitter.emit("award", award);
    for (const ticket of update.tickets ?? []) emitter.emit("ticket", ticket);
  }

  #hearOfWallet(message: LinkedMessage): void {
    const { linked, drop } = this.#setup;
    try {
      linked(message);
    } catch (error) {
      drop(asClientError(error));
    }
  }

  #keep(witness: Uint8Array): void {
    const { keeper, witnessed, drop } = this.#setup;
    try {
      keeper.take(witness);
    } catch (error) {
      return drop(asClientError(error));
    }
    witnessed();
  }

  #reveal({ records, head }: RevealedLog): void {
    if (this.#revealed !== null) return;
    this.#revealed = { records, head };
    this.#setup.emitter.emit("revealed", this.#revealed);
  }

  #freeze(reason: FrozenReason | null): void {
    const { standing, clock } = this;
    if (reason === standing.frozen) return;
    if (reason === null && !this.#setup.thaws()) return;
    const { status } = this;
    standing.freeze(reason);
    if (standing.moving) clock.set(clock.tick, this.#hz, true);
    else clock.stop();
    this.#setup.emitter.emit("status", this.status, status);
  }

  #takeEntities(body: Uint8Array): void {
    try {
      this.entities?.apply(body);
    } catch (error) {
      this.#setup.drop(asClientError(error));
    }
  }
}
