/** A process with chopsticks in it, on the same runtime and the same accounts. Its blocks have no state root. */
import "./quiet.ts";
import { BuildBlockMode, ChopsticksProvider, GenesisProvider, setup } from "@acala-network/chopsticks-core";
import { developmentAccounts, funded } from "../../server/chain/devnet/genesis/accounts.ts";
import { defaultSpec } from "../../server/chain/devnet/genesis/default-spec.ts";
import { keyBytes, toHex } from "../../server/chain/devnet/hex.ts";
import { answer } from "../processes/child.ts";
import type { Amounts } from "./measured.ts";

const { name, id, properties, top } = await defaultSpec();
const entries = [...funded(top, Object.values(developmentAccounts), properties["tokenDecimals"])]
  // It iterates over them in the order in which they are given.
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, value]) => [toHex(keyBytes(key)), toHex(value)]);
const genesis = new GenesisProvider({
  name,
  id,
  properties,
  genesis: { raw: { top: Object.fromEntries(entries) } },
} as never);
const chain = await setup({ genesis, buildBlockMode: BuildBlockMode.Manual });
const bootMs = performance.now();

answer({
  async measure(amounts: Amounts) {
    const { measure } = await import("./measured.ts");
    return measure(new ChopsticksProvider(chain), () => chain.newBlock(), bootMs, amounts);
  },
});
