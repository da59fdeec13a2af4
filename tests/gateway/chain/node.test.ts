/** A node of a chain: what it tells of one thing is listened to until it is over, or a gateway would remember every transaction. */
import { WebSocketServer } from "ws";
import { expect, onTestFinished, test } from "vitest";
import { ChainNode } from "#gateway/chain/node.ts";
import { Submissions } from "#gateway/chain/submissions.ts";

test("of a transaction that is final nothing more is listened to, and one that is not yet is heard on", async () => {
  const server = new WebSocketServer({ port: 0 });
  onTestFinished(() => server.close());
  let tell = (_subscription: string, _result: unknown): void => undefined;
  server.on("connection", (socket) => {
    tell = (subscription, result) =>
      socket.send(JSON.stringify({ jsonrpc: "2.0", method: "told", params: { subscription, result } }));
    socket.on("message", (text: Buffer) => {
      const { id, params } = JSON.parse(text.toString("utf8")) as { id: number; params: string[] };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: `of ${params[0]}` }));
    });
  });
  const { port } = server.address() as { port: number };
  const heard: unknown[] = [];
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const node = new ChainNode(`ws://127.0.0.1:${port}`, { reached: resolve, lost: () => undefined });
  onTestFinished(() => node.close());
  node.start();
  await reached;
  await node.subscribe("watch", ["one"], (value) => {
    heard.push(value);
    return value === "last" ? "over" : undefined;
  });
  await node.subscribe("watch", ["other"], (value) => void heard.push(value));
  for (const said of ["first", "last", "after the last"]) tell("of one", said);
  tell("of other", "the other's");
  await expect.poll(() => heard.at(-1)).toBe("the other's");
  expect(heard).toEqual(["first", "last", "the other's"]);
});

test.for([
  ["dropped", true],
  [{ finalized: "0x01" }, true],
  [{ usurped: "0x01" }, true],
  ["ready", false],
  [{ inBlock: "0x01" }, false],
  [{ retracted: "0x01" }, false],
] as const)("%o is the last that is said of a transaction: %s", async ([status, last]) => {
  let told: ((value: unknown) => unknown) | undefined;
  const node = {
    subscribe: (_method: string, _parameters: unknown, listener: (value: unknown) => unknown) => {
      told = listener;
      return Promise.resolve(() => undefined);
    },
  } as unknown as ChainNode;
  await new Submissions(node).submit(Uint8Array.of(1));
  expect(told?.(status)).toBe(last ? "over" : undefined);
});
