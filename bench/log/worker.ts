/**
 * The process that stands in for the enclave: rooms that do nothing but write their logs, through the real vault and the
 * real link, at a rate that does not care whether the store keeps up.
 */
import { encodeControl } from "../../server/protocol/control.ts";
import type { PlayerId, RoomId } from "../../server/protocol/identity.ts";
import { protocolVersion } from "../../server/protocol/limits.ts";
import { linkKinds } from "../../server/protocol/link.ts";
import { listenLink } from "../../server/enclave/link-server.ts";
import type { Boundary } from "../../server/enclave/room/inputs.ts";
import type { RoomLog } from "../../server/enclave/vault/room-log.ts";
import { LinkedStore } from "../../server/enclave/vault/store-client.ts";
import { Vault } from "../../server/enclave/vault/vault.ts";
import { answer } from "../processes/child.ts";

export interface Load {
  /** Actions per second, all rooms together. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Borne {
  /** Actions that became durable in the window. */
  readonly durable: number;
  /** From the moment at which an action was due to the moment at which it was durable, in ms; a sample of them. */
  readonly latencies: readonly number[];
  /** How many were on their way when the window ended. */
  readonly outstanding: number;
}

const contract = new Uint8Array(32).fill(1);
const player = "ab".repeat(16) as PlayerId;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

const store = new LinkedStore();
const vault = new Vault({
  store,
  world: new Uint8Array(32).fill(2),
  lineages: [{ contract, lineage: new Uint8Array(32).fill(3), key: random(32) }],
  random,
  log: ({ event }) => {
    throw new Error(event);
  },
});

/** A room and when its actions that are not durable were due. */
interface Writer {
  readonly log: RoomLog;
  readonly due: number[];
  settled: number;
  tick: number;
}

const writers: Writer[] = [];
let latencies: number[] = [];
let durable = 0;

answer({
  async listen(path: string) {
    await listenLink(
      { kind: "socket", path },
      {
        onOpen(link) {
          const ready = { version: protocolVersion, platform: "none", world: "ab".repeat(32), contracts: [] };
          link.put(linkKinds.ready, 0, encodeControl(ready));
          link.flush();
        },
        onMessage(link, { kind, body }) {
          if (kind === linkKinds.storeOffer) store.offer(link, body);
          if (kind === linkKinds.storeAnswer) store.answer(link, body);
        },
        onClose: (link) => store.detach(link),
      },
    );
  },
  async open(rooms: number) {
    await store.whenOffered();
    for (let i = 0; i < rooms; i++) writers.push(openWriter());
    vault.flush();
    await until(() => writers.every(({ log }) => log.durable === log.recorded));
  },
  bear,
});

function openWriter(): Writer {
  const id = Buffer.from(random(10)).toString("hex") as RoomId;
  const opening = { contract, options: {}, listed: true, seed: random(32) };
  const hooks = {
    durable: () => settle(writer),
    lost: () => {
      throw new Error("a room was lost");
    },
  };
  const writer: Writer = { log: vault.open(id, opening, hooks), due: [], settled: 0, tick: 0 };
  return writer;
}

/** Actions are due at even distances, whatever became of those before them. */
async function bear({ rate, seconds }: Load): Promise<Borne> {
  latencies = [];
  durable = 0;
  const begin = performance.now();
  const total = Math.round(rate * seconds);
  let made = 0;
  while (made < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate));
    for (; made < due; made++) act(writers[made % writers.length]!, begin + (1000 * made) / rate);
    vault.flush();
    await new Promise((resolve) => setTimeout(resolve, 1));
    // Behind by seconds it will not catch up, and memory is not what is measured.
    if (made - durable > 4 * rate) break;
  }
  const result = { durable, latencies: sample(latencies), outstanding: made - durable };
  await until(() => writers.every(({ log }) => log.durable === log.recorded));
  return result;
}

function act(writer: Writer, due: number): void {
  const tick = (writer.tick += 1);
  const boundary: Boundary = {
    tick,
    inputs: [{ input: "move", player, n: tick, move: { kind: "drop", side: 0, line: 3 } }],
  };
  writer.log.record(boundary);
  writer.due.push(due);
}

function settle(writer: Writer): void {
  const now = performance.now();
  // The opening was the first.
  const count = writer.log.durable - 1 - writer.settled;
  for (const due of writer.due.splice(0, count)) latencies.push(now - due);
  writer.settled += count;
  durable += count;
}

/** Every so many of them: percentiles need no more. */
function sample(all: readonly number[]): number[] {
  const every = Math.max(1, Math.ceil(all.length / 50_000));
  return all.filter((_, i) => i % every === 0);
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 5));
}
