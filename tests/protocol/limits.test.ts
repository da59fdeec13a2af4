/** The limits fit together: what one side may send, the other can receive. */
import { expect, test } from "vitest";
import * as limits from "#protocol/limits.ts";
import { encodeClientEnvelope, helloLength, resumeLength } from "#protocol/envelope.ts";
import { encodeFrames } from "#protocol/frame.ts";
import { encodeClientMessage } from "#protocol/message.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";
import { diff } from "#protocol/patch.ts";
import { checkValue, type Value } from "#protocol/value.ts";

const largest = limits.frameBuckets.at(-1)!;

test("the largest frame and its tag fill one Noise message", () => {
  expect(largest + limits.tagLength).toBe(limits.noiseMessageMax);
  expect(limits.workerEnvelopeMax).toBe(1 + limits.noiseMessageMax);
});

test("buckets grow, and none wastes more than half of itself by much", () => {
  for (const [i, bucket] of limits.frameBuckets.entries()) {
    const below = limits.frameBuckets[i - 1] ?? bucket / 2;
    expect(bucket).toBeGreaterThan(below);
    expect(bucket).toBeLessThanOrEqual(2 * below);
  }
});

test("the longest thing a player may say is one frame, and fits an envelope", () => {
  const frames = encodeFrames(2, new Uint8Array(limits.moveLengthMax));
  expect(frames.map((frame) => frame.length)).toEqual([limits.clientFrameMax]);
  expect(1 + frames[0]!.length + limits.tagLength).toBe(limits.clientEnvelopeMax);
  expect(Math.max(helloLength, resumeLength)).toBeLessThan(limits.clientEnvelopeMax);
});

test("the longest introduction fits, with an invitation and a name in the widest script", () => {
  const { type, body } = encodeClientMessage({
    type: "auth",
    account: new Uint8Array(32),
    device: new Uint8Array(32),
    signature: new Uint8Array(64),
    entropy: new Uint8Array(32),
    want: "watch",
    name: "あ".repeat(limits.playerNameMax),
    invite: new Uint8Array(32),
    lock: true,
  });
  const [frame, ...more] = encodeFrames(type, body);
  expect(more).toEqual([]);
  const ciphertext = new Uint8Array(frame!.length + limits.tagLength);
  expect(encodeClientEnvelope({ kind: "data", ciphertext }).length).toBeLessThanOrEqual(limits.clientEnvelopeMax);
});

test("one envelope fits a link message, and a link message a batch", () => {
  expect(limits.workerEnvelopeMax).toBeLessThanOrEqual(limits.linkMessageMax);
  expect(limits.linkMessageMax).toBeLessThan(limits.linkBatchMax);
});

test("what a contract may answer can be sent, as a patch too", () => {
  expect(4 * limits.callOutputMax).toBeLessThanOrEqual(limits.messageLengthMax);
  // As many nodes as a view may have, all changed, with as little as possible replaced whole.
  const view = (by: number): Value =>
    Array.from({ length: (limits.valueNodesMax - 1) / 3 }, (_, i) => [(i + by) % 128, 0]);
  const patch = encodeMsgpack(diff(checkValue(view(0)), checkValue(view(1))));
  expect(patch.length).toBeLessThan(encodeMsgpack(view(1)).length + limits.callOutputMax);
});
