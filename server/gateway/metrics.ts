/** Counts for the operator: how much, how many, how often. No room, no address, no player is told apart. */
import { Counter, Gauge, Registry } from "prom-client";
import type { Admission } from "./admission.ts";
import type { Lobby } from "./lobby.ts";
import type { StoreTraffic } from "./store-traffic.ts";
import type { Traffic } from "./traffic.ts";

export interface MetricsPorts {
  readonly admission: Admission;
  readonly lobby: Lobby;
  readonly traffic: Traffic;
  /** Undefined where no store is kept. */
  readonly store: StoreTraffic | undefined;
  readonly seats: () => number;
  readonly ready: () => boolean;
  /** Of the busiest thread of all workers: 0 to 1. */
  readonly busy: () => number;
  readonly restarts: () => number;
}

export function openMetrics({
  admission,
  lobby,
  traffic,
  store,
  seats,
  ready,
  busy,
  restarts,
}: MetricsPorts): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `phatroom_gateway_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `phatroom_gateway_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const byCode = (name: string, help: string, counts: ReadonlyMap<string, number>): void => {
    new Counter({
      name: `phatroom_gateway_${name}_total`,
      help,
      labelNames: ["code"],
      registers: [registry],
      collect() {
        this.reset();
        for (const [code, count] of counts) this.inc({ code }, count);
      },
    });
  };
  gauge("connections", "WebSockets that are open", () => admission.connections);
  gauge("seats", "Seats attached to the worker", seats);
  gauge("listed_rooms", "Rooms in the lobby", () => lobby.size);
  gauge("worker_ready", "1 while there is a worker", () => (ready() ? 1 : 0));
  gauge("busiest_share", "Of the time, for how much the busiest thread of the workers has something to do", busy);
  gauge("resident_memory_bytes", "Memory of this process", () => process.memoryUsage.rss());
  counter("worker_restarts", "Times the worker was started again", restarts);
  counter("joins", "Clients that joined a relay room", () => traffic.joins);
  counter("envelopes_in", "Envelopes from clients", () => traffic.envelopesIn);
  counter("envelopes_out", "Envelopes to clients", () => traffic.envelopesOut);
  counter("bytes_in", "Bytes of envelopes from clients", () => traffic.bytesIn);
  counter("bytes_out", "Bytes of envelopes to clients", () => traffic.bytesOut);
  byCode("closes", "Connections ended with a code", traffic.closes);
  byCode("refusals", "Requests refused with a code", traffic.refusals);
  if (store === undefined) return registry;
  counter("store_appends", "Records that were appended", () => store.appends);
  counter("store_batches", "Calls that appended them", () => store.batches);
  counter("store_bytes", "Bytes of records and snapshots that were stored", () => store.bytes);
  byCode("store_failures", "Questions that the store could not answer", store.failures);
  registry.registerMetric(store.appendSeconds);
  return registry;
}
