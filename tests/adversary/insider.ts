/**
 * A client whose channel is genuine and who says in it whatever a test wants: the attacker that encryption does not stop.
 * It believes any worker: it has nothing to lose.
 */
import { Channel, prologueOf } from "#protocol/channel.ts";
import { decodeWorkerEnvelope, encodeClientEnvelope, type WorkerEnvelope } from "#protocol/envelope.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax, protocolVersion, tagLength } from "#protocol/limits.ts";
import {
  decodeWorkerMessage,
  encodeClientMessage,
  type AdmittedMessage,
  type AuthMessage,
  type ClientMessage,
  type OutcomeEntry,
  type WorkerMessage,
} from "#protocol/message.ts";
import { Handshake, type Secrets } from "#protocol/noise.ts";
import {
  guestAccount,
  memoryKeyStore,
  type Account,
  type Connection,
  type Receiver,
  type Transport,
} from "#client/index.ts";
import { browserSuite } from "#client/suite.ts";

export interface InsiderOptions {
  readonly room: RoomId;
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** Default: a new one. */
  readonly account?: Account;
}

const nothing = new Uint8Array(0);
const suite = browserSuite();

export class Insider implements Receiver {
  readonly room: RoomId;
  readonly account: Account;
  readonly #world: Uint8Array;
  #connection: Connection | undefined;
  #secrets: Secrets | undefined;
  #channel: Channel | undefined;
  #envelopes: WorkerEnvelope[] = [];
  #waiting: (() => void)[] = [];
  /** What the room said, in order. */
  readonly heard: WorkerMessage[] = [];
  /** With what code the gateway closed the connection; undefined while it is open. */
  code: ErrorCode | undefined;

  private constructor(account: Account, { room, world }: InsiderOptions) {
    this.account = account;
    this.room = room;
    this.#world = world;
  }

  /** A connection on which nothing was said yet. */
  static async connect(transport: Transport, options: InsiderOptions): Promise<Insider> {
    const insider = new Insider(options.account ?? (await guestAccount(memoryKeyStore())), options);
    insider.#connection = await transport.open(options.room, insider);
    return insider;
  }

  /** Shakes hands, and has a channel. @throws Error if the connection ends instead. */
  async shake(): Promise<void> {
    const prologue = prologueOf(this.#world, this.room);
    const handshake = new Handshake({ pattern: "NX", role: "initiator", prologue, suite });
    const message = await handshake.write(nothing);
    this.sayEnvelope(encodeClientEnvelope({ kind: "hello", version: protocolVersion, message }));
    await handshake.read(await this.until(() => welcomeAmong(this.#envelopes)));
    this.#envelopes = [];
    this.#secrets = handshake.finish();
    this.#channel = new Channel(this.#secrets, { messageMax: messageLengthMax });
  }

  /** An honest `auth`, but for what is changed. */
  async auth(change: Partial<AuthMessage> = {}): Promise<AuthMessage> {
    const credentials = await this.account.authenticate(this.#channel!.hash, this.#world, this.room);
    return { type: "auth", ...credentials, entropy: new Uint8Array(32), want: "play", name: "Mallory", ...change };
  }

  /** Shakes hands and is let in. @throws Error if the connection ends instead. */
  async enter(change: Partial<AuthMessage> = {}): Promise<AdmittedMessage> {
    await this.shake();
    this.say(await this.auth(change));
    return this.until(() => this.heard.find((message) => message.type === "admitted"));
  }

  // Saying things, from the most honest to the least

  say(message: ClientMessage): void {
    const { type, body } = encodeClientMessage(message);
    this.sayBody(type, body);
  }

  /** Any body, properly framed. */
  sayBody(type: number, body: Uint8Array): void {
    for (const ciphertext of this.#channel!.encrypt(type, body, 256)) this.#sayData(ciphertext);
  }

  /** Any plaintext under the genuine key. */
  sayFrame(plaintext: Uint8Array): void {
    const ciphertext = new Uint8Array(plaintext.length + tagLength);
    this.#secrets!.send.encryptWithAd(nothing, plaintext, ciphertext);
    this.#sayData(ciphertext);
  }

  /** Anything at all. */
  sayEnvelope(envelope: Uint8Array): void {
    this.#connection!.send(envelope);
  }

  close(): void {
    this.#connection!.close();
  }

  // Hearing

  /** Every answer to this move so far. */
  answersTo(n: number): OutcomeEntry[] {
    return this.heard
      .flatMap((message) => (message.type === "update" ? (message.outcomes ?? []) : []))
      .filter(([number]) => number === n);
  }

  /** The answer to this move: null for accepted, else why not. */
  async outcome(n: number): Promise<string | null> {
    const [, reason] = await this.until(() => this.answersTo(n)[0]);
    return reason;
  }

  /** With what code the connection ends. */
  async ended(): Promise<ErrorCode> {
    while (this.code === undefined) await this.#news();
    return this.code;
  }

  /** What was looked for, now or later. @throws Error if the connection ends first. */
  async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.code !== undefined) throw new Error(`the connection was closed: ${this.code}`);
      await this.#news();
    }
  }

  /** Called by the transport. */
  bytes(bytes: Uint8Array): void {
    const envelope = decodeWorkerEnvelope(bytes);
    if (envelope.kind !== "data" || this.#channel === undefined) this.#envelopes.push(envelope);
    else this.#hear(this.#channel, envelope.ciphertext);
    this.#tell();
  }

  /** Called by the transport. */
  closed(code: ErrorCode): void {
    this.code = code;
    this.#tell();
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #hear(channel: Channel, ciphertext: Uint8Array): void {
    const message = channel.decrypt(ciphertext);
    if (message !== undefined) this.heard.push(decodeWorkerMessage(message.type, message.body));
  }

  #sayData(ciphertext: Uint8Array): void {
    this.sayEnvelope(encodeClientEnvelope({ kind: "data", ciphertext }));
  }
}

const welcomeAmong = (envelopes: readonly WorkerEnvelope[]): Uint8Array | undefined =>
  envelopes.flatMap((envelope) => (envelope.kind === "welcome" ? [envelope.message] : []))[0];
