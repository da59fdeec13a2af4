/** What a worker can reach through a gateway: the public network, for as long and as much as one request takes. */
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeTunnelled, encodeTunnel } from "#protocol/tunnel.ts";
import { isPublic, Tunnels } from "#gateway/tunnels.ts";

let server: Server;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const open = (): Uint8Array =>
  encodeTunnel({ is: "open", host: "a.example", port: (server.address() as AddressInfo).port });

/** Tunnels, and a promise of the first end that the worker is told. */
function tunnels(setup: { readonly allowed?: boolean; readonly to?: string } = {}) {
  const ends = Promise.withResolvers<number>();
  const made = new Tunnels({
    allowed: setup.allowed ?? true,
    resolve: async () => setup.to ?? "127.0.0.1",
    say: (number, body) => {
      if (decodeTunnelled(body).is === "end") ends.resolve(number);
    },
  });
  return { made, ended: ends.promise };
}

test.for([
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "169.254.169.254",
  "172.16.0.1",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "64:ff9b::7f00:1",
  "fc00::1",
  "fe80::1",
  "ff02::1",
  "2001:db8::1",
  "2002:7f00:1::1",
])("%s is not of the public network", (address) => expect(isPublic(address)).toBe(false));

test.for(["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "2a00:1450:4001::1"])(
  "%s is of the public network",
  (address) => expect(isPublic(address)).toBe(true),
);

test("a name that leads inside is not followed", async () => {
  const ended = Promise.withResolvers<void>();
  const made = new Tunnels({ allowed: true, say: () => ended.resolve() });
  // It resolves to this machine, or to nothing; neither is a way.
  made.receive(1, encodeTunnel({ is: "open", host: "localhost.localdomain", port: 9 }));
  await ended.promise;
  expect(made.size).toBe(0);
});

test.for([
  [25, 1],
  [80, 1],
  [8443, 1],
  [443, 0],
] as const)(
  "of other machines only the port of HTTPS is tried, not even a name is looked up for port %i",
  ([port, ends]) => {
    let ended = 0;
    const made = new Tunnels({ allowed: true, say: () => (ended += 1) });
    made.receive(1, encodeTunnel({ is: "open", host: "a.invalid", port }));
    expect(ended).toBe(ends);
    made.close();
  },
);

test("an operator who allows none opens none", async () => {
  const { made, ended } = tunnels({ allowed: false });
  made.receive(1, open());
  expect(await ended).toBe(1);
  expect(sockets).toEqual([]);
});

test("what was sent before the way was open arrives in order", async () => {
  const { made } = tunnels();
  made.receive(7, open());
  for (const part of ["one ", "two ", "three"]) made.receive(7, encodeTunnel({ is: "data", bytes: Buffer.from(part) }));
  if (sockets.length === 0) await once(server, "connection");
  let heard = "";
  while (heard !== "one two three") heard += String((await once(sockets[0]!, "data"))[0]);
  made.close();
  expect(made.size).toBe(0);
});

describe("limits", () => {
  test("a server that is not there ends the tunnel", async () => {
    const { made, ended } = tunnels();
    const to = open();
    server.close();
    made.receive(3, to);
    expect(await ended).toBe(3);
  });

  test("sixty-four at once, and the next waits for nobody", async () => {
    const { made, ended } = tunnels();
    for (let i = 1; i <= 64; i++) made.receive(i, open());
    made.receive(65, open());
    expect(await ended).toBe(65);
    made.close();
  });

  test("a worker that sends more than a request is let go", () => {
    const { made } = tunnels();
    made.receive(1, open());
    const chunk = encodeTunnel({ is: "data", bytes: new Uint8Array(16 * 1024) });
    for (let i = 0; i < 4; i++) made.receive(1, chunk);
    expect(() => made.receive(1, chunk)).toThrow(expect.objectContaining({ code: "too-long" }));
    made.close();
  });

  test("a server that says more than an answer is cut off", async () => {
    const { made, ended } = tunnels();
    made.receive(1, open());
    await once(server, "connection");
    sockets[0]!.write(Buffer.alloc(300 * 1024));
    expect(await ended).toBe(1);
  });

  test("a number that is in use is not given again", () => {
    const { made } = tunnels();
    made.receive(1, open());
    expect(() => made.receive(1, open())).toThrow(expect.objectContaining({ code: "malformed" }));
    made.close();
  });
});
