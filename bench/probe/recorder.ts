/** Stands on a line, passes everything on, and keeps a copy: what whoever carries or ends the line gets to see. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Server, type Socket } from "node:net";
import { payloads } from "./payloads.ts";

interface Line {
  readonly up: Buffer[];
  readonly down: Buffer[];
}

export class Recorder {
  readonly #server: Server;
  readonly #target: NetConnectOpts;
  readonly #lines: Line[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(target: NetConnectOpts) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (client) => this.#carry(client));
  }

  /** On a port of its own, in front of a server on this machine. */
  static async inFrontOf(url: string): Promise<Recorder> {
    const recorder = new Recorder({ port: Number(new URL(url).port), host: "127.0.0.1" });
    recorder.#server.listen(0, "127.0.0.1");
    await once(recorder.#server, "listening");
    return recorder;
  }

  /** On one Unix socket, in front of another. */
  static async between(path: string, target: string): Promise<Recorder> {
    const recorder = new Recorder({ path: target });
    recorder.#server.listen(path);
    await once(recorder.#server, "listening");
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that went towards the server, out of its WebSocket frames. */
  get sent(): Uint8Array {
    return Buffer.concat(this.#lines.map(({ up }) => payloads(Buffer.concat(up))));
  }

  /** Everything that came back. */
  get received(): Uint8Array {
    return Buffer.concat(this.#lines.map(({ down }) => payloads(Buffer.concat(down))));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(client: Socket): void {
    const line: Line = { up: [], down: [] };
    this.#lines.push(line);
    const server = connect({ ...this.#target, noDelay: true } as NetConnectOpts);
    this.#pass(client, server, line.up);
    this.#pass(server, client, line.down);
  }

  #pass(from: Socket, to: Socket, copy: Buffer[]): void {
    this.#sockets.add(from);
    from.on("data", (bytes: Buffer) => {
      copy.push(bytes);
      to.write(bytes);
    });
    from.on("error", () => to.destroy());
    from.on("close", () => to.end());
  }
}
