/** A place with a chain: real devnet, gateway, worker, store and client in one process, each of which can die by itself. */
import { Keyring } from "@polkadot/api";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { fileURLToPath } from "node:url";
import { startDevnet, type Devnet, type DevnetOptions } from "#chain/devnet/start.ts";
import {
  createRoom,
  developmentPolicy,
  guestAccount,
  join,
  memoryKeyStore,
  type Account,
  type MoveOf,
  type Room,
  type RoomId,
  type ViewOf,
  type Wallet,
} from "#client/index.ts";
import { softwarePlatform } from "#enclave/platform/software.ts";
import type { BlockHash } from "#enclave/ledger/proof/header.ts";
import { Follower } from "#enclave/ledger/follow/follower.ts";
import { decodeMetadata } from "#enclave/ledger/runtime/metadata.ts";
import { signTransaction } from "#enclave/reward/transaction.ts";
import { deriveIssuerKey, issuerKeyOf, type IssuerKey } from "#enclave/reward/issuer-key.ts";
import type { ChainTerms } from "#enclave/reward/chain-terms.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import type { LoadedContract } from "#enclave/sandbox/sandbox.ts";
import { startWorker, type Worker, type WorkerEvent } from "#enclave/worker.ts";
import { startGateway, type Gateway } from "#gateway/gateway.ts";
import { concatBytes, utf8ToBytes } from "#protocol/bytes.ts";
import { lineageId, worldId } from "#protocol/manifest.ts";
import { accountBytes, type AccountId } from "#rmrk/account.ts";
import type { NftId } from "#rmrk/ids.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { itemsOf, saysUsed } from "#rmrk/queries/inventory.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { world } from "../adversary/stage.ts";
import { playBot, type BotPlayer } from "../contracts/skirmish/bot-player.ts";
import { clock, connect } from "../chain/devnet/support/client.ts";
import { devnetCheckpoint, devnetRuntime, devnetSource } from "../enclave/ledger/support/devnet-source.ts";
import { bundleOf } from "../support/bundles.ts";
import { mintedOn, mintsOn, mintWaitsOn, saidOn } from "./said-on-chain.ts";
import type { phalaWorld } from "../../contracts/phala-world/phala-world.ts";
import type { gate } from "./rules/gate.ts";
import type { prizes } from "./rules/prizes.ts";

export type PrizesRoom = Room<ViewOf<typeof prizes>, MoveOf<typeof prizes>>;
export type HubRoom = Room<ViewOf<typeof phalaWorld>, MoveOf<typeof phalaWorld>>;
export type GateRoom = Room<ViewOf<typeof gate>, MoveOf<typeof gate>>;

/** As short as it may be: blocks are made by hand. */
const period = 4;
const prefix = 2;

const entries = {
  prizes: "rules/prizes.ts",
  gate: "rules/gate.ts",
  hub: "../../contracts/phala-world/phala-world.ts",
  skirmish: "../../contracts/skirmish/assembly/skirmish.ts",
} as const;

/** A wallet that signs as extensions do. */
export function walletOf(key: IssuerKey): Wallet {
  const [before, behind] = ["<Bytes>", "</Bytes>"].map(utf8ToBytes);
  return {
    kind: "sr25519",
    account: accountBytes(key.account),
    sign: (statement) => Promise.resolve(key.sign(concatBytes(before!, utf8ToBytes(statement), behind!))),
  };
}

export class ChainPlace implements AsyncDisposable {
  readonly events: WorkerEvent[] = [];
  readonly gatewayEvents: string[] = [];
  readonly player = issuerKeyOf(new Uint8Array(32).fill(7));
  readonly #folder: string;
  readonly #contract: LoadedContract;
  readonly #account: Account;
  readonly #chainOptions: DevnetOptions;
  devnet!: Devnet;
  gateway: Gateway | undefined;
  worker: Worker | undefined;
  terms: ChainTerms | undefined;
  issuer!: IssuerKey;
  readonly moreWorkers: Worker[] = [];
  #port = 0;
  #clients: PrizesRoom[] = [];

  private constructor(folder: string, contract: LoadedContract, account: Account, options: DevnetOptions) {
    this.#folder = folder;
    this.#contract = contract;
    this.#account = account;
    this.#chainOptions = options;
  }

  /** Blocks are made and final when a test says so, unless it says otherwise. */
  static async open(options: DevnetOptions = {}, rules: keyof typeof entries = "prizes"): Promise<ChainPlace> {
    const folder = await mkdtemp(joinPath(tmpdir(), "phatroom-chain-"));
    const entry = fileURLToPath(new URL(entries[rules], import.meta.url));
    const contract = await (await contractEngine()).load(await bundleOf(entry));
    const place = new ChainPlace(folder, contract, await guestAccount(memoryKeyStore()), options);
    const platform = await softwarePlatform({ directory: place.path("platform") });
    place.issuer = await deriveIssuerKey(platform, worldId(world), lineageId(worldId(world), contract.hash));
    await place.openChain();
    return place;
  }

  path(name: string): string {
    return joinPath(this.#folder, name);
  }

  get chain() {
    return this.devnet.chain;
  }

  async openChain(port = 0): Promise<void> {
    const accounts = [this.issuer, this.player].map(({ account }) => accountBytes(account));
    const fixed = { clock, sealing: "manual", finality: "instant", database: this.path("chain.sqlite") } as const;
    this.devnet = await startDevnet({ ...fixed, accounts, port, ...this.#chainOptions });
    this.terms ??= {
      checkpoint: devnetCheckpoint(this.chain),
      runtimes: [devnetRuntime(this.chain)],
      prefix,
      period,
      ageMaxMs: 60_000,
    };
  }

  /** On the same port, with the same blocks, and an empty pool. */
  async restartChain(): Promise<void> {
    const port = Number(new URL(this.devnet.url).port);
    await this.devnet.close();
    await this.openChain(port);
  }

  /** The player pays for it, who has something. */
  async fundIssuer(): Promise<void> {
    const api = await connect(this.devnet.url);
    const alice = new Keyring({ type: "sr25519" }).addFromUri("//Alice");
    await api.tx["balances"]!["transfer"]!(accountBytes(this.issuer.account), 10n ** 13n).signAndSend(alice);
    await api.disconnect();
  }

  /** @param issues whether it signs what is issued, as one thread of a worker does. */
  async openWorker(address = "worker.sock", issues = true): Promise<Worker> {
    return startWorker({
      address: { kind: "socket", path: this.path(address) },
      world,
      platform: await softwarePlatform({ directory: this.path("platform") }),
      contracts: [this.#contract],
      chain: this.terms,
      issues,
      log: (event) => this.events.push(event),
    });
  }

  async openHost(
    more: {
      readonly store?: boolean;
      readonly chain?: boolean;
      readonly workers?: number;
      /** Whether all of them sign, or the first alone. */
      readonly allIssue?: boolean;
    } = {},
  ): Promise<void> {
    const { store = true, chain = true, workers = 1, allIssue = true } = more;
    this.worker = await this.openWorker();
    for (let i = 1; i < workers; i++) this.moreWorkers.push(await this.openWorker(`worker-${i}.sock`, allIssue));
    this.gateway = await startGateway({
      worker: { kind: "socket", path: this.path("worker.sock") },
      moreWorkers: this.moreWorkers.map((_, i) => ({
        name: `worker-${i + 1}`,
        address: { kind: "socket", path: this.path(`worker-${i + 1}.sock`) },
      })),
      ...(store ? { store: { kind: "sqlite", directory: this.path("store") } } : {}),
      ...(chain ? { chain: this.devnet.url } : {}),
      port: this.#port,
      log: ({ event }) => this.gatewayEvents.push(event),
    });
    await this.gateway.ready();
    this.#port = this.gateway.port;
  }

  async closeHost(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close();
    await this.gateway?.close();
    await Promise.all([this.worker, ...this.moreWorkers.splice(0)].map(async (worker) => worker?.close()));
    this.gateway = this.worker = undefined;
  }

  /** A remark of this account, in the next block. */
  say(key: IssuerKey, interaction: Interaction): void {
    const { best, finalized, genesisHash } = this.chain;
    const runtime = this.chain.runtime(best);
    const terms = {
      runtime: { ...runtime.version, metadata: decodeMetadata(runtime.metadata(best.state)), metadataHash: "" },
      genesis: genesisHash.slice(2) as BlockHash,
      nonce: this.chain.nextNonce(accountBytes(key.account)),
      era: { birth: { number: finalized.number, hash: finalized.hash.slice(2) as BlockHash }, period: 64 },
    };
    this.chain.submit(signTransaction([encodeRemark(interaction, prefix)], terms, key));
  }

  /** The same, in the hub of Phala World. */
  async enterHub(id?: string): Promise<HubRoom> {
    return (await this.sitDown(id)) as unknown as HubRoom;
  }

  /** The same, by the rules of the gate. */
  async enter(id?: string): Promise<GateRoom> {
    return (await this.sitDown(id)) as unknown as GateRoom;
  }

  /** Somebody who plays Skirmish by themselves, in a room of it. */
  enterArena(room: RoomId, seed: number): Promise<BotPlayer> {
    const { hash } = this.#contract;
    return playBot(this.gateway!.url, { room, world: worldId(world), contract: hash, policy: developmentPolicy }, seed);
  }

  async sitDown(id?: string, account = this.#account): Promise<PrizesRoom> {
    const room =
      (id as RoomId | undefined) ?? (await createRoom(this.gateway!.url, { contract: this.#contract.manifest.name }));
    const joined = await join<typeof prizes>(this.gateway!.url, {
      room,
      world: worldId(world),
      contract: this.#contract.hash,
      policy: developmentPolicy,
      account,
    });
    this.#clients.push(joined);
    return joined;
  }

  /** Blocks, one after the other, until it holds, with time for everybody in between. */
  async blocksUntil(holds: () => boolean, finalize = false): Promise<void> {
    for (let left = 200; left > 0; left--) {
      if (holds()) return;
      const { hash } = this.chain.newBlock();
      if (finalize) this.chain.finalize(hash);
      for (let beats = 20; beats > 0 && !holds(); beats--) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("it did not happen in 200 blocks");
  }

  /** Whether a transaction that mints something waits for a block: the next one takes it. */
  get mintWaits(): boolean {
    return mintWaitsOn(this.chain);
  }

  /** How often each voucher was minted on the final chain, and to whom. */
  minted(): ReadonlyMap<string, readonly AccountId[]> {
    return mintedOn(this.chain, prefix);
  }

  /** What the player's page shows that they own: proven from where the page begins, by nothing else. */
  async provenItems(): Promise<readonly { readonly id: NftId; readonly voucher: string; readonly used: boolean }[]> {
    const { checkpoint, runtimes } = this.terms!;
    const follower = new Follower({
      checkpoint,
      runtimes,
      items: emptyState(prefix),
      source: devnetSource(this.chain),
    });
    while ((await follower.follow()) !== undefined);
    return itemsOf(follower.view!.items, this.player.account).map((item) => {
      const value = item.properties.find(({ key }) => key === "voucher")?.value;
      return { id: item.id, voucher: typeof value === "string" ? value : "none", used: saysUsed(item) };
    });
  }

  /** Of which the issuer has said on the final chain that they are used up. */
  usedUp(): readonly NftId[] {
    const said = saidOn(this.chain, prefix, /RMRK::SETPROPERTY::2\.0\.0::[\x21-\x7e]+?::used-up::true::freeze/g);
    return said.flatMap(({ interaction }) => (interaction.op === "SETPROPERTY" ? [interaction.nft] : []));
  }

  /** What was minted, by its id. */
  cups(): readonly NftId[] {
    return mintsOn(this.chain, prefix).map(({ id }) => id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeHost();
    await this.devnet.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
