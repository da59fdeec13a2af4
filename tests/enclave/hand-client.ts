/** A client driven by hand: each step is a call, and what comes back is kept as it came. Believes evidence that nobody signed. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { checkBinding, decodeWelcome, type Welcome } from "#protocol/binding.ts";
import { Channel, prologueOf } from "#protocol/channel.ts";
import { decodeRefused } from "#protocol/control.ts";
import { decodeWorkerEnvelope, encodeClientEnvelope, type WorkerEnvelope } from "#protocol/envelope.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { authStatement, type RoomId } from "#protocol/identity.ts";
import { messageLengthMax, protocolVersion } from "#protocol/limits.ts";
import { linkKinds } from "#protocol/link.ts";
import {
  decodeWorkerMessage,
  encodeClientMessage,
  type AuthMessage,
  type ClientMessage,
  type WorkerMessage,
} from "#protocol/message.ts";
import { Handshake } from "#protocol/noise.ts";
import type { Suite } from "#protocol/suite.ts";

/** From one client to its worker. */
export interface HandWay {
  readonly suite: Suite;
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** One envelope. */
  readonly say: (bytes: Uint8Array) => void;
  /** Its socket is gone. */
  readonly drop: () => void;
}

export class HandClient {
  readonly #way: HandWay;
  readonly seat: number;
  readonly room: RoomId;
  readonly #secretKey: Uint8Array;
  readonly envelopes: WorkerEnvelope[] = [];
  readonly messages: WorkerMessage[] = [];
  closed: ErrorCode | undefined;
  channel: Channel | undefined;
  welcome: Welcome | undefined;
  handshake: Handshake | undefined;
  #heard: (() => void) | undefined;

  constructor(way: HandWay, seat: number, room: RoomId, account: number) {
    this.#way = way;
    this.seat = seat;
    this.room = room;
    this.#secretKey = new Uint8Array(32).fill(account);
  }

  /** From the worker. */
  take(kind: number, body: Uint8Array): void {
    if (kind === linkKinds.close) this.closed = decodeRefused(body).code;
    else if (kind === linkKinds.frame) this.#takeEnvelope(decodeWorkerEnvelope(body));
    this.#heard?.();
  }

  #takeEnvelope(envelope: WorkerEnvelope): void {
    this.envelopes.push(envelope);
    if (envelope.kind !== "data" || this.channel === undefined) return;
    const message = this.channel.decrypt(envelope.ciphertext);
    if (message !== undefined) this.messages.push(decodeWorkerMessage(message.type, message.body));
  }

  /** Raw bytes to the worker. */
  raw(bytes: Uint8Array): void {
    this.#way.say(bytes);
  }

  /** That its device keeps the newest witness that it was handed. */
  show(): void {
    const handed = this.messages.findLast((message) => message.type === "witness");
    if (handed !== undefined) this.say(handed);
  }

  drop(): void {
    this.#way.drop();
  }

  async hello(): Promise<void> {
    this.handshake = new Handshake({
      pattern: "NX",
      role: "initiator",
      prologue: prologueOf(this.#way.world, this.room),
      suite: this.#way.suite,
    });
    const message = await this.handshake.write(new Uint8Array(0));
    this.raw(encodeClientEnvelope({ kind: "hello", version: protocolVersion, message }));
  }

  /** Shakes hands and checks that the quote binds this very join. */
  async shake(): Promise<void> {
    await this.hello();
    const envelope = await this.next((found) => found.kind === "welcome");
    if (envelope?.kind !== "welcome") return;
    this.welcome = decodeWelcome(await this.handshake!.read(envelope.message));
    const bound = checkBinding(
      this.welcome.evidence,
      this.handshake!.remoteStatic!,
      this.handshake!.localEphemeral!,
      this.welcome,
    );
    if (bound !== "bound") throw new Error(bound);
    this.channel = new Channel(this.handshake!.finish(), { messageMax: messageLengthMax });
  }

  async resume(secret: { readonly id: Uint8Array; readonly psk: Uint8Array }): Promise<void> {
    const handshake = new Handshake({
      pattern: "NNpsk0",
      role: "initiator",
      prologue: prologueOf(this.#way.world, this.room),
      suite: this.#way.suite,
      psk: secret.psk,
    });
    const message = await handshake.write(new Uint8Array(0));
    this.raw(encodeClientEnvelope({ kind: "resume", version: protocolVersion, id: secret.id, message }));
    const envelope = await this.next((found) => found.kind === "resumed");
    if (envelope?.kind !== "resumed") return;
    await handshake.read(envelope.message);
    this.channel = new Channel(handshake.finish(), { messageMax: messageLengthMax });
  }

  /** This device's signature on this channel, for whichever account. */
  sign(account: Uint8Array): Uint8Array {
    return ed25519.sign(authStatement(this.channel!.hash, this.#way.world, this.room, account), this.#secretKey);
  }

  auth(change: Partial<AuthMessage> = {}): AuthMessage {
    const account = ed25519.getPublicKey(this.#secretKey);
    const signature = this.sign(account);
    const entropy = new Uint8Array(32).fill(this.seat);
    return {
      type: "auth",
      account,
      device: account,
      signature,
      entropy,
      want: "play",
      name: `P${this.seat}`,
      ...change,
    };
  }

  say(message: ClientMessage): void {
    const { type, body } = encodeClientMessage(message);
    for (const ciphertext of this.channel!.encrypt(type, body))
      this.raw(encodeClientEnvelope({ kind: "data", ciphertext }));
  }

  async join(change: Partial<AuthMessage> = {}): Promise<void> {
    await this.shake();
    this.say(this.auth(change));
  }

  /** The first envelope that fits, now or later; undefined once the seat is closed. */
  async next(fits: (envelope: WorkerEnvelope) => boolean): Promise<WorkerEnvelope | undefined> {
    for (;;) {
      const found = this.envelopes.find(fits);
      if (found !== undefined || this.closed !== undefined) return found;
      await new Promise<void>((resolve) => (this.#heard = resolve));
    }
  }
}
