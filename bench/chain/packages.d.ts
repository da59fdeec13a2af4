/** What is used of a package that only the benches install, so that types are checked without it. */
declare module "@acala-network/chopsticks-core" {
  export enum BuildBlockMode {
    Manual = "Manual",
  }
  export class GenesisProvider {
    constructor(genesis: never);
  }
  export interface Blockchain {
    newBlock(): Promise<unknown>;
  }
  export function setup(options: {
    readonly genesis: GenesisProvider;
    readonly buildBlockMode: BuildBlockMode;
  }): Promise<Blockchain>;
  /** Of @polkadot/api. */
  export class ChopsticksProvider {
    constructor(chain: Blockchain);
  }
}
