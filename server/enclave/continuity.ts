/**
 * Whether rooms go on where they were: what returning players remember is held against our history, and what cannot be
 * kept does not go on.
 *
 * A room of which a player remembers more than we know, or something else, is frozen. It is read again as soon as the store
 * has what is missing, or else closed: nothing of a copy that its players have left behind is shown to anybody.
 */
import { ProtocolError } from "#protocol/errors.ts";
import type { FrozenReason } from "#protocol/message.ts";
import { StoreError, type StoreErrorCode } from "#protocol/store.ts";
import { decodeWitness, type Witness } from "#protocol/witness.ts";
import type { HostedRoom, Rooms } from "./rooms.ts";
import { compareWitness } from "./vault/comparison.ts";
import { VaultError } from "./vault/errors.ts";
import type { KeptRoom } from "./vault/kept-room.ts";
import type { Vault } from "./vault/vault.ts";

export interface ContinuityLimits {
  /** So long the host may take to bring back what is missing of a room. */
  readonly frozenMs: number;
  /** After so long without an answer from the store players are told. */
  readonly storePatienceMs: number;
}

/** A person who restores a file needs longer; then the room's link works again. This is for a store that was behind. */
export const continuityLimits: ContinuityLimits = { frozenMs: 30_000, storePatienceMs: 5000 };

export interface ContinuitySetup {
  readonly rooms: Pick<Rooms, "all" | "find" | "forget" | "adopt">;
  readonly vault: Pick<Vault, "holds" | "offers" | "read" | "trouble">;
  /** A room may have work now. */
  readonly touched: (room: HostedRoom) => void;
  /** A room is here again, with what was missing of it. */
  readonly back: (room: HostedRoom) => void;
  /** For the operator; names no room. */
  readonly log: (event: ContinuityEvent) => void;
  /** Monotonic, in ms. */
  readonly now: () => number;
  readonly limits?: Partial<ContinuityLimits> | undefined;
}

export type ContinuityEvent =
  | { readonly event: "room-frozen"; readonly reason: FrozenReason }
  | { readonly event: "room-thawed"; readonly frozenMs: number }
  | { readonly event: "room-rolled-back" };

/** A room that somebody knows more of than we do. */
interface Missing {
  readonly witness: Witness;
  readonly since: number;
  asking: boolean;
}

/** How far a room's log was stored when it was last looked at. */
interface Progress {
  readonly durable: number;
  readonly since: number;
}

export class Continuity {
  readonly #setup: ContinuitySetup;
  readonly #limits: ContinuityLimits;
  readonly #missing = new Map<HostedRoom, Missing>();
  readonly #behind = new Map<HostedRoom, Progress>();

  constructor(setup: ContinuitySetup) {
    this.#setup = setup;
    this.#limits = { ...continuityLimits, ...setup.limits };
  }

  /**
   * Somebody comes with a witness. Freezes the room if our history lacks what it speaks for. A promise if the store has to
   * be asked first.
   *
   * @throws ProtocolError "witness-refused" if no worker of this room made it; the store's code if it cannot be asked.
   */
  present(hosted: HostedRoom, bytes: Uint8Array): void | Promise<void> {
    const { log } = hosted;
    // A room that nobody keeps was never anywhere else.
    if (log === undefined) return undefined;
    let holds: boolean | Promise<boolean>;
    try {
      holds = this.#setup.vault.holds(log, bytes);
    } catch (error) {
      if (error instanceof VaultError) throw new ProtocolError("witness-refused");
      throw error;
    }
    if (holds === true) return undefined;
    if (holds === false) return this.#miss(hosted, decodeWitness(bytes));
    return holds.then(
      (known) => (known ? undefined : this.#miss(hosted, decodeWitness(bytes))),
      (error: unknown) => {
        throw new ProtocolError(codeOfStore(error));
      },
    );
  }

  /** More of a room is durable. */
  durable(hosted: HostedRoom): void {
    const { room, log } = hosted;
    if (log === undefined || log.durable < log.recorded) return;
    this.#behind.delete(hosted);
    if (room.frozen === null || room.frozen === "rolled-back") return;
    room.thaw(this.#setup.now());
    this.#setup.touched(hosted);
  }

  /** Looks after rooms that the store keeps waiting, and after frozen ones. To be called about once a second. */
  look(): void {
    const now = this.#setup.now();
    for (const hosted of this.#setup.rooms.all()) this.#lookAtLog(hosted, now);
    for (const hosted of this.#behind.keys()) if (this.#isGone(hosted)) this.#behind.delete(hosted);
    for (const [hosted, missing] of this.#missing) {
      if (this.#isGone(hosted)) this.#missing.delete(hosted);
      else if (now - missing.since >= this.#limits.frozenMs) this.#giveUp(hosted);
      else void this.#lookFor(hosted, missing);
    }
  }

  #miss(hosted: HostedRoom, witness: Witness): void {
    if (this.#missing.has(hosted)) return;
    this.#missing.set(hosted, { witness, since: this.#setup.now(), asking: false });
    this.#freeze(hosted, "rolled-back");
  }

  #freeze(hosted: HostedRoom, reason: FrozenReason): void {
    const { room } = hosted;
    if (room.frozen === reason) return;
    room.freeze(reason, this.#setup.now());
    this.#setup.log({ event: "room-frozen", reason });
    this.#setup.touched(hosted);
  }

  /** No answer is as bad as a bad one: in either case nothing that happens is safe from a crash. */
  #lookAtLog(hosted: HostedRoom, now: number): void {
    const { log } = hosted;
    if (log === undefined) return;
    if (log.durable === log.recorded) return void this.#behind.delete(hosted);
    const before = this.#behind.get(hosted);
    if (before?.durable !== log.durable) return void this.#behind.set(hosted, { durable: log.durable, since: now });
    if (now - before.since < this.#limits.storePatienceMs) return;
    this.#freeze(hosted, frozenBy(this.#setup.vault.trouble));
  }

  async #lookFor(hosted: HostedRoom, missing: Missing): Promise<void> {
    if (missing.asking) return;
    missing.asking = true;
    try {
      const kept = await this.#restored(hosted, missing.witness);
      if (kept !== undefined && !this.#isGone(hosted)) this.#thaw(hosted, missing, kept);
    } catch {
      // The store cannot be asked, or has something else still: there is time left.
    } finally {
      missing.asking = false;
    }
  }

  /** The room with everything that this witness speaks for, if the store has it by now. */
  async #restored({ room, log }: HostedRoom, witness: Witness): Promise<KeptRoom | undefined> {
    const { vault } = this.#setup;
    if (log === undefined || !(await vault.offers(log, witness))) return undefined;
    const kept = await vault.read(room.id);
    if (kept === undefined) return undefined;
    // The store said so; now its records have. Heads of long ago were vouched for by the snapshot that was read.
    return compareWitness(witness, kept.position.heads).found === "unknown" ? undefined : kept;
  }

  /** The frozen copy ends here; its players join the other one and present what they remember once more. */
  #thaw(hosted: HostedRoom, { since }: Missing, kept: KeptRoom): void {
    const { rooms, now, log, back } = this.#setup;
    this.#missing.delete(hosted);
    rooms.forget(hosted, "room-moved");
    back(rooms.adopt(hosted.room.id, kept, now()));
    log({ event: "room-thawed", frozenMs: Math.round(now() - since) });
  }

  #giveUp(hosted: HostedRoom): void {
    this.#missing.delete(hosted);
    this.#setup.log({ event: "room-rolled-back" });
    this.#setup.rooms.forget(hosted, "rolled-back");
  }

  #isGone(hosted: HostedRoom): boolean {
    return this.#setup.rooms.find(hosted.room.id) !== hosted;
  }
}

const frozenBy = (trouble: StoreErrorCode | undefined): FrozenReason =>
  trouble === "store-full" || trouble === "store-damaged" ? trouble : "store-unavailable";

/** What a player is told when the store did not give what it was asked for. */
export function codeOfStore(error: unknown): FrozenReason {
  if (error instanceof StoreError) return frozenBy(error.code);
  if (error instanceof VaultError) return "store-damaged";
  throw error;
}
