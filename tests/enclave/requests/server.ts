/** A server that contracts ask, with a certificate of one's choice, and a gateway's link in memory that leads to it. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { RequestListener } from "node:http";
import { linkKinds, type LinkKind } from "#protocol/link.ts";
import { Tunnels as GatewayTunnels } from "#gateway/tunnels.ts";
import { Tunnels, type TunnelLink } from "../../../server/enclave/requests/tunnels.ts";
import certificates from "../../vectors/request-certificates.json" with { type: "json" };

export const root = certificates.root;
export type CertificateName = "good" | "wrongname" | "wrongroot" | "expired";

export class OutsideServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(listener: RequestListener, name: CertificateName = "good"): Promise<OutsideServer> {
    const { certificate, key } = certificates[name];
    const server = createServer({ cert: certificate, key }, listener);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new OutsideServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** What a gateway saw pass. */
export interface Seen {
  readonly up: Buffer[];
  readonly down: Buffer[];
}

/** A worker's tunnels and a gateway's, joined. The gateway believes that every name is this machine. */
export function joined(alter: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): {
  readonly tunnels: Tunnels;
  readonly gateway: GatewayTunnels;
  readonly seen: Seen;
  readonly link: TunnelLink;
} {
  const seen: Seen = { up: [], down: [] };
  const tunnels = new Tunnels(() => undefined);
  const gateway = new GatewayTunnels({
    allowed: true,
    resolve: async () => "127.0.0.1",
    say: (number, body) => {
      seen.down.push(Buffer.from(body));
      // The link's reader hands out views: what is kept must be copied.
      const reused = alter(body.slice());
      tunnels.receive(link, number, reused);
      reused.fill(0);
    },
  });
  const link: TunnelLink = {
    put: (kind: LinkKind, number, body) => {
      if (kind !== linkKinds.tunnel) throw new Error("only tunnels here");
      seen.up.push(Buffer.from(body));
      const reused = body.slice();
      gateway.receive(number, reused);
      reused.fill(0);
    },
  };
  tunnels.attach(link);
  return { tunnels, gateway, seen, link };
}
