/** A channel on a line: messages in, messages out, and one reason why it ended. */
import type { Channel } from "#protocol/channel.ts";
import { clientFrameMax, frameBuckets, frameHeaderLength } from "#protocol/limits.ts";
import { type ClientMessage, decodeWorkerMessage, encodeClientMessage, type WorkerMessage } from "#protocol/message.ts";
import { asClientError, ClientError } from "./errors.ts";
import type { Ticket } from "./handshake.ts";
import type { Line, LineEnvelope } from "./line.ts";

/** What a room says while it talks; that it stops talking ends the session instead. */
export type RoomMessage = Exclude<WorkerMessage, { readonly type: "closed" }>;

/**
 * Plaintext size of everything a client says that fits: pings, and moves up to four times the longest of our own
 * contracts. Otherwise the host could tell kinds of moves by their lengths.
 */
const frameFloor = 256;

/** Whether a room said that it goes on, with another worker or by other rules: whoever has it then is greeted on the same line. */
export const goesOn = (error: unknown): boolean =>
  error instanceof ClientError &&
  error.source === "room" &&
  (error.code === "room-moved" || error.code === "rules-changed");

/** Whether a worker reads messages as long as this one. */
export const fits = (message: ClientMessage): boolean =>
  encodeClientMessage(message).body.length + frameHeaderLength <= clientFrameMax;

export class Session {
  readonly #line: Line;
  readonly #channel: Channel;

  constructor(line: Line, channel: Channel) {
    this.#line = line;
    this.#channel = channel;
  }

  /** Handshake hash, 32 bytes. */
  get hash(): Uint8Array {
    return this.#channel.hash;
  }

  get ticket(): Ticket {
    return this.#channel.resumption;
  }

  /** Does nothing on a line that has ended. The message fits. */
  send(message: ClientMessage): void {
    if (this.#channel.closed) return;
    const { type, body } = encodeClientMessage(message);
    const length = body.length + frameHeaderLength;
    const floor = length <= frameFloor ? frameFloor : frameBuckets.find((bucket) => bucket >= length)!;
    for (const ciphertext of this.#channel.encrypt(type, body, floor)) this.#line.send({ kind: "data", ciphertext });
  }

  /** The next message. @throws ClientError "handshake-timeout" after so many ms without a frame, or why it ended. */
  async next(ms: number): Promise<RoomMessage> {
    for (;;) {
      const message = this.#read(await this.#line.next(ms));
      if (message !== undefined) return message;
    }
  }

  /** From now on messages are handed over as they come. `ended` is called at most once, and last. */
  stream(listener: { message: (message: RoomMessage) => void; ended: (error: unknown) => void }): void {
    this.#line.stream({
      envelope: (envelope) => {
        let message: RoomMessage | undefined;
        try {
          message = this.#read(envelope);
        } catch (error) {
          const ended = asClientError(error);
          if (goesOn(ended)) this.#channel.close();
          else this.close();
          listener.ended(ended);
          return;
        }
        if (message !== undefined) listener.message(message);
      },
      ended: (error) => {
        this.#channel.close();
        listener.ended(error);
      },
    });
  }

  /** Ends the channel and gives the line away, for a channel with whoever has the room now. */
  leave(): Line {
    this.#channel.close();
    this.#line.wait();
    return this.#line;
  }

  /** Ends channel and line without a word. */
  close(): void {
    this.#channel.close();
    this.#line.close();
  }

  /** @throws ClientError or ProtocolError: the session is over then. */
  #read(envelope: LineEnvelope): RoomMessage | undefined {
    if (envelope.kind !== "data") throw new ClientError("channel-broken", { detail: `${envelope.kind} on a channel` });
    const frame = this.#channel.decrypt(envelope.ciphertext);
    if (frame === undefined) return undefined;
    const message = decodeWorkerMessage(frame.type, frame.body);
    if (message.type === "closed") throw new ClientError(message.code, { source: "room" });
    return message;
  }
}
