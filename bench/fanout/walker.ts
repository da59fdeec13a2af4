/** Somebody on the field, whatever carries the game: what the crowd is written against. */
import type { Steering } from "./steering.ts";

export interface Walker {
  /** What has arrived since joining: messages of the socket, and their bytes with the headers of its frames. */
  readonly received: Received;
  /** How many times it has something to say by now; missing where that is left to who makes it walk. */
  take?(now: number): number;
  steer(steering: Steering): void;
  close(): void;
}

export interface Received {
  frames: number;
  bytes: number;
}

/** One that reads what it is told. */
export interface Probe extends Walker {
  /** Others and itself. */
  readonly visible: number;
  /** Calls `listener` with the aim that its own body has, after every change of it. */
  onHeading(listener: (aim: number) => void): void;
}

export interface Field {
  /** @param number of the walker. */
  join(number: number): Promise<Walker>;
  probe(number: number): Promise<Probe>;
}

/** What a WebSocket frame's header adds to a message from a server (RFC 6455 section 5.2). */
export const headerBytes = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);
