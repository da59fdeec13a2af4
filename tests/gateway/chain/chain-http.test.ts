/** A page looks a chain up by itself, through a gateway that it believes in nothing; and what it may not ask. */
import express from "express";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { chainRouter, type ChainAnswerer } from "#gateway/chain/chain-http.ts";
import { ChainService } from "#gateway/chain/chain-service.ts";
import { codeOfFailure, refuse } from "#gateway/refusal.ts";
import { chainLimits, encodeChainAnswer, encodeChainList, encodeChainQuestion } from "#protocol/chain-link.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { HttpChain, HttpChainError } from "#inventory/chain/http-chain.ts";
import { catchUp, DevnetWorld, prefix } from "../../enclave/reward/devnet-world.ts";

async function serve(answerer: ChainAnswerer | undefined, now?: () => number): Promise<string> {
  const app = express();
  app.use(
    "/api/chain",
    chainRouter(() => answerer, now),
  );
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    refuse(response, codeOfFailure(error) ?? "busy");
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a page proves what an account owns, and takes a transaction to the chain", async () => {
  await using world = await DevnetWorld.start();
  let reached: () => void;
  const there = new Promise<void>((resolve) => (reached = resolve));
  const service = new ChainService({ url: world.net.url, log: ({ event }) => event === "chain-reached" && reached() });
  service.start();
  onTestFinished(() => service.close());
  await there;
  let requests = 0;
  const chain = new HttpChain(await serve(service), (url, init) => {
    requests += 1;
    return fetch(url, init);
  });
  world.chain.newBlock();
  world.createCollection(await catchUp(world.newFollower()));
  for (let i = 0; i < 90; i++) world.chain.newBlock();
  const items = emptyState(prefix);
  const view = await catchUp(world.newFollower({ source: chain, items }));
  expect(view.block.number).toBe(92);
  expect([...items.collections.keys()]).toEqual([world.collection]);
  // Not one for each block.
  expect(requests).toBeLessThan(20);
  const transaction = world.sign(world.player, [new TextEncoder().encode("hello")], view, 0);
  expect(await chain.submit(transaction)).toBe("waiting");
  world.chain.newBlock();
  expect(await chain.newer(92)).toBe(true);
  expect(world.chain.body(world.chain.hashAt(93)!)).toContainEqual(transaction);
});

test("a page that is to ask less often waits where it is, and comes to the end of a step that takes more than it may ask at once", async () => {
  await using world = await DevnetWorld.start();
  const reached = Promise.withResolvers<void>();
  const log = ({ event }: { readonly event: string }): void => void (event === "chain-reached" && reached.resolve());
  const service = new ChainService({ url: world.net.url, log });
  service.start();
  onTestFinished(() => service.close());
  await reached.promise;
  const place = await serve(service);
  // Of so many at once, each second another one.
  let left = 3;
  const waits: number[] = [];
  const chain = new HttpChain(
    place,
    (url, init) => {
      const headers = { "Retry-After": "5" };
      return (left -= 1) < 0 ? Promise.resolve(new Response("", { status: 429, headers })) : fetch(url, init);
    },
    (ms) => {
      waits.push(ms);
      left = 1;
      return Promise.resolve();
    },
  );
  for (let i = 0; i < 200; i++) world.chain.newBlock();
  expect((await catchUp(world.newFollower({ source: chain }))).block.number).toBe(200);
  expect(new Set(waits)).toEqual(new Set([5000]));
});

test("a page that is turned away for minutes says so", async () => {
  const waits: number[] = [];
  const chain = new HttpChain(
    "http://localhost",
    () => Promise.resolve(new Response("", { status: 503, headers: { "Retry-After": "tomorrow" } })),
    (ms) => Promise.resolve(void waits.push(ms)),
  );
  await expect(chain.newer(1)).rejects.toMatchObject({ code: "unreachable" });
  expect(waits.length).toBeGreaterThan(10);
  expect(new Set(waits)).toEqual(new Set([1000]));
});

describe("what comes instead of an answer", () => {
  const question = encodeChainQuestion({ name: "newer", number: 1 });
  const block = { hash: "00".repeat(32), number: 0 };
  const post = async (place: string, body: Uint8Array, type = "application/octet-stream"): Promise<number> =>
    (
      await fetch(`${place}/api/chain`, {
        method: "POST",
        headers: { "content-type": type },
        body: new Uint8Array(body),
      })
    ).status;

  test("where no chain is followed, a page is told so", async () => {
    const chain = new HttpChain(await serve(undefined));
    await expect(chain.newer(1)).rejects.toMatchObject({ code: "no-chain" });
  });

  test("a gateway that is not there, answers nonsense, or answers something else", async () => {
    const nowhere = new HttpChain("http://127.0.0.1:1");
    await expect(nowhere.newer(1)).rejects.toMatchObject({ code: "unreachable" });
    const answers: Uint8Array[] = [
      Uint8Array.of(9),
      encodeChainAnswer("newer", { failure: "chain-away" }),
      encodeChainAnswer("body", { value: [] }),
    ];
    const chain = new HttpChain(await serve({ answerOnce: () => Promise.resolve(answers.shift()!) }));
    const codes: string[] = [];
    for (let i = 0; i < 3; i++) {
      const failed: unknown = await chain
        .next({ block: block as never, relay: undefined })
        .catch((error: unknown) => error);
      codes.push(failed instanceof HttpChainError ? failed.code : String(failed));
    }
    expect(codes).toEqual(["malformed", "chain-away", "malformed"]);
  });

  test("what is no list of questions, has too many, or is too long, is refused", async () => {
    const place = await serve({ answerOnce: () => Promise.resolve(encodeChainAnswer("newer", { value: true })) });
    const many = (count: number) => encodeChainList(Array.from({ length: count }, () => question));
    expect(await post(place, many(chainLimits.listed))).toBe(200);
    expect(await post(place, many(chainLimits.listed + 1))).toBe(400);
    expect(await post(place, Uint8Array.of(1, 0, 0))).toBe(400);
    expect(await post(place, many(1), "text/plain")).toBe(400);
    expect(await post(place, new Uint8Array(chainLimits.transaction + 100))).toBe(413);
  });

  test("no request waits longer than one question may: what was not asked by then is asked again", async () => {
    let time = 0;
    let asked = 0;
    const answerOnce = () => {
      asked += 1;
      time += chainLimits.newerMs / 2;
      return Promise.resolve(encodeChainAnswer("newer", { value: false }));
    };
    const place = await serve({ answerOnce }, () => time);
    expect(await post(place, encodeChainList(Array.from({ length: chainLimits.listed }, () => question)))).toBe(200);
    expect(asked).toBe(2);
  });

  test("answers that are longer than a page takes come in several requests", async () => {
    const long = encodeChainAnswer("body", { value: [new Uint8Array(chainLimits.answer - 100)] });
    const place = await serve({ answerOnce: () => Promise.resolve(long) });
    const chain = new HttpChain(place);
    expect(await chain.body("11".repeat(32) as never)).toHaveLength(1);
  });
});
