/** `phatroom/server`: host a place from a program of your own. */
export { buildContract, BuildError, type BuiltContract } from "./build-contract.ts";
export { startPlace, type Place, type PlaceOptions } from "./place.ts";
export { startGateway, type Gateway, type GatewayConfig } from "#gateway/gateway.ts";
export type { GatewayLimits } from "#gateway/limits.ts";
export type { WorldManifest } from "#protocol/manifest.ts";
