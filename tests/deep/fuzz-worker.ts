/** A hostile gateway throws frames at a real worker process, which must neither die nor grow, and must still serve. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { decodeCreated, encodeControl } from "#protocol/control.ts";
import type { RoomId } from "#protocol/identity.ts";
import { linkKinds, LinkReader, LinkWriter, type LinkKind, type LinkMessage } from "#protocol/link.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";
import { hostileEnvelope } from "./hostile-envelopes.ts";
import { residentBytes, spawnWorker } from "./worker-process.ts";

const seats = 200;
const framesPerBatch = 2000;
/** Memory that a worker may have gained over a run: V8 keeps what it once needed. */
const growthMax = 96 * 1024 * 1024;

export const fuzzWorker: DeepCheck = {
  name: "fuzz-worker",
  unit: "hostile frames",
  full: 10_000_000,
  slice: 20_000,
  async run({ seed, count, progress }) {
    const worker = await spawnWorker();
    try {
      const numbers = new SeededNumbers(seed);
      let gateway = await HostileGateway.connect(worker.socket);
      const rooms = await Promise.all(Array.from({ length: 20 }, () => gateway.create()));
      let warm = 0;
      for (let done = 0; done < count; done += framesPerBatch) {
        if (!gateway.open) gateway = await HostileGateway.connect(worker.socket);
        gateway.batch(numbers, rooms, Math.min(framesPerBatch, count - done));
        await gateway.answered();
        if (done >= count / 10 && warm === 0) warm = residentBytes(worker.pid);
        if (worker.exited) throw new Error(`seed ${seed}: the worker died at about frame ${done}`);
        progress?.(done);
      }
      const grown = residentBytes(worker.pid) - warm;
      if (grown > growthMax) throw new Error(`seed ${seed}: the worker grew by ${grown} bytes`);
      await expectService(worker.socket);
      return { count, figures: { grown_mib: Math.round(grown / 2 ** 20) } };
    } finally {
      await worker.stop();
    }
  },
};

/** The worker still makes rooms. */
async function expectService(socket: string): Promise<void> {
  const gateway = await HostileGateway.connect(socket);
  await gateway.create();
  gateway.close();
}

class HostileGateway {
  readonly #socket: Socket;
  readonly #reader = new LinkReader();
  readonly #waiting: {
    readonly fits: (message: LinkMessage) => boolean;
    readonly resolve: (message: LinkMessage | undefined) => void;
  }[] = [];
  #pings = 0;
  #refs = 0;
  open = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(new Uint8Array(chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.open = false;
      for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
    });
  }

  static async connect(path: string): Promise<HostileGateway> {
    const socket = connect(path);
    await once(socket, "connect");
    return new HostileGateway(socket);
  }

  async create(): Promise<RoomId> {
    const ref = (this.#refs += 1);
    const made = this.#next(({ kind, body }) => kind === linkKinds.created && decodeCreated(body).ref === ref);
    this.#send([[linkKinds.create, 0, encodeControl({ ref, contract: "dot4", options: {}, listed: true })]]);
    return decodeCreated((await made)!.body).room;
  }

  /** Attaches seats and sends frames to them, and now and then something that is no frame at all. */
  batch(numbers: SeededNumbers, rooms: readonly RoomId[], frames: number): void {
    const messages: [number, number, Uint8Array][] = [];
    for (let i = 0; i < frames; i++) {
      const seat = 1 + numbers.below(seats);
      // Most envelopes close their seat, so each is attached anew.
      if (numbers.below(3) > 0) messages.push([linkKinds.attach, seat, encodeControl({ room: numbers.pick(rooms) })]);
      messages.push([linkKinds.frame, seat, hostileEnvelope(numbers, 4)]);
      if (numbers.below(50) === 0) messages.push([linkKinds.detach, seat, new Uint8Array(0)]);
      if (numbers.below(50) === 0) messages.push([linkKinds.buffered, seat, numbers.bytes(numbers.below(20))]);
    }
    // The worker hangs up on this, as it should; one in forty batches.
    if (numbers.below(40) === 0) messages.push([numbers.below(256), 0, numbers.bytes(numbers.below(100))]);
    this.#send(messages);
  }

  /** Resolves once everything sent so far has been read, or the worker has hung up. */
  async answered(): Promise<void> {
    const mark = (this.#pings += 1);
    const pong = this.#next(({ kind, body }) => kind === linkKinds.pong && body[0] === (mark & 0xff));
    this.#send([[linkKinds.ping, 0, Uint8Array.of(mark & 0xff)]]);
    await pong;
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(messages: readonly (readonly [number, number, Uint8Array])[]): void {
    const writer = new LinkWriter();
    for (const [kind, seat, body] of messages) writer.put(kind as LinkKind, seat, body);
    this.#socket.write(writer.take()!);
  }

  #read(chunk: Uint8Array): void {
    for (const message of this.#reader.push(chunk)) {
      const at = this.#waiting.findIndex(({ fits }) => fits(message));
      if (at >= 0) this.#waiting.splice(at, 1)[0]!.resolve({ ...message, body: message.body.slice() });
    }
  }

  #next(fits: (message: LinkMessage) => boolean): Promise<LinkMessage | undefined> {
    if (!this.open) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push({ fits, resolve }));
  }
}
