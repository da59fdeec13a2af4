/** JSON-RPC `grandpa_*`: that blocks are final, to those who know the authorities. */
import type { DevelopmentChain } from "../chain.ts";
import { toHex } from "../hex.ts";
import { unsubscribe } from "./chain-methods.ts";
import { invalidParameters } from "./errors.ts";
import { connected, type Methods } from "./json-rpc.ts";

export const grandpaMethods = (chain: DevelopmentChain): Methods => ({
  grandpa_proveFinality: (parameters) => {
    const number = parameters.number(0);
    if (number > chain.finalized.number) throw invalidParameters("this block is not final");
    return toHex(chain.proveFinality(number));
  },
  grandpa_subscribeJustifications: (_, connection) =>
    connected(connection).subscribe("grandpa_justifications", (notify) =>
      chain.listen({ finalized: (block) => notify(toHex(chain.justification(block))) }),
    ),
  grandpa_unsubscribeJustifications: unsubscribe,
});
