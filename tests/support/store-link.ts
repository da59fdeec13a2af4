/** Both ends of the link to a store, in one process over real sockets: a worker's end without rooms, and gateways' ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeControl } from "#protocol/control.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { parseLinkAddress } from "#protocol/link-address.ts";
import { linkKinds } from "#protocol/link.ts";
import { protocolVersion } from "#protocol/limits.ts";
import type { Store } from "#protocol/store.ts";
import { listenLink, type LinkConnection, type LinkServer } from "#enclave/link-server.ts";
import { LinkedStore } from "#enclave/vault/store-client.ts";
import { EnclaveLink } from "#gateway/enclave-link.ts";
import { linkTimes } from "#gateway/link-socket.ts";
import type { GatewayEvent } from "#gateway/log.ts";
import { StoreService, type StoreConversation } from "#gateway/store-service.ts";
import { StoreTraffic } from "#gateway/store-traffic.ts";

/** Does with the link what a worker does. */
export class WorkerEnd {
  readonly store = new LinkedStore();
  /** What gateways were let go for. */
  readonly refused: ProtocolError[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), "phatroom-store-link-"));
  #server!: LinkServer;

  static async start(): Promise<WorkerEnd> {
    const worker = new WorkerEnd();
    worker.#server = await listenLink(parseLinkAddress(join(worker.#directory, "worker.sock"))!, {
      onOpen(link) {
        link.put(linkKinds.ready, 0, ready);
        link.flush();
      },
      onMessage(link, { kind, body }) {
        try {
          if (kind === linkKinds.storeOffer) worker.store.offer(link, body);
          if (kind === linkKinds.storeAnswer) worker.store.answer(link, body);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          worker.refused.push(error);
          link.close();
        }
      },
      onClose: (link) => worker.store.detach(link),
    });
    return worker;
  }

  get address(): string {
    return this.#server.address;
  }

  get links(): readonly LinkConnection[] {
    return [...this.#server.connections];
  }

  async close(): Promise<void> {
    await this.#server.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

const ready = encodeControl({ version: protocolVersion, platform: "none", world: "ab".repeat(32), contracts: [] });

export interface GatewayEnd {
  readonly traffic: StoreTraffic;
  readonly events: readonly GatewayEvent[];
  /** Ends the link, at once and for good; the store stays open. */
  close(): void;
}

/** Does with the link what a gateway does that keeps this store. */
export function gatewayEnd(worker: WorkerEnd, store: Store): GatewayEnd {
  const events: GatewayEvent[] = [];
  const log = (event: GatewayEvent): void => void events.push(event);
  const traffic = new StoreTraffic();
  const service = new StoreService({ store, traffic, log, now: () => performance.now() });
  const link = new EnclaveLink(parseLinkAddress(worker.address)!, log, { ...linkTimes, retryMs: 1, retryMaxMs: 5 });
  let conversation: StoreConversation | undefined;
  link.on("ready", () => {
    conversation = service.open(link);
    link.offerStore();
  });
  link.on("asked", (fragment) => conversation?.receive(fragment));
  link.on("lost", () => conversation?.end());
  link.start();
  return { traffic, events, close: () => link.close() };
}
