/** A real gateway process in front of a worker, with all its limits on. It believes one proxy, so that attackers may come from anywhere. */
import { WatchedProcess } from "./watched-process.ts";

export interface GatewayProcess {
  readonly process: WatchedProcess;
  readonly port: number;
  readonly url: string;
  /** What it counts, by the name of the count without its prefix; counts by code have the code behind a colon. */
  counts(): Promise<ReadonlyMap<string, number>>;
}

export async function spawnGateway(worker: string): Promise<GatewayProcess> {
  const options = ["--worker", worker, "--port", "0", "--trusted-proxies", "1"];
  const process = new WatchedProcess("server/gateway/main.ts", options);
  const ready = process.line(({ msg }) => msg === "worker-ready");
  const { port } = (await process.line(({ msg }) => msg === "listening")) as unknown as { port: number };
  await ready;
  const url = `http://localhost:${port}`;
  return {
    process,
    port,
    url,
    async counts() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const lines = text.matchAll(/^phatroom_gateway_(\w+?)(?:_total)?(?:\{code="([a-z-]+)"\})? ([\d.e+]+)$/gm);
      return new Map(
        [...lines].map(([, name, code, value]) => [code === undefined ? name! : `${name}:${code}`, Number(value)]),
      );
    },
  };
}
