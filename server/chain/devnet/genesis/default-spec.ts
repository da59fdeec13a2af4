/**
 * The chain that runs when no other is named: the Asset Hub of Rococo in its first version, which is Kusama's Asset Hub
 * of 2022 ("statemine", version 900), from the package @substrate/connect-known-chains.
 *
 * The package is under GPL-3.0: it serves development, is never shipped, and is loaded only here.
 */
import { DevnetError } from "../errors.ts";
import { parseSpec, type ChainSpec } from "./spec.ts";

/** Kusama's: addresses and amounts look as they would there. */
const properties = { ss58Format: 2, tokenDecimals: 12, tokenSymbol: "KSM" };

/** @throws DevnetError "package-missing". */
export async function defaultSpec(): Promise<ChainSpec> {
  const { chainSpec } = await load();
  return { ...parseSpec(chainSpec), name: "Phatroom development", id: "phatroom_development", properties };
}

async function load(): Promise<{ readonly chainSpec: string }> {
  try {
    return await import("@substrate/connect-known-chains/rococo_v2_2_asset_hub");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
      throw new DevnetError("package-missing");
    }
    throw error;
  }
}
