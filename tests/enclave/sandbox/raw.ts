/** Bundles written by hand, without the SDK: they answer with whatever bytes a test wants. */
import type { AnyContract } from "#contract/contract.ts";
import { describeContract } from "#contract/describe.ts";
import { encodeMsgpack } from "#protocol/msgpack.ts";

const contract = { name: "raw", players: { min: 1, max: 2 }, memoryPages: 64 } as AnyContract;

export const rawManifest = describeContract(contract);

/**
 * A bundle that describes itself with `manifest` and answers every other call with `answer`: encoded if it is a value,
 * or the text of a function body that writes into `output` and returns.
 */
export function rawBundle(answer: { value: unknown } | { body: string }, manifest: unknown = rawManifest): Uint8Array {
  const described = encodeMsgpack({ answer: "described", manifest });
  const body = "body" in answer ? answer.body : `return say(${bytesText(encodeMsgpack(answer.value))});`;
  return Buffer.from(`
    const host = globalThis.phatroomHost;
    const { output } = host;
    const say = (bytes) => { output.set(bytes); return bytes.length; };
    let described = false;
    host.answer = () => {
      if (!described) { described = true; return say(${bytesText(described)}); }
      ${body}
    };
  `);
}

/** The text that answers with a value in which the one byte `hole` stands for what an expression gives. */
export function sayText(value: unknown, hole: number, expression: string): string {
  const bytes = [...encodeMsgpack(value)].map((byte) => (byte === hole ? expression : String(byte)));
  return `return say([${bytes.join(",")}]);`;
}

const bytesText = (bytes: Uint8Array): string => `[${bytes.join(",")}]`;
