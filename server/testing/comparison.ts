/** Compares what left two rooms, byte by byte, and says where the first difference is. */
import { decodeEntities } from "#protocol/entities/message.ts";
import type { WireTable } from "#protocol/entities/layout.ts";
import { decodeFrame, FrameAssembler } from "#protocol/frame.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import { decodeWorkerMessage, type WorkerMessage } from "#protocol/message.ts";
import { isRecord } from "#protocol/value.ts";
import { equalBytes } from "#protocol/bytes.ts";
import type { Leak, ReadMessage } from "./secrecy-error.ts";
import type { Delivery, Question } from "./stage.ts";

/** What one viewer got, in both runs. Undefined if it is the same to the last byte of padding. */
export function compareViewer(
  to: string,
  first: readonly Delivery[],
  second: readonly Delivery[],
  tables: readonly WireTable[],
): Leak | undefined {
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const [a, b] = [first[i], second[i]];
    if (a !== undefined && b !== undefined && a.at === b.at && equalFrames(a.frames, b.frames)) continue;
    const [messageA, messageB] = [decoded(a, tables), decoded(b, tables)];
    return { to, atMs: atOf(a, b), where: whereOf(a, b, messageA, messageB), first: messageA, second: messageB };
  }
  return undefined;
}

/** What the host saw of everybody: who got how many bytes when, in which order. */
export function compareHost(first: readonly Delivery[], second: readonly Delivery[]): Leak | undefined {
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const [a, b] = [first[i], second[i]];
    const [sizesA, sizesB] = [sizesOf(a), sizesOf(b)];
    if (sizesA === sizesB) continue;
    const where = a === undefined || b === undefined ? "presence of a frame" : "number, size or order of frames";
    return { to: "the host", atMs: atOf(a, b), where, first: sizesA, second: sizesB };
  }
  return undefined;
}

/** What the host sees of questions: when, to which server, and how long they are, since nothing pads them. */
export const tracesOf = (questions: readonly Question[]): string[] =>
  questions.map(({ at, request: { url, method, body = "", contentType = "" } }) => {
    const length = url.length + method.length + contentType.length + Buffer.from(body).length;
    return `${at} ms: ${length} bytes to ${url.split("/", 3)[2]}`;
  });

/** What the servers read. */
export const wordsOf = (questions: readonly Question[]): string[] =>
  questions.map(({ request: { url, method, body = "", contentType = "" } }) =>
    [method, url, contentType, Buffer.from(body).toString("latin1")].join(" "),
  );

const atOf = (a: Delivery | undefined, b: Delivery | undefined): number =>
  Math.min(a?.at ?? Infinity, b?.at ?? Infinity);

const sizesOf = (delivery: Delivery | undefined): string | undefined =>
  delivery &&
  `${delivery.at} ms: ${delivery.frames.map(({ length }) => length).join(" + ")} bytes to client ${delivery.to.index}`;

const equalFrames = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((frame, i) => equalBytes(frame, b[i]!));

/** Back from the bytes, as the client would read them. */
function decoded(delivery: Delivery | undefined, tables: readonly WireTable[]): ReadMessage | undefined {
  const assembler = new FrameAssembler(messageLengthMax);
  for (const frame of delivery?.frames ?? []) {
    const whole = assembler.push(decodeFrame(frame));
    if (whole !== undefined) return readable(decodeWorkerMessage(whole.type, whole.body), tables);
  }
  return undefined;
}

/** Rows by the name of their component. */
function readable(message: WorkerMessage, tables: readonly WireTable[]): ReadMessage {
  if (message.type !== "entities") return message;
  const { tick, blocks } = decodeEntities(message.body, tables);
  const named = blocks.map(({ table, ...block }) => [tables[table]!.name, block] as const);
  return { type: "entities", tick, rows: Object.fromEntries(named) };
}

function whereOf(
  a: Delivery | undefined,
  b: Delivery | undefined,
  first: ReadMessage | undefined,
  second: ReadMessage | undefined,
): string {
  if (a === undefined || b === undefined) return "presence of a message";
  if (a.at !== b.at) return "the moment of a message";
  return firstDifference(first, second, "message") ?? "the order of keys";
}

/** The path to the first place in which two trees differ; undefined if only the order of keys does. */
function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b) ? undefined : path;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return `${path}.length`;
    return a
      .map((item: unknown, i) => firstDifference(item, b[i], `${path}[${i}]`))
      .find((found) => found !== undefined);
  }
  if (!isRecord(a) || !isRecord(b)) return path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return `presence of ${path}.${key}`;
    const found = firstDifference(a[key], b[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
