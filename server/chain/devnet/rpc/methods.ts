/** All methods, by name. */
import type { DevelopmentChain } from "../chain.ts";
import { authorMethods } from "./author-methods.ts";
import { chainMethods } from "./chain-methods.ts";
import { devMethods } from "./dev-methods.ts";
import { grandpaMethods } from "./grandpa-methods.ts";
import type { Methods } from "./json-rpc.ts";
import { paymentMethods } from "./payment-methods.ts";
import { stateMethods } from "./state-methods.ts";
import { systemMethods } from "./system-methods.ts";

export function methodsOf(chain: DevelopmentChain): Methods {
  const methods: Methods = {
    ...systemMethods(chain),
    ...chainMethods(chain),
    ...stateMethods(chain),
    ...authorMethods(chain),
    ...paymentMethods(chain),
    ...grandpaMethods(chain),
    ...devMethods(chain),
    rpc_methods: () => ({ methods: names }),
  };
  const names = Object.keys(methods).sort();
  return methods;
}
