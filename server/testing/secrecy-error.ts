/** What the secrecy test found, in words an author can act on. */
import { inspect } from "node:util";
import type { EntityBlock } from "#protocol/entities/message.ts";
import type { EntitiesMessage, WorkerMessage } from "#protocol/message.ts";

export type SecrecyCode =
  /** Somebody who may not know the difference got other bytes. */
  | "leak"
  /** The host saw another number, size, order or moment of frames, or another listing. */
  | "host-trace"
  /** The contract threw, ran over, changed state in `view` or before a refusal, or differed between engines. */
  | "fault"
  /** Nothing was tested: no secret ever differed, or nobody was compared. */
  | "vacuous";

/** A message as a client reads it: rows by the name of their component. */
export type ReadMessage =
  | Exclude<WorkerMessage, EntitiesMessage>
  | {
      readonly type: "entities";
      readonly tick: number;
      readonly rows: { readonly [component: string]: Omit<EntityBlock, "table"> };
    };

/** The first thing that differed. */
export interface Leak {
  /** "seat 1", "a spectator" or "the host". */
  readonly to: string;
  /** Ms since the room opened. */
  readonly atMs: number;
  /** Where in the message; "order of keys" if only that differs, "presence" if one run has no such message. */
  readonly where: string;
  /** What the first run sent and what the second; undefined where it sent nothing. For the host, sizes. */
  readonly first: ReadMessage | string | undefined;
  readonly second: ReadMessage | string | undefined;
}

/** Options that play the failing game alone. */
export interface Repeat {
  readonly seed: string;
  readonly game: number;
}

export class SecrecyError extends Error {
  readonly code: SecrecyCode;
  readonly repeat: Repeat;
  readonly leak: Leak | undefined;

  constructor(code: SecrecyCode, text: string, repeat: Repeat, leak?: Leak) {
    super(`${text}\nTo see it again: { seed: ${JSON.stringify(repeat.seed)}, game: ${repeat.game} }`);
    this.name = "SecrecyError";
    this.code = code;
    this.repeat = repeat;
    this.leak = leak;
  }

  static ofLeak(code: "leak" | "host-trace", leak: Leak, repeat: Repeat): SecrecyError {
    const show = (message: Leak["first"]): string =>
      inspect(message, { depth: 10, breakLength: 110, maxArrayLength: 120 });
    const text = `${leak.to} can tell two secrets apart, ${leak.atMs} ms after the room opened, by ${leak.where}`;
    return new SecrecyError(
      code,
      `${text}\nfirst run:  ${show(leak.first)}\nsecond run: ${show(leak.second)}`,
      repeat,
      leak,
    );
  }
}
