/** The visit to one hub, as signals that the page shows: from the first attempt to reach it until the line is closed. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Account } from "#client/account.ts";
import { ClientError } from "#client/errors.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { Room } from "#client/room.ts";
import type { Shield } from "#client/shield.ts";
import type { Policy } from "#attestation/policy.ts";
import { proofOf } from "#kit/shield/proof.ts";
import type { Proof } from "#kit/shield/report.ts";
import { Body, Look, Push, Treasure } from "#phala-world/components.ts";
import type { Move } from "#phala-world/moves.ts";
import type { View } from "#phala-world/view.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Status } from "#protocol/message.ts";

export type HubRoom = Room<View, Move>;

/** Steps of getting in, then how things are. */
export type Reach = "reaching" | "checking" | "joining" | "joined" | "reconnecting" | "closed";

/** What a visit needs to get in. */
export interface Entrance {
  /** The gateway's address. */
  readonly place: string;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  readonly policy: Policy;
  readonly account: () => Promise<Account>;
  readonly name: string;
  /** The hub to visit: asked once, and again if it is gone. */
  readonly find: (lost: boolean) => Promise<RoomId>;
  readonly join: (url: string, options: JoinOptions) => Promise<HubRoom>;
}

const nothingYet: Status = { phase: "open", waiting: [], spectators: 0, ended: null };

/** A hub that is not there any more, or not for us: another one is found instead. */
const elsewhere: ReadonlySet<string> = new Set(["room-not-found", "room-ended", "room-full"]);

export class Visit {
  readonly #entrance: Entrance;
  readonly #reach = signal<Reach>("reaching");
  readonly #failure = signal<ClientError | null>(null);
  readonly #shield = signal<Shield | null>(null);
  readonly #view = signal<View | null>(null);
  readonly #status = signal<Status>(nothingYet);
  readonly #refusal = signal<string | null>(null);
  #room: HubRoom | null = null;

  readonly reach: ReadonlySignal<Reach> = this.#reach;
  readonly failure: ReadonlySignal<ClientError | null> = this.#failure;
  readonly shield: ReadonlySignal<Shield | null> = this.#shield;
  readonly view: ReadonlySignal<View | null> = this.#view;
  readonly status: ReadonlySignal<Status> = this.#status;
  /** Why the newest wish was not granted. */
  readonly refusal: ReadonlySignal<string | null> = this.#refusal;

  constructor(entrance: Entrance) {
    this.#entrance = entrance;
  }

  get room(): HubRoom | null {
    return this.#room;
  }

  /** Never rejects: `failure` says why not. */
  async enter(): Promise<HubRoom | null> {
    try {
      const { find } = this.#entrance;
      const room = await this.#join(await find(false)).catch(async (error: unknown) => {
        if (!(error instanceof ClientError) || !elsewhere.has(error.code)) throw error;
        return this.#join(await find(true));
      });
      this.#follow(room);
      return room;
    } catch (error) {
      this.#fail(error instanceof ClientError ? error : new ClientError("unreachable", { cause: error }));
      return null;
    }
  }

  /** @returns whether it was granted; `refusal` says why not. */
  async ask(move: Move): Promise<boolean> {
    if (this.#room === null) return false;
    this.#refusal.value = null;
    try {
      const outcome = await this.#room.move(move);
      if (!outcome.accepted) this.#refusal.value = outcome.reason;
      return outcome.accepted;
    } catch (error) {
      this.#refusal.value = error instanceof ClientError ? error.sentence : "It could not be sent.";
      return false;
    }
  }

  /** Disconnects; the seat is held for a while. */
  close(): void {
    this.#room?.close();
  }

  retryNow(): void {
    this.#room?.retryNow();
  }

  /** What the shield has to say. */
  get proof(): Proof {
    const visited = {
      failure: this.#failure.value,
      shield: this.#shield.value,
      status: this.#status.value,
      presence: this.#room?.presence ?? null,
      step: this.#reach.value,
    };
    return proofOf(visited, this.#entrance);
  }

  /** Whether one can act: in the room, which goes on. */
  get playing(): boolean {
    return this.#reach.value === "joined" && this.#status.value.phase !== "frozen";
  }

  async #join(room: RoomId): Promise<HubRoom> {
    const { place, world, contract, policy, account, name, join } = this.#entrance;
    return join(place, {
      room,
      world,
      contract,
      policy,
      account: await account(),
      name,
      components: { Body, Look, Push, Treasure },
      onStep: (step) => {
        this.#reach.value = step;
      },
    });
  }

  #follow(room: HubRoom): void {
    this.#room = room;
    this.#shield.value = room.shield;
    this.#status.value = room.status;
    this.#view.value = room.view;
    room.on("view", (next) => {
      this.#view.value = next;
    });
    room.on("status", (next) => {
      this.#status.value = next;
    });
    room.on("shield", (next) => {
      this.#shield.value = next;
    });
    room.on("connection", (next) => {
      this.#reach.value = next;
    });
    room.on("closed", (error) => this.#fail(error));
    this.#reach.value = room.connection;
    if (room.closed !== null) this.#fail(room.closed);
  }

  #fail(error: ClientError): void {
    this.#failure.value = error;
    if (error.shield !== undefined) this.#shield.value = error.shield;
    this.#reach.value = "closed";
  }
}
