/** What the protocol's tests do inside a page: each function returns what the test then looks at. */
import fc from "fast-check";
import { browserSuite } from "#client/suite.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import { decodeMsgpack, encodeMsgpack } from "#protocol/msgpack.ts";
import { applyPatch, diff } from "#protocol/patch.ts";
import { Channel } from "#protocol/channel.ts";
import { Handshake } from "#protocol/noise.ts";
import { messageLengthMax } from "#protocol/limits.ts";
import { value, valuePair } from "../protocol/support/arbitraries.ts";
import { importAsBytes, importForWebCrypto } from "../protocol/support/fixed-keys.ts";
import { runVector, type NoiseVector } from "../protocol/support/noise-vectors.ts";
import { channelCases } from "../vectors/channel-cases.ts";
import { differences } from "../vectors/golden.ts";
import { protocolCases } from "../vectors/protocol-cases.ts";
import golden from "../vectors/protocol.json" with { type: "json" };

const suite = browserSuite();

/** As this page can: keys that no script can read, or plain bytes. */
const importKeyPair = globalThis.isSecureContext ? importForWebCrypto : importAsBytes;

export function goldenProtocol(): string[] {
  return differences(protocolCases(), golden.protocol);
}

export async function goldenChannel(): Promise<string[]> {
  return differences(await channelCases(suite, importKeyPair), golden.channel);
}

export async function noiseVector(vector: NoiseVector): Promise<string[]> {
  return runVector(vector, suite, importKeyPair);
}

/** What kind of private key a player gets here, and whether a script could take it away. */
export async function privateKeyKind(): Promise<"bytes" | "extractable" | "not extractable"> {
  const { privateKey } = await suite.generateKeyPair();
  if (privateKey instanceof Uint8Array) return "bytes";
  return (privateKey as CryptoKey).extractable ? "extractable" : "not extractable";
}

/** A fresh handshake and a message each way; says what arrived. */
export async function conversation(): Promise<{ toRoom: string; toPlayer: string; sameHash: boolean }> {
  const common = { pattern: "NX", prologue: utf8ToBytes("a page"), suite } as const;
  const initiator = new Handshake({ ...common, role: "initiator" });
  const responder = new Handshake({ ...common, role: "responder", staticKey: await suite.generateKeyPair() });
  await responder.read(await initiator.write(new Uint8Array(0)));
  await initiator.read(await responder.write(utf8ToBytes("evidence")));
  const options = { messageMax: messageLengthMax };
  const [player, room] = [new Channel(initiator.finish(), options), new Channel(responder.finish(), options)];
  const said = (from: Channel, to: Channel, text: string): string => {
    const heard = from.encrypt(2, utf8ToBytes(text)).map((frame) => to.decrypt(frame));
    return new TextDecoder().decode(heard.at(-1)!.body);
  };
  return {
    toRoom: said(player, room, "a move"),
    toPlayer: said(room, player, "a view ".repeat(20_000)),
    sameHash: bytesToHex(player.hash) === bytesToHex(room.hash),
  };
}

/** The code that an ephemeral of low order is refused with. Nothing else is wrong with the handshake. */
export async function lowOrder(): Promise<string> {
  const common = { pattern: "NX", prologue: new Uint8Array(0), suite } as const;
  const responder = new Handshake({ ...common, role: "responder", staticKey: await suite.generateKeyPair() });
  await responder.read(new Uint8Array(32));
  try {
    await responder.write(new Uint8Array(0));
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** The first counterexample to the round trips of values and of views, or nothing. */
export function roundTrips(runs: number): string[] {
  const same = (a: unknown, b: unknown): boolean => bytesToHex(encodeMsgpack(a)) === bytesToHex(encodeMsgpack(b));
  const values = fc.check(
    fc.property(value, (tree) => same(decodeMsgpack(encodeMsgpack(tree), 64), tree)),
    { numRuns: runs },
  );
  const views = fc.check(
    fc.property(valuePair, ([previous, next]) => {
      const patch = diff(previous, next);
      const made = patch === undefined ? previous : applyPatch(previous, decodeMsgpack(encodeMsgpack(patch), 64));
      return diff(made, next) === undefined;
    }),
    { numRuns: runs },
  );
  return [values, views].flatMap((result) => (result.failed ? [fc.stringify(result.counterexample)] : []));
}

/** Whether byte strings arrive as plain arrays with nothing else behind them. */
export function plainBytes(): boolean {
  const [bytes] = decodeMsgpack(encodeMsgpack([Uint8Array.of(1, 2, 3), 4])) as [Uint8Array];
  return Object.getPrototypeOf(bytes) === Uint8Array.prototype && bytes.buffer.byteLength === 3;
}
