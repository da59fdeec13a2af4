/** The development chain in a thread of its own: while it makes a block nobody else waits. */
import { parentPort, workerData } from "node:worker_threads";
import { startDevnet, type DevnetOptions } from "#chain/devnet/start.ts";
import { developmentChainTerms } from "./chain-terms.ts";

const port = parentPort!;
const net = await startDevnet({
  ...(workerData as DevnetOptions),
  failed: (error) => port.postMessage({ failed: error instanceof Error ? error.message : "a block was not made" }),
});
// While it did not run, no time has passed on it.
net.chain.setTime(Date.now());
port.postMessage({ url: net.url, terms: developmentChainTerms(net.chain) });
// The one thing that is asked of it.
port.once("message", () => void net.close().then(() => process.exit()));
