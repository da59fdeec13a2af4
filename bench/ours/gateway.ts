/** The gateway's process. Everybody comes from one address here, so what one address may do is no limit. */
import { startGateway } from "../../server/gateway/gateway.ts";
import { openLog } from "../../server/gateway/log.ts";
import type { StoreConfig } from "../../server/gateway/store/open.ts";
import { answer } from "../processes/child.ts";

const plenty = 1_000_000;

answer({
  async start({ link, port, store }: { readonly link: string; readonly port?: number; readonly store?: StoreConfig }) {
    const gateway = await startGateway({
      worker: { kind: "socket", path: link },
      port,
      store,
      log: openLog("silent"),
      limits: {
        connections: plenty,
        connectionsPerAddress: plenty,
        socketsPerAddress: plenty,
        joinsPerMinute: plenty,
        creationsPerMinute: plenty,
        requestsPerMinute: plenty,
      },
    });
    await gateway.ready();
    return { url: `http://127.0.0.1:${gateway.port}`, port: gateway.port };
  },
});
