/**
 * A worker follows a chain through a gateway: a real node by its URL, the service, the fragments of the link. Nodes go away
 * and come back, say nonsense, hang; the worker learns nothing wrong, and goes on.
 */
import { WebSocketServer, type WebSocket } from "ws";
import { expect, onTestFinished, test } from "vitest";
import { startDevnet } from "#chain/devnet/start.ts";
import { LinkedChain, type ChainLink } from "#enclave/ledger/follow/linked-chain.ts";
import { ChainService, type ChainConversation } from "#gateway/chain/chain-service.ts";
import { encodeChainOffer } from "#protocol/chain-link.ts";
import { linkKinds } from "#protocol/link.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { storageKey } from "#enclave/ledger/proof/storage-keys.ts";
import { bytesToHex, concatBytes } from "#protocol/bytes.ts";
import { clock } from "../../chain/devnet/support/client.ts";
import { catchUp, DevnetWorld } from "../../enclave/reward/devnet-world.ts";

const times = { answerMs: 1000, retryMs: 10, retryMaxMs: 50, pulseMs: 500 };
const hash = "00".repeat(32) as BlockHash;
const genesis = { block: { hash, number: 0 }, relay: undefined };

/** A worker's end and a gateway's, as far as a chain goes. */
function linked(url: string, more: Partial<typeof times> = {}) {
  const events: string[] = [];
  const service = new ChainService({ url, log: ({ event }) => events.push(event), times: { ...times, ...more } });
  const chain = new LinkedChain();
  const link: ChainLink = {
    sendApart(kind, bodies, done) {
      expect(kind).toBe(linkKinds.chainQuestion);
      for (const body of bodies) conversation.receive(body.slice());
      setImmediate(done);
    },
  };
  const conversation: ChainConversation = service.open({
    answerChain(fragments, done) {
      for (const fragment of fragments) chain.answer(link, fragment.slice());
      setImmediate(done);
    },
  });
  chain.offer(link, encodeChainOffer());
  service.start();
  onTestFinished(() => service.close());
  const reached = () => expect.poll(() => events.at(-1), { timeout: 60_000 }).toBe("chain-reached");
  return {
    service,
    chain,
    link,
    events,
    reached,
    end: () => conversation.end(),
    receive: (bytes: Uint8Array) => conversation.receive(bytes),
  };
}

test("a worker follows a real runtime's chain by a node's URL, and takes a transaction there", async () => {
  await using world = await DevnetWorld.start();
  const { chain, reached } = linked(world.net.url);
  await reached();
  world.chain.newBlock();
  const follower = world.newFollower({ source: chain });
  const view = await catchUp(follower);
  expect(view.block.number).toBe(1);
  world.createCollection(view);
  for (let left = 70; left > 0; left--) world.chain.newBlock();
  const later = await catchUp(follower);
  // More than one step's blocks, through real proofs of finality.
  expect(later.block.number).toBe(72);
  expect(later.items.collections.has(world.collection)).toBe(true);
  const transaction = world.sign(world.player, [new TextEncoder().encode("hello")], later, 0);
  expect(await chain.submit(transaction)).toBe("waiting");
  world.chain.newBlock();
  // Instant finality: it is over by now, and the node does not take it again.
  await expect
    .poll(() => chain.submit(transaction).catch((error: Error) => error.message), { timeout: 60_000 })
    .toBe("chain-refused");
});

test("whoever wants to know which entries there are is told keys that begin so, and never too many", async () => {
  await using world = await DevnetWorld.start();
  const { chain, reached } = linked(world.net.url);
  await reached();
  const block = world.chain.newBlock().hash.slice(2) as BlockHash;
  const accounts = storageKey("System", "Account");
  const keys = await chain.keys(block, accounts);
  expect(keys.length).toBeGreaterThan(3);
  expect(keys.every((key) => bytesToHex(key).startsWith(bytesToHex(accounts)))).toBe(true);
  expect(keys.map((key) => bytesToHex(key.subarray(-32)))).toContain(world.player.account);
  expect(await chain.keys(block, storageKey("Nothing", "Here"))).toEqual([]);
});

test("a change of authorities is followed through the proofs that a node keeps", async () => {
  await using world = await DevnetWorld.start();
  const { chain, reached } = linked(world.net.url);
  await reached();
  for (let set = 0; set < 3; set++) {
    world.chain.newBlock({ authoritiesAfter: 2 });
    for (let left = 5; left > 0; left--) world.chain.newBlock();
  }
  expect((await catchUp(world.newFollower({ source: chain }))).block.number).toBe(18);
});

test("a transaction is said to be in a block while it is not final, and no longer when that block is given up", async () => {
  await using world = await DevnetWorld.start({ finality: "manual" });
  const { chain, reached } = linked(world.net.url);
  await reached();
  world.chain.finalize(world.chain.newBlock().hash);
  const view = await catchUp(world.newFollower({ source: chain }));
  const transaction = world.sign(world.player, [new TextEncoder().encode("hello")], view, 0);
  expect(await chain.submit(transaction)).toBe("waiting");
  const parent = world.chain.best.hash;
  world.chain.newBlock();
  await expect.poll(() => chain.submit(transaction), { timeout: 60_000 }).toBe("in-block");
  // Another branch takes over, without it.
  const fork = world.chain.newBlock({ parent, transactions: [], best: false });
  world.chain.setBest(world.chain.newBlock({ parent: fork.hash, transactions: [] }).hash);
  await expect.poll(() => chain.submit(transaction), { timeout: 60_000 }).toBe("waiting");
});

test("whoever asks for something newer hears of it at once", async () => {
  await using world = await DevnetWorld.start();
  const { chain, reached } = linked(world.net.url);
  await reached();
  let heard = false;
  const hearing = chain.newer(0).then(() => (heard = true));
  await chain.next({ ...genesis, block: { hash: world.chain.genesisHash.slice(2) as BlockHash, number: 0 } });
  expect(heard).toBe(false);
  world.chain.newBlock();
  await hearing;
});

test("a chain that is down is away, and followed on when it is back: on the same port, with the same blocks", async () => {
  const first = await startDevnet({ clock, sealing: "manual" });
  const port = Number(new URL(first.url).port);
  const { chain, events, reached } = linked(first.url);
  await reached();
  const from = { ...genesis, block: { hash: first.chain.genesisHash.slice(2) as BlockHash, number: 0 } };
  first.chain.newBlock();
  const before = await chain.next(from);
  const waiting = chain.newer(1).catch((error: Error) => error.message);
  await first.close();
  expect(await waiting).toBe("chain-away");
  await expect(chain.next(from)).rejects.toMatchObject({ code: "chain-away" });
  const again = await startDevnet({ clock, sealing: "manual", port });
  onTestFinished(() => again.close());
  again.chain.newBlock();
  await reached();
  expect(events).toEqual(["chain-reached", "chain-lost", "chain-reached"]);
  expect(await chain.next(from)).toEqual(before);
});

test("a chain that was begun anew is not taken for one on which nothing happens", async () => {
  const first = await startDevnet({ clock, sealing: "manual" });
  const port = Number(new URL(first.url).port);
  const { chain, reached } = linked(first.url);
  await reached();
  for (let i = 0; i < 3; i++) first.chain.newBlock();
  const block = { hash: first.chain.best.hash.slice(2) as BlockHash, number: 3 };
  expect(await chain.next({ ...genesis, block })).toBeUndefined();
  await first.close();
  const again = await startDevnet({ clock: () => clock() + 3_600_000, sealing: "manual", port });
  onTestFinished(() => again.close());
  again.chain.newBlock();
  await reached();
  for (let number = 1; number <= 3; number++) {
    await expect(chain.next({ ...genesis, block })).rejects.toMatchObject({ code: "chain-failed" });
    again.chain.newBlock();
  }
});

test("a chain that nobody wants any more is not lost", async () => {
  const net = await startDevnet({ clock, sealing: "manual" });
  onTestFinished(() => net.close());
  const { service, events, reached } = linked(net.url);
  await reached();
  service.close();
  await net.close();
  expect(events).toEqual(["chain-reached"]);
});

/** A node that says to everything what it is told to. */
async function node(answer: (method: string, socket: WebSocket, id: number) => unknown): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const { id, method } = JSON.parse(data.toString()) as { id: number; method: string };
      const result = answer(method, socket, id);
      if (result !== undefined) socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const header = {
  parentHash: `0x${hash}`,
  number: "0x5",
  stateRoot: `0x${hash}`,
  extrinsicsRoot: `0x${hash}`,
  digest: { logs: [] },
};

test.for<[string, (method: string) => unknown]>([
  ["null", () => null],
  ["a number", () => 7],
  ["text", () => "0xnothing"],
  ["an empty object", () => ({})],
  [
    "a header with another root",
    (method) => (method === "chain_getHeader" ? { ...header, stateRoot: "0x" + "0".repeat(63) } : `0x${hash}`),
  ],
  [
    "a header whose number is text",
    (method) => (method === "chain_getHeader" ? { ...header, number: "five" } : `0x${hash}`),
  ],
  ["a header without a digest", (method) => (method === "chain_getHeader" ? { ...header, digest: null } : `0x${hash}`)],
  ["a body that is no list", () => ({ block: { extrinsics: "0x00" } })],
  ["extrinsics that are no bytes", () => ({ block: { extrinsics: [1, 2] } })],
])("a node that says %s has failed, and is asked again", async ([, answer]) => {
  const { chain, reached } = linked(await node(answer));
  await reached();
  await expect(chain.next(genesis)).rejects.toMatchObject({ code: "chain-failed" });
  await expect(chain.body(hash)).rejects.toMatchObject({ code: "chain-failed" });
  await expect(chain.storage(hash, [new Uint8Array(4)])).rejects.toMatchObject({ code: "chain-failed" });
});

test("a node that hangs is away after a while; one that hangs up is come back to", async () => {
  let hang = true;
  const { chain, events, reached } = linked(
    await node((method, socket) => {
      if (hang) return undefined;
      if (method === "state_getMetadata") socket.terminate();
      return "0x6d657461";
    }),
  );
  await reached();
  await expect(chain.metadata(undefined!, hash)).rejects.toMatchObject({ code: "chain-away" });
  hang = false;
  await expect(chain.metadata(undefined!, hash)).rejects.toMatchObject({ code: "chain-away" });
  await expect.poll(() => events.filter((event) => event === "chain-reached").length, { timeout: 60_000 }).toBe(2);
});

test("an answer that is longer than any is not carried", async () => {
  const { chain, reached } = linked(await node(() => `0x${"00".repeat(11 * 1024 * 1024)}`), {
    answerMs: 60_000,
    pulseMs: 60_000,
  });
  await reached();
  await expect(chain.metadata(undefined!, hash)).rejects.toMatchObject({ code: "chain-failed" });
});

test("a worker that asks what nobody answers is told so when its gateway goes", async () => {
  const { chain, link, reached, end } = linked(await node(() => undefined));
  await reached();
  const asked = chain.body(hash).catch((error: Error) => error.message);
  end();
  chain.detach(link);
  expect(await asked).toBe("chain-away");
  await expect(chain.body(hash)).rejects.toMatchObject({ code: "chain-away" });
});

test.for<[string, Uint8Array, string]>([
  ["no fragment", new Uint8Array(8), "malformed"],
  ["a question of no kind", Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 99), "malformed"],
  ["more than any question", concatBytes(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1), new Uint8Array(64 * 1024)), "too-long"],
])("a worker that says %s is cut off", async ([, bytes, code]) => {
  const { receive, reached } = linked(await node(() => null));
  await reached();
  expect(() => receive(bytes)).toThrow(expect.objectContaining({ code }));
});

test("a gateway that answers what nobody asked is cut off", () => {
  const chain = new LinkedChain();
  const link: ChainLink = { sendApart: () => undefined };
  expect(() => chain.answer(link, new Uint8Array(9))).toThrow(expect.objectContaining({ code: "malformed" }));
  chain.offer(link, encodeChainOffer());
  expect(() => chain.offer(link, encodeChainOffer())).toThrow(expect.objectContaining({ code: "malformed" }));
  const answer = Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0);
  expect(() => chain.answer(link, answer)).toThrow(expect.objectContaining({ code: "malformed" }));
});

test("a worker does not ask more of a gateway that answers nothing", async () => {
  const chain = new LinkedChain();
  chain.offer({ sendApart: (_kind, _bodies, done) => done() }, encodeChainOffer());
  const silent = Array.from({ length: 16 }, () => chain.body(hash));
  for (const asked of silent) asked.catch(() => undefined);
  await expect(chain.body(hash)).rejects.toMatchObject({ code: "chain-silent" });
});
