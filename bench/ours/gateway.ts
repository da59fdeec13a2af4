/** The gateway's process. */
import { startGateway } from "../../server/gateway/gateway.ts";
import { openLog } from "../../server/gateway/log.ts";
import type { StoreConfig } from "../../server/gateway/store/open.ts";
import { answer } from "../processes/child.ts";
import { noLimits } from "./limits.ts";

answer({
  async start({ link, port, store }: { readonly link: string; readonly port?: number; readonly store?: StoreConfig }) {
    const gateway = await startGateway({
      worker: { kind: "socket", path: link },
      port,
      store,
      log: openLog("silent"),
      limits: noLimits,
    });
    await gateway.ready();
    return { url: `http://127.0.0.1:${gateway.port}`, port: gateway.port };
  },
});
