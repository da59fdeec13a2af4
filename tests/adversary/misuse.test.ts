/**
 * What a client may say, said at the wrong time, twice, in the wrong frames or half: each ends that client's connection
 * with a code, before and after it has a channel and a seat. The room and the other player go on.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { concatBytes } from "#protocol/bytes.ts";
import { encodeClientEnvelope, helloLength, resumeLength } from "#protocol/envelope.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import {
  clientEnvelopeMax,
  clientFrameMax,
  frameHeaderLength,
  playerNameMax,
  protocolVersion,
} from "#protocol/limits.ts";
import { encodeClientMessage, messageTypes, type AuthMessage, type ClientMessage } from "#protocol/message.ts";
import { guestAccount, memoryKeyStore } from "#client/index.ts";
import { framePayloadMax } from "#gateway/limits.ts";
import { encoded, hex, moveBody, plaintext } from "./crafted.ts";
import type { Insider } from "./insider.ts";
import { openStage, type Stage } from "./stage.ts";
import { place, Table } from "./table.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

type Misuse = readonly [what: string, code: ErrorCode, act: (mallory: Insider) => unknown];

const envelope =
  (...bytes: number[]) =>
  (mallory: Insider): void =>
    mallory.sayEnvelope(Uint8Array.from(bytes));

const filled = (length: number, ...head: number[]): number[] => Object.assign(Array<number>(length).fill(7), head);

/** Before there is a channel. */
const strangers: readonly Misuse[] = [
  ["an empty envelope", "malformed", envelope()],
  ["an envelope of no kind", "malformed", envelope(0x00, 1, 2, 3)],
  ["a kind that does not exist", "malformed", envelope(0x04, 1, 2, 3)],
  ["a welcome", "malformed", envelope(...filled(100, 0x11))],
  ["a refusal", "malformed", envelope(0x14, 1, 0)],
  ["data before a channel", "malformed", envelope(...filled(1 + 256 + 16, 0x03))],
  ["data shorter than its tag", "malformed", envelope(...filled(16, 0x03))],
  ["a hello without a version", "malformed", envelope(0x01)],
  ["a hello cut short", "malformed", envelope(...filled(helloLength - 1, 0x01, protocolVersion))],
  ["a hello with something behind it", "malformed", envelope(...filled(helloLength + 1, 0x01, protocolVersion))],
  ["a hello of another version", "protocol-mismatch", envelope(...filled(helloLength, 0x01, protocolVersion + 1))],
  [
    "a hello with a key of low order",
    "handshake-failed",
    envelope(0x01, protocolVersion, ...Array<number>(32).fill(0)),
  ],
  ["a resumption of nothing", "resumption-refused", envelope(...filled(resumeLength, 0x02, protocolVersion))],
  ["a resumption cut short", "malformed", envelope(...filled(resumeLength - 1, 0x02, protocolVersion))],
  ["the longest envelope", "malformed", envelope(...filled(clientEnvelopeMax, 0x01, protocolVersion))],
  ["an envelope longer than that", "too-long", envelope(...filled(clientEnvelopeMax + 1, 0x03))],
  // The WebSocket itself is cut, with a code of its own.
  ["a message longer than any", "unreachable", envelope(...filled(framePayloadMax + 1, 0x03))],
];

test.for(strangers)("before a channel, %s ends the connection: %s", async ([, code, act]) => {
  const table = await Table.open(stage);
  const mallory = await table.connect();
  act(mallory);
  expect(await mallory.ended()).toBe(code);
  expect(mallory.heard).toEqual([]);
  await table.expectUndisturbed();
});

const say =
  (...messages: ClientMessage[]) =>
  (mallory: Insider): void =>
    messages.forEach((message) => mallory.say(message));

const auth =
  (change: Partial<AuthMessage>) =>
  async (mallory: Insider): Promise<void> =>
    mallory.say(await mallory.auth(change));

/** An `auth` of which an encoder would make nothing of the kind. */
const authFields =
  (change: (fields: Record<string, unknown>) => unknown) =>
  async (mallory: Insider): Promise<void> => {
    const { type: _, ...fields } = await mallory.auth();
    mallory.sayBody(messageTypes.auth, encoded(change(fields)));
  };

const without = (name: string) =>
  authFields((fields) => Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name)));

const hello = (mallory: Insider): void =>
  mallory.sayEnvelope(encodeClientEnvelope({ kind: "hello", version: protocolVersion, message: new Uint8Array(32) }));

const move: ClientMessage = { type: "move", n: 1, move: { kind: "resign" } };

/** With a channel, before anybody was let in. */
const unadmitted: readonly Misuse[] = [
  ["a second hello", "channel-broken", hello],
  ["a resumption", "channel-broken", envelope(...filled(resumeLength, 0x02, protocolVersion))],
  ["a frame of another channel", "channel-broken", envelope(...filled(1 + 256 + 16, 0x03))],
  ["a move", "not-admitted", say(move)],
  ["a ping", "not-admitted", say({ type: "ping", at: 1 })],
  ["a farewell", "not-admitted", say({ type: "leave" })],
  ["a close", "not-admitted", say({ type: "close" })],
  ["an auth with a signature over something else", "account-refused", auth({ signature: new Uint8Array(64).fill(1) })],
  ["an auth for an account it cannot sign for", "account-refused", auth({ account: new Uint8Array(32).fill(2) })],
  ["an auth by a device that did not sign", "account-refused", auth({ device: new Uint8Array(32).fill(3) })],
  ["an auth signed for another channel", "account-refused", signedElsewhere],
  ["a name that is too long", "malformed", auth({ name: "x".repeat(playerNameMax + 1) })],
  ["a name that turns the text around", "malformed", auth({ name: "\u202eecarG" })],
  ["a name with a line in it", "malformed", auth({ name: "Grace\nleft" })],
  ["a wish that is none", "malformed", authFields((fields) => ({ ...fields, want: "rule" }))],
  ["a short invitation", "malformed", auth({ invite: new Uint8Array(15) })],
  ["a long invitation", "malformed", auth({ invite: new Uint8Array(33) })],
  ["a lock that is a number", "malformed", authFields((fields) => ({ ...fields, lock: 1 }))],
  ["an account that is text", "malformed", authFields((fields) => ({ ...fields, account: "x".repeat(32) }))],
  ["an account that is short", "malformed", auth({ account: new Uint8Array(31) })],
  ["an entropy that is long", "malformed", auth({ entropy: new Uint8Array(33) })],
  ["an auth without an account", "malformed", without("account")],
  ["an auth without a signature", "malformed", without("signature")],
  ["an auth without entropy", "malformed", without("entropy")],
  ["an auth without a name", "malformed", without("name")],
  ["an auth with a seat of its choice", "malformed", authFields((fields) => ({ ...fields, seat: 0 }))],
  ["an auth that is a list", "malformed", authFields((fields) => Object.values(fields))],
  ["an auth that is nil", "malformed", authFields(() => null)],
];

async function signedElsewhere(mallory: Insider): Promise<void> {
  const { account, device, signature } = await mallory.account.authenticate(
    new Uint8Array(32),
    new Uint8Array(32),
    mallory.room,
  );
  mallory.say(await mallory.auth({ account, device, signature }));
}

test.for(unadmitted)("before admission, %s ends the connection: %s", async ([, code, act]) => {
  const table = await Table.open(stage);
  const mallory = await table.connect();
  await mallory.shake();
  await act(mallory);
  expect(await mallory.ended()).toBe(code);
  expect(mallory.heard.map(({ type }) => type).filter((type) => type !== "closed")).toEqual([]);
  await table.expectUndisturbed(mallory.account);
});

const frame =
  (...plaintexts: Uint8Array[]) =>
  (mallory: Insider): void =>
    plaintexts.forEach((bytes) => mallory.sayFrame(bytes));

const body =
  (type: number, bytes: Uint8Array = new Uint8Array(0)) =>
  (mallory: Insider): void =>
    mallory.sayBody(type, bytes);

const more = 0x80;
const full = clientFrameMax - frameHeaderLength;
const ping = encodeClientMessage({ type: "ping", at: 1 });

/** A frame that is full and says that more follows. */
const unfinished = (type: number): Uint8Array => plaintext(clientFrameMax, type | more, full);

/** From a seat. */
const seated: readonly Misuse[] = [
  ["a second auth", "malformed", auth({})],
  ["an auth as somebody else", "malformed", asAnother],
  ["a second hello", "channel-broken", hello],
  ["data that was not encrypted for this channel", "channel-broken", envelope(...filled(1 + 256 + 16, 0x03))],
  ["data without anything in it", "channel-broken", envelope(...filled(17, 0x03))],
  ["a move after a close", "not-admitted", say({ type: "close" }, move)],
  // Messages
  ...[0, 6, 15, messageTypes.admitted, messageTypes.update, messageTypes.pong, messageTypes.closed, 20, 127].map(
    (type): Misuse => [`a message of type ${type}`, "malformed", frame(plaintext(64, type, 0))],
  ),
  ["a farewell with a reason", "malformed", body(messageTypes.leave, hex("c0"))],
  ["a close with a reason", "malformed", body(messageTypes.close, hex("c0"))],
  ["an empty ping", "malformed", body(messageTypes.ping)],
  ["a ping that is text", "malformed", body(messageTypes.ping, encoded("now"))],
  ["a ping that is no number", "malformed", body(messageTypes.ping, hex("cb 7ff8000000000000"))],
  // Frames
  ["an empty frame", "malformed", frame(new Uint8Array(0))],
  ["a frame of one byte", "malformed", frame(Uint8Array.of(messageTypes.ping))],
  ["a frame of a size between two", "malformed", frame(plaintext(100, messageTypes.ping, ping.body.length, ping.body))],
  ["a frame that is longer than it is", "malformed", frame(plaintext(64, messageTypes.ping, 62))],
  ["a frame with something in its padding", "malformed", frame(padded())],
  ["the next larger frame than allowed", "too-long", frame(plaintext(2 * clientFrameMax, messageTypes.leave, 0))],
  ["a continued frame that is not full", "malformed", frame(plaintext(64, messageTypes.move | more, 10))],
  ["a ping between two halves of a move", "malformed", interleaved],
  [
    "two moves, interleaved with a farewell",
    "malformed",
    frame(unfinished(messageTypes.move), plaintext(64, messageTypes.leave, 0)),
  ],
  [
    "a move in two frames",
    "too-long",
    frame(unfinished(messageTypes.move), plaintext(64, messageTypes.move, 1, hex("c0"))),
  ],
  ["a move without an end", "too-long", frame(...Array.from({ length: 5 }, () => unfinished(messageTypes.move)))],
];

async function asAnother(mallory: Insider): Promise<void> {
  const other = await guestAccount(memoryKeyStore());
  mallory.say(await mallory.auth({ account: other.key, device: other.key }));
}

function padded(): Uint8Array {
  const bytes = plaintext(64, ping.type, ping.body.length, ping.body);
  bytes[63] = 1;
  return bytes;
}

function interleaved(mallory: Insider): void {
  const long = concatBytes(moveBody(1, place), new Uint8Array(clientFrameMax));
  mallory.sayFrame(plaintext(clientFrameMax, messageTypes.move | more, full, long.subarray(0, full)));
  mallory.say({ type: "ping", at: 1 });
}

test.for(seated)("from a seat, %s ends the connection: %s", async ([, code, act]) => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  await act(mallory);
  expect(await mallory.ended()).toBe(code);
  await table.expectUndisturbed(mallory.account);
});

test("a third account gets no seat at a full table, and disturbs nobody by asking", async () => {
  const table = await Table.open(stage);
  const seat = await table.seat();
  const third = await table.connect();
  await third.shake();
  third.say(await third.auth());
  expect(await third.ended()).toBe("room-full");
  await table.expectPlay(seat, 1);
});

test("after a farewell nothing more is heard, and the other has won", async () => {
  const table = await Table.open(stage);
  const mallory = await table.seat();
  mallory.say({ type: "leave" });
  mallory.say(move);
  expect(await mallory.ended()).toBe("left");
  while (table.grace.view?.result === null) await new Promise((resolve) => table.grace.on("view", resolve));
  expect(table.grace.view?.result).toEqual({ how: "left", winner: table.grace.seat });
  expect(table.troubles).toEqual([]);
});

test("none of it was taken for a mistake of ours, or of the rules", () => {
  expect(stage.logged.length).toBeGreaterThan(0);
  expect(stage.logged.filter((line) => /"event":"(bug|contract-faulted)"/.test(line))).toEqual([]);
});
