/** A network that is made worse than it is, in development worlds: `?delay=75&jitter=20&loss=0.02&stall=200`. */
import type { NetworkConditions } from "#client/simulated-network.ts";
import type { Policy } from "#attestation/policy.ts";
import { isDevelopment } from "#kit/built-in.ts";

/** Undefined if the address asks for nothing, or the page is no development page. */
export function networkOf(page: string, policy: Policy): NetworkConditions | undefined {
  const asked = new URL(page).searchParams;
  const names = { delay: "delayMs", jitter: "jitterMs", loss: "loss", stall: "stallMs" } as const;
  const conditions: Record<string, number> = {};
  for (const [short, name] of Object.entries(names)) {
    const value = Number(asked.get(short) ?? Number.NaN);
    if (value >= 0 && value <= 5000) conditions[name] = value;
  }
  return isDevelopment(policy) && Object.keys(conditions).length > 0 ? conditions : undefined;
}
