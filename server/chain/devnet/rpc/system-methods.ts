/** JSON-RPC `system_*`: what this node is, and accounts' nonces. */
import type { DevelopmentChain } from "../chain.ts";
import type { Method, Methods } from "./json-rpc.ts";

export function systemMethods(chain: DevelopmentChain): Methods {
  const nextIndex: Method = (parameters) => chain.nextNonce(parameters.account(0));
  return {
    system_name: () => "phatroom development chain",
    system_version: () => "1",
    system_chain: () => chain.spec.name,
    system_chainType: () => "Development",
    system_properties: () => chain.spec.properties,
    system_health: () => ({ peers: 0, isSyncing: false, shouldHavePeers: false }),
    system_nodeRoles: () => ["Authority"],
    system_peers: () => [],
    // Nobody can connect to it but by JSON-RPC.
    system_localPeerId: () => "",
    system_localListenAddresses: () => [],
    system_syncState: () => {
      const { number } = chain.best;
      return { startingBlock: 0, currentBlock: number, highestBlock: number };
    },
    system_accountNextIndex: nextIndex,
    account_nextIndex: nextIndex,
  };
}
