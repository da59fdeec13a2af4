/** The gateway's process. Everybody comes from one address here, so what one address may do is no limit. */
import { startGateway } from "../../server/gateway/gateway.ts";
import { openLog } from "../../server/gateway/log.ts";
import { answer } from "../processes/child.ts";
import { profiling } from "./profiling.ts";

const plenty = 1_000_000;

answer({
  ...profiling,
  async start({ link }: { readonly link: string }) {
    const gateway = await startGateway({
      worker: { kind: "socket", path: link },
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
    return { url: `http://127.0.0.1:${gateway.port}` };
  },
});
