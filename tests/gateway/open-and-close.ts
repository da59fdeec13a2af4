/** Opens a gateway and a worker without an enclave, plays one envelope and closes both. What it leaves would keep it alive. */
import { Client, type Room } from "@colyseus/sdk";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { startGateway } from "#gateway/gateway.ts";
import { EchoWorker } from "./echo-worker.ts";

const worker = await EchoWorker.start(process.argv[2]!);
const gateway = await startGateway({
  worker: parseLinkAddress(worker.address)!,
  operatorPassword: "correct horse battery",
});
await gateway.ready();
const room: Room = await new Client(gateway.url).joinOrCreate("relay", { room: worker.open() });
room.reconnection.enabled = false;
const answer = new Promise((resolve) => room.onMessage("~", resolve));
room.sendBytes("~", Uint8Array.of(1));
await answer;
await fetch(`${gateway.url}/metrics`);
await gateway.close();
await worker.close();
