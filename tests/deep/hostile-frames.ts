/** What a bare WebSocket client can send that no honest one would: wrong codes, wrong frames, hostile envelopes, floods. */
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { clientEnvelopeMax } from "#protocol/limits.ts";
import { framePayloadMax } from "#gateway/limits.ts";
import type { SeededNumbers } from "./deep.ts";
import { hostileEnvelope } from "./hostile-envelopes.ts";
import { FrameWriter, type Frame } from "./web-socket.ts";

export interface Burst {
  readonly bytes: Uint8Array;
  /** WebSocket frames in it. Nothing before the last gives a gateway reason to end the connection, so it looks at all. */
  readonly frames: number;
  /** What the last one breaks: a rule of ours, which is answered with a code of ours, or WebSocket itself. */
  readonly breaks: "ours" | "websocket";
}

/** Frames in one burst before the last; under what one client may send at once. */
const framesMax = 120;

/** First bytes of Colyseus messages that a gateway lets pass: joined, ping. */
export const acknowledgement = Uint8Array.of(10);
const colyseusPing = Uint8Array.of(18);
const colyseusLeave = Uint8Array.of(12);
const envelopePrefix = Uint8Array.of(17, 0xa1, 0x7e);

/** Some frames that a gateway passes on or answers, then one on which it must end the connection. */
export function hostileBurst(numbers: SeededNumbers, acknowledged: boolean): Burst {
  const writer = new FrameWriter();
  if (acknowledged) writer.put({ payload: acknowledgement });
  const before = numbers.below(framesMax);
  for (let i = 0; i < before; i++) writer.put(acknowledged ? passing(numbers) : passingEarly(numbers));
  const last = lastOf(numbers, acknowledged);
  for (const frame of last.frames) writer.put(frame);
  if (last.raw !== undefined) writer.raw(last.raw);
  return { bytes: writer.take(), frames: before + last.frames.length + (acknowledged ? 1 : 0), breaks: last.breaks };
}

/** A polite goodbye: a close frame of WebSocket. */
export function goodbye(): Uint8Array {
  const writer = new FrameWriter();
  writer.put({ opcode: 8, payload: Uint8Array.of(1000 >>> 8, 1000 & 0xff) });
  return writer.take();
}

/** What a gateway passes on to the worker, or answers itself. */
function passing(numbers: SeededNumbers): Frame {
  const kind = numbers.below(100);
  if (kind < 90) return { payload: passable(numbers, 20) };
  if (kind < 92) return { payload: passable(numbers, 0), mask: numbers.bytes(4) };
  if (kind < 94) return { payload: acknowledgement };
  return passingEarly(numbers);
}

/** What a gateway answers or ignores before the join is acknowledged too. */
const passingEarly = (numbers: SeededNumbers): Frame =>
  numbers.below(2) === 0
    ? { payload: colyseusPing }
    : { opcode: numbers.pick([9, 10]), payload: numbers.bytes(numbers.below(126)) };

const enveloped = (envelope: Uint8Array): Uint8Array => concatBytes(envelopePrefix, envelope);

/** Hostile to the worker, and short enough for a gateway. */
const passable = (numbers: SeededNumbers, answerable: number): Uint8Array =>
  enveloped(hostileEnvelope(numbers, answerable).subarray(0, clientEnvelopeMax));

function lastOf(numbers: SeededNumbers, acknowledged: boolean): Last {
  const kind = numbers.below(10);
  if (kind < 3) return againstWebSocket(numbers);
  if (kind < 8) return againstUs(numbers);
  // An envelope before its time; or nothing that a gateway minds: then the worker ends it, at the second at the latest.
  if (!acknowledged) return ours(passable(numbers, 100));
  return { breaks: "ours", frames: Array.from({ length: 3 }, () => ({ payload: passable(numbers, 100) })) };
}

interface Last {
  readonly breaks: Burst["breaks"];
  readonly frames: readonly Frame[];
  readonly raw?: Uint8Array;
}

const ours = (payload: Uint8Array, more: Partial<Frame> = {}): Last => ({
  breaks: "ours",
  frames: [{ payload, ...more }],
});

const websocket = (...frames: readonly Frame[]): Last => ({ breaks: "websocket", frames });

function againstUs(numbers: SeededNumbers): Last {
  switch (numbers.below(12)) {
    case 0:
      return ours(utf8ToBytes("hello"), { opcode: 1 });
    case 1:
      return ours(new Uint8Array(0));
    case 2:
      return ours(Uint8Array.of(numbers.pick([0, 1, 9, 11, 13, 14, 15, 16, 19, 20, 21, 31, 128, 255])));
    case 3:
      return ours(concatBytes(Uint8Array.of(13), numbers.bytes(numbers.below(60))));
    case 4:
      return ours(concatBytes(Uint8Array.of(numbers.pick([14, 15, 16, 19, 20, 21])), numbers.bytes(numbers.below(60))));
    case 5:
      return ours(concatBytes(Uint8Array.of(17, 0xdb, 0xff, 0xff, 0xff), numbers.bytes(1 + numbers.below(60))));
    case 6:
      return ours(concatBytes(Uint8Array.of(17, 0xa1, numbers.below(0x7e)), numbers.bytes(numbers.below(60))));
    case 7:
      return ours(concatBytes(Uint8Array.of(0x11 | ((numbers.below(7) + 1) << 5), 0xa1, 0x7e), numbers.bytes(20)));
    case 8:
      return ours(
        concatBytes(numbers.pick([acknowledgement, colyseusPing, colyseusLeave]), numbers.bytes(1 + numbers.below(20))),
      );
    case 9:
      return ours(enveloped(numbers.bytes(clientEnvelopeMax + 1 + numbers.below(64))));
    case 10:
      return ours(enveloped(numbers.bytes(framePayloadMax - 3)));
    default:
      return ours(colyseusLeave);
  }
}

function againstWebSocket(numbers: SeededNumbers): Last {
  const some = numbers.bytes(numbers.below(100));
  switch (numbers.below(16)) {
    case 0:
      return websocket({ payload: some, reserved: 1 + numbers.below(7) });
    case 1:
      return websocket({ payload: some, opcode: numbers.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) });
    case 2:
      return websocket({ payload: some, masked: false });
    case 3:
      return websocket({ payload: some, opcode: 9, fin: false });
    case 4:
      return websocket({ payload: numbers.bytes(126), opcode: 9 });
    case 5:
      return websocket({ payload: some, opcode: 0 });
    case 6:
      return websocket({ payload: some, fin: false }, { payload: some });
    case 7:
      return websocket({ payload: Uint8Array.of(3), opcode: 8 });
    case 8:
      return websocket({
        payload: Uint8Array.of(
          ...numbers.pick([
            [3, 231],
            [3, 237],
            [3, 238],
            [19, 136],
            [0, 0],
          ]),
        ),
        opcode: 8,
      });
    case 9:
      return websocket({ payload: Uint8Array.of(3, 232, 0xc3, 0x28), opcode: 8 });
    case 10:
      return websocket({ payload: Uint8Array.of(0xc3, 0x28), opcode: 1 });
    case 11:
      return websocket({ payload: numbers.bytes(framePayloadMax + 1 + numbers.below(1000)) });
    case 12:
      return websocket({
        payload: some,
        claimed: numbers.pick([framePayloadMax + 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]),
      });
    case 13:
      return websocket(
        ...Array.from({ length: 5 }, (_, i) => ({ payload: numbers.bytes(4000), opcode: i === 0 ? 2 : 0, fin: false })),
      );
    case 14:
      return { breaks: "websocket", frames: [], raw: concatBytes(Uint8Array.of(0xff, 0xff), numbers.bytes(100)) };
    default:
      return websocket({ payload: Uint8Array.of(3, 232), opcode: 8 });
  }
}
