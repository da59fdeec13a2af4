/** What is used of packages that only the benches install, so that types are checked without them. */

/** The Solidity compiler, which brings no types. */
declare module "solc" {
  const solc: {
    /** Standard JSON in, standard JSON out. */
    compile(input: string): string;
  };
  export default solc;
}

/** Hardhat's node, as a native module. */
declare module "@nomicfoundation/edr" {
  export const L1_CHAIN_TYPE: string;
  export enum L1Hardfork {
    Cancun = 19,
  }
  export enum MineOrdering {
    Fifo = "Fifo",
  }
  export interface Account {
    readonly address: Uint8Array;
    readonly balance: bigint;
  }
  export interface Provider {
    /** JSON-RPC in and out. */
    handleRequest(request: string): Promise<{ readonly data: unknown }>;
  }
  export class ContractDecoder {}
  export class EdrContext {
    registerProviderFactory(chainType: string, factory: unknown): Promise<void>;
    createProvider(
      chainType: string,
      configuration: Readonly<Record<string, unknown>>,
      logger: Readonly<Record<string, unknown>>,
      subscriptions: { readonly subscriptionCallback: () => void },
      decoder: ContractDecoder,
    ): Promise<Provider>;
  }
  export function l1GenesisState(hardfork: L1Hardfork): readonly Account[];
  export function l1HardforkToString(hardfork: L1Hardfork): string;
  export function l1ProviderFactory(): unknown;
}
