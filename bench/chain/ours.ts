/** A process with our development chain in it. */
import { startDevnet } from "../../server/chain/devnet/start.ts";
import { answer } from "../processes/child.ts";
import type { Amounts } from "./measured.ts";

const net = await startDevnet({ sealing: "manual" });
const bootMs = performance.now();

answer({
  async measure(amounts: Amounts) {
    // The client is no part of what was started.
    const [{ WsProvider }, { measure }] = await Promise.all([import("@polkadot/api"), import("./measured.ts")]);
    return measure(new WsProvider(net.url), () => net.chain.newBlock(), bootMs, amounts);
  },
});
