/** JSON-RPC: what callers may ask, what they are told, and where it ends. */
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { developmentAccounts } from "#chain/devnet/genesis/accounts.ts";
import { storageKey } from "#chain/devnet/hashing.ts";
import { keyBytes, toHex } from "#chain/devnet/hex.ts";
import { batchMax, keysMax, messageBytesMax, newBlocksMax, subscriptionsMax } from "#chain/devnet/limits.ts";
import { startDevnet, type Devnet } from "#chain/devnet/start.ts";
import { clock, post, eventually } from "./support/client.ts";

let net: Devnet;
beforeAll(async () => {
  net = await startDevnet({ clock, sealing: "manual", origins: ["https://polkadot.js.org"] });
});
afterAll(() => net.close());

interface Answer {
  readonly id?: number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

const call = async (method: string, ...params: unknown[]): Promise<Answer> =>
  (await post(net.url, { jsonrpc: "2.0", id: 1, method, params })) as Answer;
const asked = async (method: string, ...params: unknown[]): Promise<unknown> => {
  const { result, error } = await call(method, ...params);
  if (error !== undefined) throw new Error(JSON.stringify(error));
  return result;
};

const nowKey = toHex(keyBytes(storageKey("Timestamp", "Now")));
const unknownHash = `0x${"ab".repeat(32)}`;

describe("a message", () => {
  test.for([
    ["that is no JSON", "{", -32_700],
    ["that is no object", "7", -32_600],
    ["without a method", { jsonrpc: "2.0", id: 1 }, -32_600],
    ["with parameters by name", { jsonrpc: "2.0", id: 1, method: "system_name", params: { a: 1 } }, -32_600],
    ["with a method that is not there", { jsonrpc: "2.0", id: 1, method: "state_getPairs", params: [] }, -32_601],
    ["with the name of an object's own member", { jsonrpc: "2.0", id: 1, method: "constructor", params: [] }, -32_601],
    ["that is an empty batch", [], -32_600],
    ["that subscribes without a connection", { jsonrpc: "2.0", id: 1, method: "chain_subscribeNewHeads" }, -32_601],
  ] as const)("%s gets an error", async ([, body, code]) => {
    expect(await post(net.url, body)).toMatchObject({ error: { code } });
  });

  test("that is a batch is answered as one, up to a limit", async () => {
    const batch = (length: number): object[] =>
      Array.from({ length }, (_, id) => ({ jsonrpc: "2.0", id, method: "system_name" }));
    expect(await post(net.url, batch(batchMax))).toHaveLength(batchMax);
    expect(await post(net.url, batch(batchMax + 1))).toMatchObject({ error: { code: -32_600 } });
  });

  test("that is too large is not read", async () => {
    const response = await fetch(net.url.replace("ws:", "http:"), {
      method: "POST",
      body: " ".repeat(messageBytesMax + 1),
    }).catch(() => ({ status: 413 }));
    expect(response.status).toBe(413);
  });
});

describe("parameters", () => {
  test.for([
    ["no hash", "chain_getHeader", ["0x12"]],
    ["a number below zero", "chain_getBlockHash", [-1]],
    ["a number that is none", "chain_getBlockHash", ["seven"]],
    ["no key", "state_getStorage", ["System"]],
    ["odd digits", "state_getStorage", ["0x123"]],
    ["too many keys", "state_queryStorageAt", [Array.from({ length: keysMax + 1 }, () => nowKey)]],
    ["too large a page", "state_getKeysPaged", ["0x", keysMax + 1]],
    ["no transaction", "author_submitExtrinsic", ["hello"]],
    ["an address with a slip", "system_accountNextIndex", ["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ"]],
    ["too many blocks", "dev_newBlock", [{ count: newBlocksMax + 1 }]],
    ["no block to finalize", "dev_finalize", ["latest"]],
  ] as const)("like %s are refused", async ([, method, params]) => {
    expect(await call(method, ...params)).toMatchObject({ error: { code: -32_602 } });
  });

  test.for([
    ["state_getStorage", [nowKey, unknownHash]],
    ["state_getReadProof", [[nowKey], unknownHash]],
    ["state_call", ["Core_version", "0x", unknownHash]],
    ["dev_setHead", [unknownHash]],
  ] as const)("%s of a block that is not there says so", async ([method, params]) => {
    expect(await call(method, ...params)).toMatchObject({ error: { code: 4003 } });
  });

  test("bytes that are no transaction are refused by the runtime", async () => {
    expect(await call("author_submitExtrinsic", "0x0102")).toMatchObject({ error: { code: 1002 } });
  });

  test("a call that the runtime does not have, or that it stops in, is an error and nothing more", async () => {
    expect(await call("state_call", "Core_nothing", "0x")).toMatchObject({ error: { data: "runtime-unsupported" } });
    expect(await call("state_call", "Core_execute_block", "0x00")).toMatchObject({
      error: { data: "runtime-trapped" },
    });
    expect(await asked("state_call", "Core_version", "0x")).toMatch(/^0x/);
  });
});

describe("answers", () => {
  test("name the chain and its accounts", async () => {
    expect(await asked("system_chain")).toBe("Phatroom development");
    expect(await asked("system_properties")).toEqual({ ss58Format: 2, tokenDecimals: 12, tokenSymbol: "KSM" });
    const { methods } = (await asked("rpc_methods")) as { methods: string[] };
    expect(methods).toContain("state_getReadProof");
    const key = toHex(developmentAccounts["Alice"]!);
    const addresses = [
      key,
      "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
      "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F",
    ];
    for (const address of addresses) expect(await asked("system_accountNextIndex", address)).toBe(0);
  });

  test("page through keys without missing one", async () => {
    const pages: string[] = [];
    for (let start: string | null = null; ;) {
      const page = (await asked("state_getKeysPaged", "0x", 7, start)) as string[];
      pages.push(...page);
      if (page.length < 7) break;
      start = page.at(-1)!;
    }
    expect(pages).toEqual([...net.chain.best.state.keys("")].map((key) => toHex(keyBytes(key))));
  });

  test("tell what changed between two blocks", async () => {
    const from = net.chain.newBlock().hash;
    net.chain.newBlock();
    const to = net.chain.newBlock().hash;
    const sets = (await asked("state_queryStorage", [nowKey], from, to)) as { changes: unknown[] }[];
    expect(sets).toHaveLength(3);
    expect(await call("state_queryStorage", [nowKey], to, from)).toMatchObject({ error: { code: -32_602 } });
  });

  test("find blocks by their numbers, one or many, in decimal or hexadecimal", async () => {
    const { best, genesisHash } = net.chain;
    expect(await asked("chain_getBlockHash", 0)).toBe(genesisHash);
    expect(await asked("chain_getBlockHash", [`0x${best.number.toString(16)}`, 0, 9999])).toEqual([
      best.hash,
      genesisHash,
      null,
    ]);
    expect(await asked("chain_getBlock", unknownHash)).toBeNull();
  });
});

describe("blocks by hand", () => {
  test("fork where they are told, and finality and time move", async () => {
    const before = net.chain.best;
    const fork = (await asked("dev_newBlock", { parent: before.hash, best: false })) as string;
    expect(net.chain.best).toBe(before);
    await asked("dev_setHead", fork);
    expect(net.chain.best.hash).toBe(fork);
    expect(await asked("dev_finalize")).toBe(fork);
    const later = clock() + 86_400_000;
    await asked("dev_setTime", later);
    const { hash } = (await asked("engine_createBlock", true, true)) as { hash: string };
    expect(net.chain.finalized.hash).toBe(hash);
    const now = Buffer.from(((await asked("state_getStorage", nowKey)) as string).slice(2), "hex").readBigUInt64LE();
    expect(Number(now)).toBe(later);
    expect(await call("engine_createBlock", false)).toMatchObject({ error: { code: -32_602 } });
  });

  test("name a transaction that they cannot take", async () => {
    const { number } = net.chain.best;
    expect(await call("dev_newBlock", { transactions: ["0x0102"] })).toMatchObject({
      error: { code: 1002, message: expect.stringContaining("Bad input data") as string },
    });
    expect(net.chain.best.number).toBe(number);
  });
});

describe("a connection", () => {
  async function open(origin?: string): Promise<WebSocket> {
    const socket = new WebSocket(net.url, origin === undefined ? {} : { origin });
    await once(socket, "open");
    return socket;
  }

  test.for([
    [undefined, true],
    ["http://localhost:5173", true],
    ["https://polkadot.js.org", true],
    ["https://example.com", false],
    ["https://localhost.example.com", false],
    ["null", false],
  ] as const)("from a page of %s: %s", async ([origin, welcome]) => {
    const opened = open(origin).then(
      (socket) => {
        socket.terminate();
        return true;
      },
      () => false,
    );
    expect(await opened).toBe(welcome);
    const response = await fetch(net.url.replace("ws:", "http:"), {
      method: "POST",
      headers: origin === undefined ? {} : { origin },
      body: "{}",
    });
    expect(response.status).toBe(welcome ? 200 : 403);
  });

  test("hears of a subscription's first value after its id, and of none after it ended", async () => {
    const socket = await open();
    const heard: Record<string, unknown>[] = [];
    socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString("utf8")) as Record<string, unknown>));
    const send = (id: number, method: string, params: unknown[] = []): void =>
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    send(1, "chain_subscribeNewHeads");
    await eventually(() => heard.length).toBe(2);
    const subscription = heard[0]!["result"];
    expect(heard[1]).toMatchObject({ method: "chain_newHead", params: { subscription } });
    send(2, "chain_unsubscribeNewHeads", [subscription]);
    await eventually(() => heard.length).toBe(3);
    net.chain.newBlock();
    send(3, "system_name");
    await eventually(() => heard.length).toBe(4);
    expect(heard[3]).toMatchObject({ id: 3 });
    socket.terminate();
  });

  test("has so many subscriptions and no more", async () => {
    const socket = await open();
    const answers: Answer[] = [];
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as Answer | Answer[];
      for (const one of Array.isArray(message) ? message : [message]) if (one.id !== undefined) answers.push(one);
    });
    for (let sent = 0; sent <= subscriptionsMax; sent += batchMax) {
      const batch = Array.from({ length: batchMax }, (_, i) => ({
        jsonrpc: "2.0",
        id: sent + i,
        method: "chain_subscribeFinalizedHeads",
      }));
      socket.send(JSON.stringify(batch));
    }
    await eventually(() => answers.length).toBe(subscriptionsMax + batchMax);
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(subscriptionsMax);
    expect(answers.at(-1)!.error!.code).toBe(-32_005);
    socket.terminate();
  });
});
