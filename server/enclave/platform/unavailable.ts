/** No platform: every question fails. For tests of what happens when a machine cannot prove what it runs. */
import { PlatformError, type Platform } from "./platform.ts";

export function unavailablePlatform(): Platform {
  const fail = (): Promise<never> =>
    Promise.reject(new PlatformError("platform-unavailable", "this machine has no platform"));
  return {
    info: () =>
      Promise.resolve({
        name: "unavailable",
        hardware: false,
        label: "No platform: this machine cannot prove what it runs, so no room can be opened.",
      }),
    quote: fail,
    deriveKey: fail,
  };
}
