/** A worse network, for development: late, uneven, stalled, and in order all the same. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { simulateNetwork, type NetworkConditions } from "#client/simulated-network.ts";
import type { Receiver, Transport } from "#client/transport.ts";
import { seeded } from "#testing/seeded.ts";
import { VirtualTime } from "./virtual-time.ts";

interface Arrival {
  readonly at: number;
  readonly n: number;
}

async function opened(conditions: NetworkConditions) {
  const time = new VirtualTime();
  const random = seeded("network", "1");
  const [up, down]: [Arrival[], (Arrival | string)[]] = [[], []];
  let remote: Receiver | undefined;
  let closed = false;
  const transport: Transport = {
    open: async (_room, receiver) => {
      remote = receiver;
      return {
        send: ([n]) => void up.push({ at: time.now(), n: n! }),
        close: () => void (closed = true),
      };
    },
  };
  const machine = { now: time.now, after: time.after, jitter: () => random.unit() };
  const connection = await simulateNetwork(transport, conditions, machine).open("a" as never, {
    bytes: ([n]) => void down.push({ at: time.now(), n: n! }),
    closed: (code) => void down.push(code),
  });
  return { time, connection, remote: remote!, up, down, isClosed: () => closed };
}

test("envelopes arrive after the delay, both ways", async () => {
  const { time, connection, remote, up, down } = await opened({ delayMs: 75 });
  connection.send(Uint8Array.of(1));
  remote.bytes(Uint8Array.of(2));
  await time.pass(74);
  expect([up, down]).toEqual([[], []]);
  await time.pass(1);
  expect([up, down]).toEqual([[{ at: 75, n: 1 }], [{ at: 75, n: 2 }]]);
});

test("what is lost holds up all that comes behind it, and then everything is there at once", async () => {
  const conditions = { delayMs: 10, loss: 1, stallMs: 200 };
  const { time, connection, up } = await opened(conditions);
  connection.send(Uint8Array.of(1));
  await time.pass(50);
  conditions.loss = 0;
  connection.send(Uint8Array.of(2));
  await time.pass(500);
  expect(up).toEqual([
    { at: 210, n: 1 },
    { at: 210, n: 2 },
  ]);
});

test("however uneven it is, order is kept and nothing is missing", async () => {
  const conditions = fc.record({ delayMs: fc.nat(100), jitterMs: fc.nat(300), loss: fc.constantFrom(0, 0.2, 0.9) });
  await fc.assert(
    fc.asyncProperty(conditions, fc.array(fc.nat(60), { minLength: 1, maxLength: 20 }), async (drawn, pauses) => {
      const { time, connection, remote, up, down } = await opened(drawn);
      for (const [n, pause] of pauses.entries()) {
        connection.send(Uint8Array.of(n));
        remote.bytes(Uint8Array.of(n));
        await time.pass(pause);
      }
      remote.closed("unreachable");
      await time.pass(5000);
      const numbers = pauses.map((_, n) => n);
      expect(up.map(({ n }) => n)).toEqual(numbers);
      expect(down.map((one) => (typeof one === "string" ? one : one.n))).toEqual([...numbers, "unreachable"]);
    }),
    { numRuns: 20 },
  );
});

test("after it was closed nothing arrives any more", async () => {
  const { time, connection, remote, down, isClosed } = await opened({ delayMs: 50 });
  remote.bytes(Uint8Array.of(1));
  connection.close();
  await time.pass(100);
  expect([down, isClosed()]).toEqual([[], true]);
});
