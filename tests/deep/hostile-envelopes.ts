/** Envelopes that no honest client sends: random, cut, stretched, flipped, out of turn. */
import { clientEnvelopeMax, protocolVersion } from "#protocol/limits.ts";
import type { SeededNumbers } from "./deep.ts";

/** Honest shapes to start from: hello, resume, data. */
const shapes = [
  { head: [0x01, protocolVersion], length: 34 },
  { head: [0x02, protocolVersion], length: 66 },
  { head: [0x03], length: 1 + 256 + 16 },
  { head: [0x03], length: 1 + 64 + 16 },
] as const;

/**
 * One envelope.
 *
 * @param answerable how often, in a thousand, it is a hello that the worker has to answer with a handshake and a quote.
 */
export function hostileEnvelope(numbers: SeededNumbers, answerable: number): Uint8Array {
  const kind = numbers.below(1000);
  if (kind < answerable) return shaped(numbers, 0);
  if (kind < 400) return shaped(numbers, 1 + numbers.below(3));
  if (kind < 600) return numbers.bytes(numbers.below(64));
  if (kind < 700) return flipped(shaped(numbers, numbers.below(4)), numbers);
  if (kind < 800) return shaped(numbers, numbers.below(4)).subarray(0, numbers.below(34));
  if (kind < 990) return numbers.bytes(1 + numbers.below(100));
  return numbers.bytes(clientEnvelopeMax - 2 + numbers.below(4));
}

function shaped(numbers: SeededNumbers, shape: number): Uint8Array {
  const { head, length } = shapes[shape]!;
  const out = numbers.bytes(length);
  out.set(head);
  return out;
}

/** A hello with a flipped bit is still a hello unless the flip is in its head; most flips are. */
function flipped(bytes: Uint8Array, numbers: SeededNumbers): Uint8Array {
  bytes[numbers.below(2)]! ^= 1 << numbers.below(8);
  return bytes;
}
