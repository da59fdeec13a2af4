/** @polkadot/api as a client of the development chain, and what tests ask of it. */
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import type { ApiOptions, SubmittableExtrinsic } from "@polkadot/api/types";
import type { KeyringPair } from "@polkadot/keyring/types";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { expect } from "vitest";
import { startDevnet, type Devnet, type DevnetOptions } from "#chain/devnet/start.ts";

export type Transaction = SubmittableExtrinsic<"promise">;

/** However busy the machine is. */
export const eventually = <T>(what: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(what, { timeout: 100_000 });

/** The same in every run. */
export const clock = (): number => Date.UTC(2026, 0, 1);

export interface Client extends AsyncDisposable {
  readonly net: Devnet;
  readonly api: ApiPromise;
}

export async function connect(url: string): Promise<ApiPromise> {
  // Their types do not know optional members that are undefined.
  const options: unknown = { provider: new WsProvider(url), noInitWarn: true, throwOnConnect: true };
  return ApiPromise.create(options as ApiOptions);
}

/** With a clock that stands still. */
export async function startWithClient(options: DevnetOptions = {}): Promise<Client> {
  const net = await startDevnet({ clock, ...options });
  const api = await connect(net.url);
  return {
    net,
    api,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => api.once("disconnected", resolve));
      await api.disconnect();
      await gone;
      await net.close();
    },
  };
}

export async function account(name: string): Promise<KeyringPair> {
  await cryptoWaitReady();
  return new Keyring({ type: "sr25519" }).addFromUri(`//${name}`);
}

/** Statuses of a transaction, as its watcher hears them: "ready", "inBlock 0x…". */
export interface Watched {
  readonly heard: readonly string[];
  /** Resolves when this many have been heard. */
  until(count: number): Promise<readonly string[]>;
}

export async function watch(transaction: Transaction): Promise<Watched> {
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  await transaction.send(({ status }) => {
    heard.push(
      status.isFuture || status.isReady || status.isInvalid ? status.type : `${status.type} ${status.value.toHex()}`,
    );
    for (const wake of waiting) wake();
  });
  return {
    heard,
    async until(count) {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
      return heard;
    },
  };
}

/** Sends it and waits until it is in a block. @returns that block's hash. */
export async function included(transaction: Transaction): Promise<string> {
  const watched = await watch(transaction);
  for (let count = 1; ; count++) {
    const last = (await watched.until(count))[count - 1]!;
    if (last.startsWith("InBlock") || last.startsWith("Finalized")) return last.split(" ")[1]!;
    if (last === "Invalid") throw new Error("the transaction is invalid");
  }
}

/** JSON-RPC as it is, by HTTP. */
export async function post(url: string, body: string | object): Promise<unknown> {
  const response = await fetch(url.replace("ws:", "http:"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return response.json();
}
