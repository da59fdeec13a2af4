/**
 * A player: the real client SDK on a line of its own, who puts numbers and remembers what was acknowledged. What it is
 * shown is compared with that at once.
 */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import type { Account } from "#client/account.ts";
import type { Environment } from "#client/environment.ts";
import { ClientError } from "#client/errors.ts";
import { joinIn } from "#client/join.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { Room } from "#client/room.ts";
import { authStatement } from "#protocol/identity.ts";
import type { SeededNumbers } from "../deep/deep.ts";
import type { Oracle } from "./oracle.ts";
import type { Put, Puts } from "./rules.ts";

/** A guest whose key signs in microseconds. */
export function quickAccount(seed: Uint8Array): Account {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const privateKey: KeyObject = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const key = new Uint8Array(spki.subarray(spki.length - 32));
  return {
    key,
    authenticate: (handshakeHash, world, room) =>
      Promise.resolve({
        account: key,
        device: key,
        signature: new Uint8Array(sign(null, authStatement(handshakeHash, world, room, key), privateKey)),
      }),
  };
}

const ways = ["plain", "plain", "plain", "draw", "late", "award", "refuse"] as const;

export class Bot {
  readonly name: string;
  /** Undefined until it has joined, and while it is away on purpose. */
  room: Room<Puts, Put> | undefined;
  player: string | undefined;
  seat: number | null = null;
  /** Why the room ended for this player; undefined while it has not. */
  over: ClientError | undefined;
  readonly options: JoinOptions;
  readonly #environment: Environment;
  readonly #oracle: Oracle;
  readonly #numbers: SeededNumbers;
  #last = 0;
  #joining = false;

  constructor(name: string, environment: Environment, options: JoinOptions, oracle: Oracle, numbers: SeededNumbers) {
    this.name = name;
    this.options = options;
    this.#environment = environment;
    this.#oracle = oracle;
    this.#numbers = numbers;
  }

  /** Whether everything it did is answered and it sees what is. */
  get settled(): boolean {
    if (this.over !== undefined) return true;
    return this.room !== undefined && this.room.connection === "joined" && this.room.pending.length === 0;
  }

  /** Joins, or tries to. */
  async come(): Promise<void> {
    if (this.room !== undefined || this.#joining || this.over !== undefined) return;
    this.#joining = true;
    try {
      this.#sit(await joinIn<never>(this.#environment, "http://127.0.0.1:2567", this.options));
    } catch (error) {
      if (!(error instanceof ClientError)) this.#oracle.bug(error);
      else if (!error.retry) this.#end(error);
    } finally {
      this.#joining = false;
    }
  }

  /** Closes the window. What it knows stays on the device. */
  go(): void {
    this.room?.close();
    this.room = undefined;
  }

  put(how?: Put["how"]): void {
    const { room, player } = this;
    if (room === undefined || player === undefined || room.seat === null || room.pending.length > 20) return;
    const move: Put = { put: (this.#last += 1), how: how ?? this.#numbers.pick(ways) };
    room.move(move).then(
      (outcome) => this.#oracle.acknowledged(this, move, outcome),
      // It may have been applied or not: nobody was told anything.
      () => this.#oracle.event("unanswered"),
    );
  }

  #sit(room: Room<Puts, Put>): void {
    this.room = room;
    this.player = room.player;
    this.seat = room.seat;
    this.#oracle.seated(this);
    if (room.view !== null) this.#oracle.saw(this, room.view);
    room.on("view", (view) => this.#oracle.saw(this, view));
    room.on("award", ({ once }) => this.#oracle.earned(this, once));
    room.on("closed", (error) => {
      if (this.room === room && error.code !== "closed") this.#end(error);
    });
  }

  #end(error: ClientError): void {
    this.room = undefined;
    this.#oracle.event(`over: ${error.code}`);
    // What no room vouches for, a person answers by loading the page again.
    if (error.source !== "room" && error.code !== "room-not-found" && error.code !== "rolled-back") return;
    this.over = error;
  }
}
