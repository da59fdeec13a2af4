/** A gateway that stops reading: what it does to those who are behind it, and to nobody else. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { expect, onTestFinished, test } from "vitest";
import { accept, component, everyone, u32, type Contract } from "#contract/index.ts";
import { sodiumSuite } from "#enclave/channel/suite.ts";
import { startWorker, type WorkerEvent } from "#enclave/worker.ts";
import { decodeCreated, encodeControl } from "#protocol/control.ts";
import { entitiesHeaderLength } from "#protocol/entities/message.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind } from "#protocol/link.ts";
import { worldId } from "#protocol/manifest.ts";
import { inProcess } from "#testing/in-process.ts";
import { unsignedPlatform } from "./gate-harness.ts";
import { HandClient } from "./hand-client.ts";

const world = { name: "full", development: true };

/** Of one message: a row is told as its id and four numbers. */
const rows = 800;

/** A room where everything is different at each tick: fifteen kilobytes for every player. */
function surf(frameBytes: number): Contract<null, never, null> {
  const Wave = component({ a: u32, b: u32, c: u32, d: u32 }, { capacity: rows, audience: everyone });
  return {
    name: "surf",
    players: { min: 1, max: 8 },
    pace: "ticks",
    hz: 60,
    presence: "any",
    frameBytes,
    components: { Wave },
    moves: v.never(),
    open() {
      for (let row = 0; row < rows; row++) Wave.spawn();
      return null;
    },
    apply: (state) => accept(state),
    tick(_state, { tick }) {
      for (const column of [Wave.a, Wave.b, Wave.c, Wave.d]) column.fill(tick * 65_537);
    },
    view: () => null,
  };
}

/** Resolves once it is so. */
const until = (fits: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (fits()) resolve();
      else setTimeout(look, 5);
    };
    look();
  });

/** A gateway of our own making, with clients behind it. */
class RawGateway {
  readonly #socket: Socket;
  readonly #clients = new Map<number, HandClient>();
  #created: ((room: RoomId) => void) | undefined;
  closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const reader = new LinkReader();
    socket.on("data", (chunk) => {
      for (const { kind, seat, body } of reader.push(new Uint8Array(chunk))) {
        if (kind === linkKinds.created) this.#created?.(decodeCreated(body).room);
        else this.#clients.get(seat)?.take(kind, body.slice());
      }
    });
    socket.on("close", () => (this.closed = true));
    onTestFinished(() => void socket.destroy());
  }

  static async open(path: string): Promise<RawGateway> {
    const socket = connect(path);
    await once(socket, "connect");
    return new RawGateway(socket);
  }

  create(contract: string): Promise<RoomId> {
    this.#put(linkKinds.create, 0, encodeControl({ ref: 1, contract, options: {}, listed: false }));
    return new Promise((resolve) => (this.#created = resolve));
  }

  /** Somebody who is in the room, and was told what is in it. */
  async join(room: RoomId, account: number): Promise<HandClient> {
    const way = {
      suite: await sodiumSuite(),
      world: worldId(world),
      say: (bytes: Uint8Array) => this.#put(linkKinds.frame, account, bytes),
      drop: () => this.#put(linkKinds.detach, account, new Uint8Array(0)),
    };
    const client = new HandClient(way, account, room, account);
    this.#clients.set(account, client);
    this.#put(linkKinds.attach, account, encodeControl({ room }));
    await client.join();
    await until(() => ticksTold(client).length > 0);
    return client;
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  #put(kind: LinkKind, seat: number, body: Uint8Array): void {
    const writer = new LinkWriter();
    writer.put(kind, seat, body);
    this.#socket.write(writer.take()!);
  }
}

/** Ticks whose rows a client was told. */
const ticksTold = ({ messages }: HandClient): readonly number[] =>
  messages.flatMap((message) => {
    if (message.type !== "entities" || message.body.length === entitiesHeaderLength) return [];
    return [new DataView(message.body.buffer, message.body.byteOffset).getUint32(1, true)];
  });

/** Each is fifteen kilobytes for three players: more than any system holds on the way to a socket that nobody reads. */
const toldUnread = 50;

/** Ticks told to somebody behind a gateway that did not read for a while, and to somebody behind another one, from then on. */
async function afterSilence(frameBytes: number) {
  const directory = await mkdtemp(join(tmpdir(), "phatroom-full-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "worker.sock");
  const events: WorkerEvent[] = [];
  const worker = await startWorker({
    address: { kind: "socket", path },
    world,
    platform: unsignedPlatform(),
    contracts: [inProcess(surf(frameBytes))],
    log: (event) => events.push(event),
  });
  onTestFinished(() => worker.close());
  const [silent, reading] = [await RawGateway.open(path), await RawGateway.open(path)];
  const id = await silent.create("surf");
  const [unread] = [await silent.join(id, 1), await silent.join(id, 2), await silent.join(id, 3)];
  const read = await reading.join(id, 4);
  silent.stopReading();
  const from = ticksTold(read).at(-1)!;
  const since = (client: HandClient): readonly number[] => ticksTold(client).filter((tick) => tick > from);
  await until(() => since(read).length >= toldUnread);
  const to = ticksTold(read).at(-1)!;
  silent.readOn();
  await until(() => silent.closed || ticksTold(unread).at(-1)! > to);
  const told = (client: HandClient): readonly number[] => since(client).filter((tick) => tick <= to);
  return { unread: told(unread), read: told(read), events };
}

test("who is behind a gateway that does not read is told the newest later, and not all that is old by then", async () => {
  const { unread, read, events } = await afterSilence(0);
  expect(unread.length).toBeLessThan(read.length / 2);
  // What was on its way when the link was full is all that is old.
  expect(unread).toEqual(read.slice(0, unread.length));
  expect(events.map(({ event }) => event)).not.toContain("gateway-gone");
});

test("where frames are of one size a gateway that does not read keeps none of them away", async () => {
  const { unread, read } = await afterSilence(16_384);
  expect(unread).toEqual(read);
});
