/** Long messages in pieces: whole at the other end, held back by nobody, and never more than was allowed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "#protocol/errors.ts";
import { linkMessageMax } from "#protocol/limits.ts";
import {
  fragmentMax,
  FragmentReader,
  FragmentSender,
  turnMax,
  type AssemblyLimits,
  type Assembled,
} from "#protocol/store-fragments.ts";
import { refusalOf } from "./support/refusal.ts";

/** A sender whose turns are taken one by one. */
function sender() {
  const turns: { readonly fragments: readonly Uint8Array[]; readonly done: () => void }[] = [];
  return { turns, sender: new FragmentSender((fragments, done) => void turns.push({ fragments, done })) };
}

/** Takes turns until nothing is left; `next` comes before each of them. */
function drain(turns: ReturnType<typeof sender>["turns"], next: () => void = () => undefined): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    next();
    expect(turn.fragments.reduce((sum, { length }) => sum + length - 8, 0)).toBeLessThanOrEqual(turnMax);
    for (const fragment of turn.fragments) expect(fragment.length).toBeLessThanOrEqual(linkMessageMax);
    all.push(...turn.fragments);
    turn.done();
  }
  return all;
}

const anything: AssemblyLimits = { bytesMax: Number.MAX_SAFE_INTEGER, admit: () => undefined };

const assemble = (fragments: readonly Uint8Array[], limits = anything): Assembled[] => {
  const reader = new FragmentReader(limits);
  return fragments.flatMap((fragment) => reader.push(fragment) ?? []);
};

const message = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const named = (fragments: readonly Uint8Array[]): number[] => fragments.map((fragment) => fragment[0]!);

test("messages of any length come out whole, whenever they were pushed", () => {
  const length = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom(
      fragmentMax - 1,
      fragmentMax,
      fragmentMax + 1,
      2 * fragmentMax,
      2 * fragmentMax + 1,
      9 * fragmentMax,
    ),
  );
  const pushes = fc.array(fc.record({ length, inOrder: fc.boolean(), later: fc.boolean() }), { maxLength: 8 });
  fc.assert(
    fc.property(pushes, (planned) => {
      const { sender: it, turns } = sender();
      const left: number[] = [];
      const push = (number: number): void => {
        const { length: bytes, inOrder } = planned[number]!;
        it.push(number, message(bytes, number + 1), inOrder, () => left.push(number));
      };
      planned.forEach(({ later }, number) => later || push(number));
      const waiting = planned.flatMap(({ later }, number) => (later ? [number] : []));
      const pushLater = (): void => waiting.splice(0, 1).forEach(push);
      pushLater();
      const fragments: Uint8Array[] = [];
      do fragments.push(...drain(turns, pushLater));
      while ((pushLater(), turns.length > 0));
      const whole = assemble(fragments).sort((a, b) => a.question - b.question);
      // As text: `toEqual` looks at each byte of an array by itself.
      expect(whole.map(({ question, message: bytes }) => [question, latin1(bytes)])).toEqual(
        planned.map((plan, number) => [number, latin1(message(plan.length, number + 1))]),
      );
      expect(left.sort((a, b) => a - b)).toEqual(planned.map((_, number) => number));
    }),
    { numRuns: 50 },
  );
});

test("what is urgent overtakes a long message that has begun, and that one goes on all the same", () => {
  const { sender: it, turns } = sender();
  it.push(1, message(20 * fragmentMax, 1), false);
  it.push(2, message(100, 2), false);
  it.push(3, message(3 * fragmentMax, 3), true);
  it.push(4, message(100, 4), true);
  expect(named(turns[0]!.fragments)).toEqual([1, 1, 1, 1]);
  turns.shift()!.done();
  expect(named(turns[0]!.fragments)).toEqual([2, 3, 3, 1]);
  turns.shift()!.done();
  expect(named(turns[0]!.fragments)).toEqual([3, 4, 1, 1]);
});

test("nothing is sent while the system has not taken what was sent before", () => {
  const { sender: it, turns } = sender();
  it.push(1, message(1, 1), true);
  it.push(2, message(1, 2), true);
  it.push(3, message(10 * fragmentMax, 3), false);
  expect(turns).toHaveLength(1);
  turns.shift()!.done();
  expect(turns).toHaveLength(1);
});

test("what must be in order stays in order, however long some of it is", () => {
  const { sender: it, turns } = sender();
  [5, 0.1, 3, 1, 0.2].forEach((size, number) => it.push(number, message(size * fragmentMax, 1), true));
  expect(assemble(drain(turns)).map(({ question }) => question)).toEqual([0, 1, 2, 3, 4]);
});

const fragment = (question: number, left: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(8 + length);
  new DataView(bytes.buffer).setUint32(0, question, true);
  new DataView(bytes.buffer).setUint32(4, left, true);
  return bytes;
};

test.for<[string, Uint8Array[]]>([
  ["nothing", [new Uint8Array(0)]],
  ["half a header", [new Uint8Array(7)]],
  ["an empty message", [fragment(1, 0, 0)]],
  ["a fragment that says it has nothing left", [fragment(1, 0, 1)]],
  ["a fragment that is shorter than it says", [fragment(1, 10, 9)]],
  ["a fragment that is longer than it says", [fragment(1, 10, 11)]],
  ["a fragment in the middle that is not full", [fragment(1, fragmentMax + 10, fragmentMax - 1)]],
  ["a fragment that is more than full", [fragment(1, fragmentMax + 10, fragmentMax + 1)]],
  ["a message that grows", [fragment(1, 2 * fragmentMax, fragmentMax), fragment(1, 2 * fragmentMax, fragmentMax)]],
  [
    "a message of which a part is missing",
    [fragment(1, 3 * fragmentMax, fragmentMax), fragment(1, fragmentMax, fragmentMax)],
  ],
])("%s is refused", ([, fragments]) => {
  expect(refusalOf(() => assemble(fragments))).toBe("malformed");
});

test("memory is taken for what was admitted and within the limit, and given back", () => {
  const admitted: [number, number][] = [];
  const reader = new FragmentReader({
    bytesMax: 5 * fragmentMax,
    admit(question, length) {
      if (question === 13) throw new ProtocolError("malformed", "nobody asked");
      admitted.push([question, length]);
    },
  });
  const begin = (question: number, length: number) => reader.push(fragment(question, length, fragmentMax));
  expect(begin(1, 2 * fragmentMax)).toBeUndefined();
  expect(begin(2, 3 * fragmentMax)).toBeUndefined();
  expect(refusalOf(() => begin(3, fragmentMax))).toBe("too-long");
  expect(refusalOf(() => begin(13, fragmentMax))).toBe("malformed");
  expect(reader.push(fragment(1, fragmentMax, fragmentMax))?.question).toBe(1);
  expect(begin(4, 2 * fragmentMax)).toBeUndefined();
  expect(refusalOf(() => begin(5, 2 ** 32 - 1))).toBe("too-long");
  expect(admitted.map(([question]) => question)).toEqual([1, 2, 3, 4, 5]);
});

test("any fragments are messages or a coded refusal", () => {
  const any = fc.record({ question: fc.nat(2), left: fc.nat(20), length: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), (planned) => {
      const fragments = planned.map(({ question, left, length }) => fragment(question, left, length));
      expect([undefined, "malformed"]).toContain(refusalOf(() => assemble(fragments)));
    }),
  );
});

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
