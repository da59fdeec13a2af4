/** One connection as a conversation: envelopes are awaited one by one during the handshake, and streamed afterwards. */
import {
  type ClientEnvelope,
  decodeWorkerEnvelope,
  encodeClientEnvelope,
  type WorkerEnvelope,
} from "#protocol/envelope.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import type { RoomId } from "#protocol/identity.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import type { Environment } from "./environment.ts";
import { asClientError, ClientError } from "./errors.ts";
import type { Connection, Receiver, Transport } from "./transport.ts";

/** What a line hands on. A refusal ends the line instead. */
export type LineEnvelope = Exclude<WorkerEnvelope, { readonly kind: "refused" }>;

/** Envelopes that wait to be asked for: the first view of a large room, and what follows while it is being read. */
const waitingMax = 256;
const waitingBytesMax = 2 * messageLengthMax;

interface Listener {
  readonly envelope: (envelope: LineEnvelope) => void;
  readonly ended: (error: unknown) => void;
}

export class Line implements Receiver {
  readonly #environment: Environment;
  #connection: Connection | undefined;
  #waiting: LineEnvelope[] = [];
  #waitingBytes = 0;
  #listener: Listener | undefined;
  /** Why nothing comes any more. */
  #end: { readonly error: unknown } | undefined;

  private constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** @throws ClientError "unreachable" after `openMs`, or what the transport says; the signal's reason. */
  static async open(
    transport: Transport,
    room: RoomId,
    options: { readonly environment: Environment; readonly openMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Line> {
    const { environment, openMs, signal } = options;
    signal?.throwIfAborted();
    const line = new Line(environment);
    const giveUp = new AbortController();
    const abort = (): void => giveUp.abort(signal?.reason);
    signal?.addEventListener("abort", abort);
    const stopWaiting = environment.after(openMs, () =>
      giveUp.abort(new ClientError("unreachable", { detail: "no connection in time" })),
    );
    try {
      const opening = transport.open(room, line, giveUp.signal);
      line.#connection = await Promise.race([opening, aborted(giveUp.signal, opening)]);
    } catch (error) {
      line.#finish(error);
      throw error;
    } finally {
      stopWaiting();
      signal?.removeEventListener("abort", abort);
    }
    // A connection may open and end in one breath.
    if (line.#end !== undefined) line.close();
    return line;
  }

  /** Called by the transport. */
  bytes(envelope: Uint8Array): void {
    if (this.#end !== undefined) return;
    let read: WorkerEnvelope;
    try {
      read = decodeWorkerEnvelope(envelope);
    } catch (error) {
      this.fail(asClientError(error));
      return;
    }
    // Nobody vouches for a refusal on the line: it is a hint, and ends no more than the carrier could end anyway.
    if (read.kind === "refused") this.fail(new ClientError(read.code, { source: "gateway" }));
    else if (this.#listener !== undefined) this.#listener.envelope(read);
    else this.#wait(read);
  }

  /** Called by the transport. */
  closed(code: ErrorCode): void {
    this.#finish(new ClientError(code, { source: "gateway" }));
  }

  send(envelope: ClientEnvelope): void {
    this.#connection?.send(encodeClientEnvelope(envelope));
  }

  /** The next envelope. @throws ClientError "handshake-timeout" after so many ms, or why the line ended. */
  async next(ms: number): Promise<LineEnvelope> {
    const waiting = this.#take();
    if (waiting !== undefined) return waiting;
    if (this.#end !== undefined) throw this.#end.error;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        cancel();
        this.#listener = undefined;
      };
      const cancel = this.#environment.after(ms, () => this.fail(new ClientError("handshake-timeout")));
      this.#listener = {
        envelope: (envelope) => {
          stop();
          resolve(envelope);
        },
        ended: (error) => {
          stop();
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an abort's reason is its caller's
          reject(error);
        },
      };
    });
  }

  /** From now on envelopes are handed over as they come; `ended` is called once, after the last. */
  stream(listener: Listener): void {
    let told = false;
    const once: Listener = {
      envelope: listener.envelope,
      ended: (error) => {
        if (told) return;
        told = true;
        listener.ended(error);
      },
    };
    this.#listener = once;
    // The listener may close the line while it is handed what waited.
    while (this.#listener === once && this.#waiting.length > 0) once.envelope(this.#take()!);
    if (this.#listener === once && this.#end !== undefined) once.ended(this.#end.error);
  }

  /** From now on envelopes wait again until they are asked for. */
  wait(): void {
    this.#listener = undefined;
  }

  /** Ends the line for a reason of our own. */
  fail(error: unknown): void {
    this.#finish(error);
    this.#connection?.close();
  }

  /** Ends the line; nobody is told. */
  close(): void {
    this.#listener = undefined;
    this.#waiting = [];
    this.fail(new ClientError("closed"));
  }

  #wait(envelope: LineEnvelope): void {
    this.#waiting.push(envelope);
    this.#waitingBytes += sizeOf(envelope);
    if (this.#waiting.length > waitingMax || this.#waitingBytes > waitingBytesMax) {
      this.#waiting = [];
      this.fail(new ClientError("too-long", { detail: "more than the handshake has use for" }));
    }
  }

  #take(): LineEnvelope | undefined {
    const envelope = this.#waiting.shift();
    if (envelope !== undefined) this.#waitingBytes -= sizeOf(envelope);
    return envelope;
  }

  #finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#listener?.ended(error);
  }
}

const sizeOf = (envelope: LineEnvelope): number =>
  envelope.kind === "data" ? envelope.ciphertext.length : envelope.message.length;

/** Rejects when the signal aborts; a connection that opens after that is closed. */
function aborted(signal: AbortSignal, opening: Promise<Connection>): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => {
      opening.then(
        (connection) => connection.close(),
        () => undefined,
      );
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an abort's reason is its caller's
      reject(signal.reason);
    };
    if (signal.aborted) give();
    else signal.addEventListener("abort", give);
  });
}
