/** A local EVM node in this process that mines a block for every transaction, and Dot4 on it as a smart contract. */
import { readFileSync } from "node:fs";
import {
  ContractDecoder,
  EdrContext,
  L1_CHAIN_TYPE,
  L1Hardfork,
  l1GenesisState,
  l1HardforkToString,
  l1ProviderFactory,
  MineOrdering,
  type Provider,
} from "@nomicfoundation/edr";
import solc from "solc";
import type { Board, Cell, Side } from "../../../contracts/dot4/dot4.ts";

const source = new URL("dot4.sol", import.meta.url);

/** Of Ethereum's main net, at the time of writing. */
export const blockGasLimit = 60_000_000;

const players = [
  { address: `0x${"11".repeat(20)}`, seat: 0 },
  { address: `0x${"22".repeat(20)}`, seat: 1 },
] as const;

const sides: readonly Side[] = ["top", "right", "bottom", "left"];
const cells = 100;

export class Dot4Chain {
  readonly #provider: Provider;
  readonly #code: Compiled;
  #contract = "";
  #requests = 0;

  private constructor(provider: Provider, code: Compiled) {
    this.#provider = provider;
    this.#code = code;
  }

  static async start(): Promise<Dot4Chain> {
    const code = compile();
    const chain = new Dot4Chain(await startProvider(), code);
    for (const { address } of players) await chain.#ask("hardhat_impersonateAccount", address);
    const receipt = await chain.#send(players[0].address, code.bytecode);
    chain.#contract = String(receipt["contractAddress"]);
    return chain;
  }

  /** @param bombs by seat. */
  async open(game: number, bombs: readonly [readonly Cell[], readonly Cell[]]): Promise<void> {
    let bits = 0n;
    bombs.forEach((own, seat) => own.forEach(([x, y]) => (bits |= 1n << BigInt(y * 10 + x + seat * cells))));
    const [one, other] = players;
    await this.#send(
      one.address,
      this.#call("open(uint256,address,address,uint256)", game, one.address, other.address, bits),
      this.#contract,
    );
  }

  /** One move as a transaction in a block of its own. Returns the gas it took. */
  async drop(game: number, seat: number, side: Side, line: number): Promise<number> {
    const receipt = await this.#send(players[seat]!.address, this.#dropOf(game, side, line), this.#contract);
    return Number(receipt["gasUsed"]);
  }

  /** The same move computed and forgotten: no transaction, no block. */
  async tryDrop(game: number, seat: number, side: Side, line: number): Promise<void> {
    const call = { from: players[seat]!.address, to: this.#contract, data: this.#dropOf(game, side, line) };
    await this.#ask("eth_call", call, "latest");
  }

  /** As everybody may read it. */
  async board(game: number): Promise<Board> {
    const answer = await this.#ask(
      "eth_call",
      { to: this.#contract, data: this.#call("games(uint256)", game) },
      "latest",
    );
    const stones = BigInt(String(answer).slice(0, 66));
    return Array.from({ length: cells }, (_, cell) =>
      [0n, 1n].map((seat) => (stones >> (BigInt(cell) + seat * BigInt(cells))) & 1n).indexOf(1n),
    ).map((seat) => (seat === 0 || seat === 1 ? seat : null));
  }

  #dropOf(game: number, side: Side, line: number): string {
    return this.#call("drop(uint256,uint256,uint256)", game, sides.indexOf(side), line);
  }

  #call(method: string, ...words: (number | bigint | string)[]): string {
    return `0x${this.#code.methods[method]}${words.map((word) => BigInt(word).toString(16).padStart(64, "0")).join("")}`;
  }

  async #send(from: string, data: string, to?: string): Promise<Record<string, unknown>> {
    const hash = await this.#ask("eth_sendTransaction", { from, data, ...(to === undefined ? {} : { to }) });
    return (await this.#ask("eth_getTransactionReceipt", hash)) as Record<string, unknown>;
  }

  async #ask(method: string, ...params: unknown[]): Promise<unknown> {
    const request = JSON.stringify({ jsonrpc: "2.0", id: ++this.#requests, method, params });
    const { data } = await this.#provider.handleRequest(request);
    const { result, error } = (typeof data === "string" ? JSON.parse(data) : data) as {
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    };
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}

interface Compiled {
  readonly bytecode: string;
  /** Selectors by signature. */
  readonly methods: { readonly [signature: string]: string };
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: {
    readonly "dot4.sol": {
      readonly Dot4: {
        readonly evm: {
          readonly bytecode: { readonly object: string };
          readonly methodIdentifiers: { readonly [signature: string]: string };
        };
      };
    };
  };
}

function compile(): Compiled {
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { "dot4.sol": { content: readFileSync(source, "utf8") } },
        settings: {
          // For many calls of a contract that is deployed once.
          optimizer: { enabled: true, runs: 10_000 },
          viaIR: true,
          evmVersion: "cancun",
          outputSelection: { "*": { "*": ["evm.bytecode.object", "evm.methodIdentifiers"] } },
        },
      }),
    ),
  ) as Output;
  const broken = output.errors?.find(({ severity }) => severity === "error");
  if (broken !== undefined) throw new Error(broken.formattedMessage);
  const { evm } = output.contracts["dot4.sol"].Dot4;
  return { bytecode: `0x${evm.bytecode.object}`, methods: evm.methodIdentifiers };
}

async function startProvider(): Promise<Provider> {
  const context = new EdrContext();
  await context.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory());
  return context.createProvider(
    L1_CHAIN_TYPE,
    {
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: true,
      bailOnTransactionFailure: true,
      chainId: 31_337n,
      coinbase: new Uint8Array(20),
      defaultTransactionGasLimit: 10_000_000n,
      genesisState: [
        ...l1GenesisState(L1Hardfork.Cancun),
        ...players.map(({ address }) => ({
          address: Buffer.from(address.slice(2), "hex"),
          balance: 10n ** 24n,
        })),
      ],
      hardfork: l1HardforkToString(L1Hardfork.Cancun),
      initialBaseFeePerGas: 0n,
      initialParentBeaconBlockRoot: new Uint8Array(32),
      minGasPrice: 0n,
      mining: { autoMine: true, blockGasLimit: BigInt(blockGasLimit), memPool: { order: MineOrdering.Fifo } },
      network: { genesisBlockGasLimit: BigInt(blockGasLimit) },
      networkId: 31_337n,
      observability: {},
      ownedAccounts: [],
      precompileOverrides: [],
    },
    { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => undefined },
    { subscriptionCallback: () => undefined },
    new ContractDecoder(),
  );
}
