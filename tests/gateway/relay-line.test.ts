/** Envelopes on their way to clients: each is the frame it should be, also where one waits behind a client that does not read. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Client } from "@colyseus/core";
import { envelopePrefix, RelayLine } from "#gateway/relay-line.ts";

/** A connection, as the WebSocket library has it after its handshake. */
async function connected(): Promise<{ readonly line: RelayLine; readonly ours: Socket; readonly theirs: Socket }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const theirs = connect(port, "127.0.0.1");
  const [ours] = await accepted;
  onTestFinished(() => {
    for (const socket of [ours, theirs]) socket.destroy();
    server.close();
  });
  const client = { ref: { readyState: 1, _socket: ours }, raw: () => expect.unreachable("too long for this test") };
  return { line: new RelayLine(client as unknown as Client, () => undefined), ours, theirs };
}

/** What arrives, as envelopes: RFC 6455 section 5.2, without masks. @throws if it is anything else. */
function envelopesIn(bytes: Buffer): readonly Buffer[] {
  const envelopes: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x82);
    const short = bytes[at + 1]!;
    expect(short).toBeLessThanOrEqual(126);
    const header = short === 126 ? 4 : 2;
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const payload = bytes.subarray(at + header, at + header + length);
    expect(payload.subarray(0, envelopePrefix.length).equals(envelopePrefix)).toBe(true);
    envelopes.push(payload.subarray(envelopePrefix.length));
    at += header + length;
  }
  return envelopes;
}

const lengths = [0, 1, 122, 123, 124, 4000, 60_000];

/** Told from all others by what is in it. */
const envelope = (who: number, n: number): Buffer => Buffer.alloc(lengths[n % lengths.length]!, `${who}:${n};`);

async function readAll(socket: Socket, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let got = 0;
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer);
    got += (chunk as Buffer).length;
    if (got >= length) break;
  }
  return Buffer.concat(chunks);
}

test("what waits for clients that do not read arrives as it was, in order, and nobody else's", async () => {
  const readers = await Promise.all([connected(), connected()]);
  const count = 700;
  const memory = Buffer.alloc(60_000);
  for (let n = 0; n < count; n++) {
    readers.forEach(({ line }, who) => {
      // The next envelope is written over this one.
      const one = envelope(who, n);
      one.copy(memory);
      line.send(memory.subarray(0, one.length));
    });
  }
  // More than the system takes: some of it waits here.
  for (const { ours } of readers) expect(ours.writableLength).toBeGreaterThan(0);
  for (const [who, { ours, theirs }] of readers.entries()) {
    const arrived = envelopesIn(await readAll(theirs, ours.bytesWritten));
    expect(arrived).toHaveLength(count);
    const wrong = arrived.findIndex((one, n) => !one.equals(envelope(who, n)));
    expect(wrong).toBe(-1);
  }
});

test("nothing is sent on a connection that is closing", async () => {
  const { line, ours } = await connected();
  (line.socket as { readyState: number }).readyState = 2;
  line.send(Uint8Array.of(1));
  expect(ours.bytesWritten).toBe(0);
});
