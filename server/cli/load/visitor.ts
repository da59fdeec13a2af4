/**
 * One player of a load: verifies the worker, proves an account, decrypts all it is told, and does what its bot says. It
 * counts, and draws nothing: rows are decrypted, not looked at.
 */
import { Dialer, type Joined } from "#client/dialer.ts";
import type { Environment } from "#client/environment.ts";
import { asClientError, ClientError } from "#client/errors.ts";
import { guestAccount } from "#client/account.ts";
import { defaultTimeouts } from "#client/join-options.ts";
import { memoryKeyStore } from "#client/key-store.ts";
import { PendingMoves } from "#client/pending-moves.ts";
import type { RoomMessage, Session } from "#client/session.ts";
import type { Shield } from "#client/shield.ts";
import { Showing } from "#client/showing.ts";
import type { Transport } from "#client/transport.ts";
import { ViewStore } from "#client/view-store.ts";
import { WitnessKeeper } from "#client/witness-keeper.ts";
import { memoryWitnessStore } from "#client/witness-store.ts";
import type { Policy } from "#attestation/policy.ts";
import { acknowledgedVersion } from "#protocol/entities/message.ts";
import type { RoomId } from "#protocol/identity.ts";
import { encodeInputRow, type InputFormat } from "#protocol/input-row.ts";
import type { UpdateMessage } from "#protocol/message.ts";
import type { Bots, Movers } from "./bots/bot.ts";

export interface Visit {
  readonly room: RoomId;
  readonly world: Uint8Array;
  readonly contract: Uint8Array;
  readonly lineage: Uint8Array;
  readonly policy: Policy;
  readonly loopback: boolean;
  readonly environment: Environment;
  readonly transport: Transport;
  readonly bots: Bots;
  /** In ms: from doing something until the room has answered, or shown that it used it. */
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
  readonly shield: Shield | undefined;
  readonly #views = new ViewStore(false);
  readonly #moves: PendingMoves;
  readonly #keeper: WitnessKeeper;
  readonly #showing: Showing;
  readonly #seat: number | null;
  readonly #row: (() => readonly number[]) | undefined;
  #rows = 0;
  /** When each row was sent that has not been used yet, oldest first; the first is number `#firstSent`. */
  readonly #sentAt: number[] = [];
  #firstSent = 1;
  #tick = 0;
  #open = true;

  private constructor(visit: Visit, keeper: WitnessKeeper, { session, admitted, first, shield }: Joined) {
    const { bots, environment } = visit;
    this.#visit = visit;
    this.#session = session;
    this.#keeper = keeper;
    this.#showing = new Showing({ keeper, admitted: () => admitted, send: (message) => session.send(message) });
    this.hz = admitted.hz;
    this.shield = shield;
    this.#seat = admitted.seat;
    this.#moves = new PendingMoves(admitted.moves, Math.floor(environment.jitter() * 2 ** 16));
    if (bots.does === "push") this.#row = bots.begin(environment.jitter);
    this.#update(first);
    session.stream({
      message: (message) => {
        try {
          this.#hear(message);
        } catch (error) {
          session.close();
          this.#ended(error);
        }
      },
      ended: (error) => this.#ended(error),
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
    return new Visitor(visit, keeper, await dialer.dial(() => undefined));
  }

  /** What its bot does next. */
  act(): void {
    const { bots } = this.#visit;
    if (!this.#open) return;
    if (bots.does === "push") this.#push(bots.input);
    else if (bots.does === "ping" || !this.#move(bots)) this.#ping();
  }

  leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#session.send({ type: "leave" });
    this.#session.close();
  }

  #ended(error: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    this.#visit.lost(codeOf(error));
  }

  #push(input: InputFormat): void {
    const row = { n: (this.#rows += 1), seen: this.#tick, values: this.#row!() };
    this.#sentAt.push(this.#visit.environment.now());
    this.#session.send({ type: "input", rows: encodeInputRow(input, row) });
  }

  /** Returns whether there was one to make. */
  #move({ next }: Movers): boolean {
    const { answered, environment } = this.#visit;
    if (this.#seat === null || this.#moves.moves.length > 0) return false;
    const move = next(this.#views.view, this.#seat, environment.jitter);
    if (move === undefined) return false;
    const at = environment.now();
    const { n, outcome } = this.#moves.add(move, true);
    void outcome.then(() => answered(environment.now() - at));
    this.#session.send({ type: "move", n: n!, move });
    return true;
  }

  /** Says at least that it is there. */
  #ping(): void {
    this.#session.send({ type: "ping", at: this.#visit.environment.now() });
  }

  #hear(message: RoomMessage): void {
    const { answered, bots, environment } = this.#visit;
    if (message.type === "update") this.#update(message);
    else if (message.type === "witness") this.#keep(message.witness);
    else if (message.type === "pong" && bots.does === "ping") answered(environment.now() - message.at);
    else if (message.type === "entities" && message.body[0] === acknowledgedVersion) this.#acknowledge(message.body);
  }

  #keep(witness: Uint8Array): void {
    this.#keeper.take(witness);
    this.#showing.show();
  }

  #update({ patch, outcomes }: UpdateMessage): void {
    if (patch !== undefined && this.#visit.bots.does === "move") this.#views.apply(patch);
    for (const outcome of outcomes ?? []) this.#moves.answer(outcome);
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
