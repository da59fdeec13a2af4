import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeClientEnvelope } from "#protocol/envelope.ts";
import { encodeClientMessage } from "#protocol/message.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { protocolVersion } from "#protocol/limits.ts";
import { witnessLength } from "#protocol/witness.ts";
import type { AnyContract } from "#contract/contract.ts";
import { PlatformError } from "#enclave/platform/platform.ts";
import { admissionMs, silentMs } from "#enclave/gate.ts";
import { epochMs } from "#enclave/channel/channel-key.ts";
import { openGate, unsignedPlatform, type GateUnderTest, type HandClient } from "./gate-harness.ts";
import { tally } from "./room/contracts.ts";

async function joined(): Promise<{ it: GateUnderTest; client: HandClient }> {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.join();
  it.pass(100);
  return { it, client };
}

test("a client that shakes hands and signs is admitted and then shown its view", async () => {
  const { client } = await joined();
  expect(client.messages.map(({ type }) => type)).toEqual(["admitted", "update"]);
  expect(client.messages[0]).toMatchObject({ seat: 0, hz: 50, moves: 0 });
});

test("every frame to a viewer of a steady room has the same size", async () => {
  const { it, client } = await joined();
  client.say({ type: "move", n: 1, move: { add: 1 } });
  it.pass(20);
  const lengths = client.envelopes.flatMap((envelope) =>
    envelope.kind === "data" ? [envelope.ciphertext.length] : [],
  );
  expect(new Set(lengths)).toEqual(new Set([1024 + 16]));
});

test("joins that wait together share one quote, and each is bound by it", async () => {
  const it = await openGate(tally);
  const clients = Array.from({ length: 5 }, (_, i) => it.client(i + 1, it.room()));
  await Promise.all(clients.map((client) => client.join()));
  expect(it.platform.quotes).toBeLessThan(5);
  for (const client of clients) expect(client.messages[0]).toMatchObject({ type: "admitted" });
});

test("a hello that cannot be answered does not spoil the batch it is in", async () => {
  const it = await openGate(tally);
  const [good, bad] = [it.client(1, it.room()), it.client(2, it.room())];
  bad.raw(encodeClientEnvelope({ kind: "hello", version: protocolVersion, message: new Uint8Array(32) }));
  await good.join();
  await bad.next(() => false);
  expect(bad.closed).toBe("handshake-failed");
  expect(good.messages[0]).toMatchObject({ type: "admitted" });
});

test("a client of another version is told to reload", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  client.raw(encodeClientEnvelope({ kind: "hello", version: protocolVersion + 1, message: new Uint8Array(32) }));
  expect(client.closed).toBe("protocol-mismatch");
  expect(client.envelopes).toEqual([{ kind: "refused", code: "protocol-mismatch" }]);
});

test("a room that does not exist is not there", async () => {
  const it = await openGate(tally);
  expect(it.client(1, "0".repeat(20) as never).closed).toBe("room-not-found");
});

test("a machine that cannot prove itself lets nobody in", async () => {
  const platform = unsignedPlatform();
  platform.quote = () => Promise.reject(new PlatformError("platform-unavailable", "no hardware"));
  const it = await openGate(tally, platform);
  const client = it.client(1, it.room());
  await client.shake();
  expect(client.closed).toBe("platform-unavailable");
});

test.for([
  ["a signature over another channel", { signature: new Uint8Array(64).fill(1) }],
  ["an account that is not the device's", { account: new Uint8Array(32).fill(1) }],
  ["a key that is no key", { account: new Uint8Array(32).fill(255), device: new Uint8Array(32).fill(255) }],
] as const)("%s is refused", async ([, change]) => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.join(change);
  expect(client.closed).toBe("account-refused");
});

test("a device cannot speak for an account that has not said so, however well it signs", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.shake();
  const account = new Uint8Array(32).fill(1);
  client.say({ ...client.auth(), account, signature: client.sign(account) });
  expect(client.closed).toBe("account-refused");
});

test("an auth replayed on another channel is refused", async () => {
  const it = await openGate(tally);
  const room = it.room();
  const [first, second] = [it.client(1, room, 7), it.client(2, room, 7)];
  await first.shake();
  const auth = first.auth();
  await second.shake();
  second.say(auth);
  expect(second.closed).toBe("account-refused");
});

test("a move before admission is refused", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.shake();
  client.say({ type: "move", n: 1, move: { add: 1 } });
  expect(client.closed).toBe("not-admitted");
});

test("a frame from another channel, or repeated, ends this channel and no other", async () => {
  const it = await openGate(tally);
  const room = it.room();
  const [first, second] = [it.client(1, room), it.client(2, room)];
  await first.join();
  await second.join();
  it.pass(20);
  const { type, body } = encodeClientMessage({ type: "move", n: 1, move: { add: 1 } });
  const [ciphertext] = first.channel!.encrypt(type, body);
  second.raw(encodeClientEnvelope({ kind: "data", ciphertext: ciphertext! }));
  expect(second.closed).toBe("channel-broken");
  first.raw(encodeClientEnvelope({ kind: "data", ciphertext: ciphertext! }));
  expect(first.closed).toBeUndefined();
  first.raw(encodeClientEnvelope({ kind: "data", ciphertext: ciphertext! }));
  expect(first.closed).toBe("channel-broken");
});

test("who does not finish joining in time is closed, and who has joined is not", async () => {
  const { it, client } = await joined();
  const slow = it.client(2, client.room);
  it.pass(admissionMs + 1);
  it.gate.expire();
  expect(slow.closed).toBe("handshake-timeout");
  expect(client.closed).toBeUndefined();
});

/** Two of them play; as time passes the first one pings as clients do, and the gate looks after them once a second. */
async function twoPlay(contract: AnyContract) {
  const it = await openGate(contract);
  const first = it.client(1, it.room());
  const second = it.client(2, first.room);
  for (const client of [first, second]) await client.join();
  const pass = (ms: number): void => {
    for (let at = 0; at < ms; at += 1000) {
      if (at % 5000 === 0) first.say({ type: "ping", at });
      it.pass(1000);
      it.gate.expire();
    }
  };
  const phase = (): string | undefined =>
    first.messages.flatMap((message) => (message.type === "update" ? [message.status?.phase ?? []].flat() : [])).at(-1);
  return { it, first, second, pass, phase };
}

test("a host that keeps from the worker that a player's line is cut has that player present for a minute, and no longer", async () => {
  const { it, first, second, pass, phase } = await twoPlay(tally);
  pass(silentMs - 1000);
  expect(phase()).toBe("playing");
  pass(2000);
  expect(phase()).toBe("paused");
  expect(second.closed).toBe("channel-broken");
  const told = first.messages.length;
  first.say({ type: "move", n: 1, move: { add: 1 } });
  it.pass(100);
  expect(first.messages.slice(told).filter(({ type }) => type === "update")).toEqual([]);
});

test("whoever pings once a minute stays, and so does who is silent in a room that waits for nobody", async () => {
  const all = await twoPlay(tally);
  for (let minutes = 0; minutes < 3; minutes++) {
    all.second.say({ type: "ping", at: 0 });
    all.pass(60_000);
  }
  expect([all.phase(), all.second.closed]).toEqual(["playing", undefined]);
  const any = await twoPlay({ ...tally, presence: "any" });
  any.pass(3 * silentMs);
  expect([any.phase(), any.second.closed]).toEqual(["playing", undefined]);
});

test("a dropped client resumes without a quote, once, and gets its whole view again", async () => {
  const { it, client } = await joined();
  const quotes = it.platform.quotes;
  const secret = client.channel!.resumption;
  client.drop();
  const again = it.client(2, client.room);
  await again.resume(secret);
  expect(again.messages).toEqual([]);
  again.say({ type: "ping", at: 1 });
  it.pass(20);
  expect(again.messages.map(({ type }) => type)).toEqual(["admitted", "pong", "update"]);
  expect(it.platform.quotes).toBe(quotes);
  const third = it.client(3, client.room);
  await third.resume(secret);
  expect(third.closed).toBe("resumption-refused");
});

test("a resumption that a host replays seats nobody: the player has to speak first", async () => {
  const { it, client } = await joined();
  const secret = client.channel!.resumption;
  client.drop();
  it.pass(20);
  const replayed = it.client(2, client.room);
  await replayed.resume(secret);
  it.pass(60_000);
  expect(replayed.messages).toEqual([]);
});

test("a resumption secret is of no use in another room, with another secret, or after its epoch", async () => {
  const { it, client } = await joined();
  const secret = client.channel!.resumption;
  client.drop();
  const elsewhere = it.client(2, it.room());
  await elsewhere.resume(secret);
  expect(elsewhere.closed).toBe("resumption-refused");
  const guessing = it.client(3, client.room);
  await guessing.resume({ id: secret.id, psk: new Uint8Array(32) });
  expect(guessing.closed).toBe("handshake-failed");
  const late = await joined();
  const old = late.client.channel!.resumption;
  late.client.drop();
  late.it.now += epochMs;
  const tooLate = late.it.client(4, late.client.room);
  await tooLate.resume(old);
  expect(tooLate.closed).toBe("resumption-refused");
});

test("any bytes at any step close the seat with a code at most, and are never our bug", async () => {
  const it = await openGate(tally);
  const room = it.room();
  const { client: healthy } = { client: it.client(1, room) };
  await healthy.join();
  let seat = 10;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (frames, inside) => {
        const client = it.client((seat += 1), room);
        if (inside) await client.shake();
        for (const frame of frames) {
          if (!inside) client.raw(frame);
          else if (client.closed === undefined) {
            for (const ciphertext of client.channel!.encrypt(1 + ((frame[0] ?? 0) % 30), frame)) {
              client.raw(encodeClientEnvelope({ kind: "data", ciphertext }));
            }
          }
        }
        client.drop();
      },
    ),
    { numRuns: 300, seed: 20_261_125 },
  );
  expect(it.bugs).toEqual([]);
  it.pass(20);
  expect(healthy.closed).toBeUndefined();
  expect(it.gate.size).toBe(1);
});

const witness = new Uint8Array(witnessLength).fill(5);

/** How far a client of this room has come, looked at whenever somebody's witness is. */
function watchingPresented(it: GateUnderTest, client: HandClient): unknown[] {
  const presented: unknown[] = [];
  it.present = (hosted, bytes) => {
    presented.push([hosted.room.id, bytes, client.messages.length]);
  };
  return presented;
}

test("what somebody remembers of a room is looked at before they are in it", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  const presented = watchingPresented(it, client);
  await client.join({ witness });
  expect(presented).toEqual([[client.room, witness, 0]]);
  expect(client.messages[0]).toMatchObject({ type: "admitted" });
});

test("an account that is not theirs is found out before anything they remember is looked at", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  const presented = watchingPresented(it, client);
  await client.join({ witness, signature: new Uint8Array(64) });
  expect([client.closed, presented]).toEqual(["account-refused", []]);
});

test("a resumption presents it with its first frame", async () => {
  const { it, client } = await joined();
  const secret = client.channel!.resumption;
  client.drop();
  const again = it.client(2, client.room, 1);
  const presented = watchingPresented(it, again);
  await again.resume(secret);
  again.say({ type: "witness", witness });
  expect(presented).toEqual([[client.room, witness, 0]]);
  expect(again.messages[0]).toMatchObject({ type: "admitted", seat: 0 });
});

test("what waited for somebody's witness leaves as soon as that has come", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.join();
  it.pass(100);
  const { urged } = it;
  client.say({ type: "ping", at: 1 });
  expect(it.urged).toBe(urged);
  client.say({ type: "witness", witness });
  expect(it.urged).toBe(urged + 1);
  expect(client.closed).toBeUndefined();
});

test("a witness that has to be looked up keeps its player outside until then, and silent", async () => {
  const it = await openGate(tally);
  const [patient, hasty] = [it.client(1, it.room()), it.client(2, it.room())];
  let known = (): void => undefined;
  it.present = () => new Promise<void>((resolve) => (known = resolve));
  await patient.join({ witness });
  it.pass(100);
  expect(patient.messages).toEqual([]);
  known();
  await new Promise((resolve) => setImmediate(resolve));
  expect(patient.messages[0]).toMatchObject({ type: "admitted" });
  await hasty.join({ witness });
  hasty.say({ type: "ping", at: 1 });
  expect(hasty.closed).toBe("malformed");
  known();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasty.messages).toEqual([{ type: "closed", code: "malformed" }]);
  expect(it.bugs).toEqual([]);
});

test.for(["at once", "later"] as const)(
  "whoever is refused %s because of what they remember is told why",
  async (when) => {
    const it = await openGate(tally);
    const client = it.client(1, it.room());
    const refusal = new ProtocolError("witness-refused");
    it.present = () => {
      if (when === "at once") throw refusal;
      return Promise.reject(refusal);
    };
    await client.join({ witness });
    await client.next(() => false);
    expect([client.closed, client.messages]).toEqual([
      "witness-refused",
      [{ type: "closed", code: "witness-refused" }],
    ]);
  },
);

test("nobody gets into a room that was opened anew while they shook hands", async () => {
  const it = await openGate(tally);
  const client = it.client(1, it.room());
  await client.shake();
  it.rooms.forget(it.rooms.find(client.room)!, "room-moved");
  client.say(client.auth());
  expect(client.closed).toBe("room-moved");
});
