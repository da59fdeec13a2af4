/** In a bench everybody comes from one address: what one address may do is no limit, and neither is what all may. */
import type { GatewayLimits } from "../../server/gateway/limits.ts";

const plenty = 1_000_000;

export const noLimits = {
  connections: plenty,
  connectionsPerAddress: plenty,
  socketsPerAddress: plenty,
  joinsPerMinute: plenty,
  creationsPerMinute: plenty,
  requestsPerMinute: plenty,
} as const satisfies Partial<GatewayLimits>;
