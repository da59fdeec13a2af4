/** Before stages that open pages in many files: one Chromium for all, because starting it takes as long as many a test. */
import { servedAt, serveChromium } from "../browser/chromium.ts";

export async function setup(): Promise<() => Promise<void>> {
  const server = await serveChromium();
  process.env[servedAt] = server.wsEndpoint();
  return () => server.close();
}
