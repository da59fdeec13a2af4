/**
 * One player of a load: verifies the worker, proves an account, decrypts all it is told, and does at random what the
 * contract lets a player do.
 */
import { Dialer } from "#client/dialer.ts";
import type { Environment } from "#client/environment.ts";
import { asClientError, ClientError } from "#client/errors.ts";
import { guestAccount } from "#client/account.ts";
import { defaultTimeouts } from "#client/join-options.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import type { RoomMessage, Session } from "#client/session.ts";
import type { Transport } from "#client/transport.ts";
import { WitnessKeeper } from "#client/witness-keeper.ts";
import { memoryWitnessStore } from "#client/witness-store.ts";
import type { Policy } from "#attestation/policy.ts";
import { acknowledgedVersion } from "#protocol/entities/message.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeInputRow, type InputFormat } from "#protocol/input-row.ts";
import { randomRow } from "./random-row.ts";

export interface Visit {
  readonly room: RoomId;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  readonly lineage: Uint8Array;
  readonly policy: Policy;
  readonly loopback: boolean;
  readonly environment: Environment;
  readonly transport: Transport;
  /** Undefined where the contract takes no inputs, or nobody knows: then there are pings only. */
  readonly input: InputFormat | undefined;
  /** In ms: from saying something until the room has answered, or shown that it used it. */
  readonly answered: (ms: number) => void;
  /** It is over, and why: a code. */
  readonly lost: (code: string) => void;
}

/** Why something did not work. */
export function codeOf(error: unknown): string {
  const reason = asClientError(error);
  return reason instanceof ClientError ? reason.code : "unreachable";
}

export class Visitor {
  readonly #visit: Visit;
  readonly #session: Session;
  readonly hz: number;
  messages = 0;
  #rows = 0;
  /** When each row was sent that has not been used yet, oldest first; the first is number `#firstSent`. */
  readonly #sentAt: number[] = [];
  #firstSent = 1;
  #tick = 0;
  #open = true;

  private constructor(visit: Visit, session: Session, hz: number) {
    this.#visit = visit;
    this.#session = session;
    this.hz = hz;
    session.stream({
      message: (message) => this.#hear(message),
      ended: (error) => {
        if (!this.#open) return;
        this.#open = false;
        visit.lost(codeOf(error));
      },
    });
  }

  /** @throws ClientError. */
  static async come(visit: Visit): Promise<Visitor> {
    const { room, world, contract, lineage, policy, environment, transport, loopback } = visit;
    const account = await guestAccount(memoryKeyStore());
    const expected = { room, world, contract, lineage };
    const keeper = new WitnessKeeper(memoryWitnessStore(), expected, account.key);
    const join = { room, world, contract, policy, account };
    const common = { environment, timeouts: defaultTimeouts, expected, loopback };
    const dialer = new Dialer({ ...common, transport, join, keeper });
    const { session, admitted } = await dialer.dial(() => undefined);
    return new Visitor(visit, session, admitted.hz);
  }

  /** Once a tick: says something. */
  act(): void {
    const { input, environment } = this.#visit;
    const now = environment.now();
    if (!this.#open) return;
    if (input === undefined) return this.#session.send({ type: "ping", at: now });
    const row = { n: (this.#rows += 1), seen: this.#tick, values: randomRow(input, environment.jitter) };
    this.#sentAt.push(now);
    this.#session.send({ type: "input", rows: encodeInputRow(input, row) });
  }

  leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#session.send({ type: "leave" });
    this.#session.close();
  }

  #hear(message: RoomMessage): void {
    this.messages += 1;
    if (message.type === "pong") this.#visit.answered(this.#visit.environment.now() - message.at);
    if (message.type === "entities" && message.body[0] === acknowledgedVersion) this.#acknowledge(message.body);
  }

  /** [version u8] [tick u32] [applied u32] [waiting u8]; see `#protocol/entities/message.ts`. */
  #acknowledge({ buffer, byteOffset, byteLength }: Uint8Array): void {
    const view = new DataView(buffer, byteOffset, byteLength);
    this.#tick = view.getUint32(1, true);
    const applied = view.getUint32(5, true);
    if (applied < this.#firstSent) return;
    const used = this.#sentAt.splice(0, applied - this.#firstSent + 1).at(-1);
    this.#firstSent = applied + 1;
    if (used !== undefined) this.#visit.answered(this.#visit.environment.now() - used);
  }
}
