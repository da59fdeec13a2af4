/** The gateway's process. */
import { startGateway } from "../../server/gateway/gateway.ts";
import { openLog } from "../../server/gateway/log.ts";
import { answer } from "../processes/child.ts";
import { noLimits } from "../ours/limits.ts";
import { profiling } from "./profiling.ts";

answer({
  ...profiling,
  async start({ link }: { readonly link: string }) {
    const gateway = await startGateway({
      worker: { kind: "socket", path: link },
      log: openLog("silent"),
      limits: noLimits,
    });
    await gateway.ready();
    return { url: `http://127.0.0.1:${gateway.port}` };
  },
});
