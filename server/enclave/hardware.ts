/**
 * What a worker does not do on hardware that could protect its rooms: it does not start without that protection, and
 * does not show anybody what contracts keep secret. Whoever runs the machine writes the configuration.
 */
import { existsSync } from "node:fs";
import type { WorkerConfig } from "./config.ts";
import type { PlatformInfo } from "./platform/platform.ts";

/** Devices and agents that exist inside protected machines only. */
const signs = [
  "/dev/tdx_guest",
  "/dev/tdx-guest",
  "/dev/sev-guest",
  "/dev/nsm",
  "/var/run/dstack.sock",
  "/run/dstack.sock",
  "/var/run/tappd.sock",
] as const;

/** @throws Error with a sentence for whoever starts the worker. */
export function refuseWithoutProtection(
  { platform }: Pick<WorkerConfig, "platform">,
  exists: (path: string) => boolean = existsSync,
): void {
  if (platform === "dstack") return;
  const sign = signs.find((path) => exists(path));
  if (sign === undefined) return;
  throw new Error(
    `this machine can protect its rooms (${sign}), and platform "${platform}" would not: start it with "dstack"`,
  );
}

/** @throws Error with a sentence for whoever starts the worker. */
export function refuseOnHardware({ inspect }: WorkerConfig, { hardware }: PlatformInfo): void {
  if (hardware && inspect) throw new Error('"inspect" is refused here: it would show what this hardware protects');
}
