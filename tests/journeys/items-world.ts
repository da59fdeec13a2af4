/** A place with a chain as `npm start` has it, and pages that follow that chain: all of it made for one journey. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiPromise, WsProvider } from "@polkadot/api";
import type { ApiOptions } from "@polkadot/api/types";
import type { Browser, Page } from "playwright-core";
import { developmentPolicy } from "#attestation/policy.ts";
import { buildContract } from "#cli/build-contract.ts";
import { FollowedChain } from "#cli/items/followed-chain.ts";
import { developmentKey } from "#cli/items/key.ts";
import { localOwner, localWorkerTerms, setUpWorld, startLocalChain, type LocalChain } from "#cli/local-chain.ts";
import { startPlace, type Place } from "#cli/place.ts";
import { giveItem } from "#cli/world/give-item.ts";
import { worldItemsOf } from "#cli/world/world-file.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { worldId, type WorldManifest } from "#protocol/manifest.ts";
import { encodeAddress, type AccountId } from "#rmrk/account.ts";
import type { NftId } from "#rmrk/ids.ts";
import { launchChromium } from "../browser/chromium.ts";
import { putExtension } from "../browser/extension.ts";
import { developmentItems } from "#cli/world/development-items.ts";
import { rootFolder } from "../support/folders.ts";
import { pageFor } from "../support/page-for.ts";

export const world: WorldManifest = { name: "phatroom journey of items", development: true };

export interface ItemsWorldOptions {
  /** In this folder; default: a chain that makes a block each second. */
  readonly chain?: (folder: string) => Promise<LocalChain>;
  /** Of a worker's configuration, besides what is usual. */
  readonly terms?: object;
  /** While it is done blocks come. */
  readonly during?: <T>(work: Promise<T>) => Promise<T>;
  /** Takes the log of gateway and worker. */
  readonly output?: (line: { readonly [name: string]: unknown }) => void;
}

const everySecond = (folder: string): Promise<LocalChain> =>
  startLocalChain({ database: join(folder, "chain.sqlite"), everyMs: 1000, lag: 1 });

export class ItemsWorld implements AsyncDisposable {
  readonly chain: LocalChain;
  readonly place: Place;
  readonly browser: Browser;
  readonly #folder: string;
  readonly #api: ApiPromise;
  readonly #items: object;

  private constructor(
    folder: string,
    chain: LocalChain,
    place: Place,
    browser: Browser,
    api: ApiPromise,
    items: object,
  ) {
    this.#folder = folder;
    this.chain = chain;
    this.place = place;
    this.browser = browser;
    this.#api = api;
    this.#items = items;
  }

  /** With slots to wear things in, and a worker that issues cups. */
  static async open(options: ItemsWorldOptions = {}): Promise<ItemsWorld> {
    const { chain: startChain = everySecond, terms = {}, during = (work) => work, output } = options;
    const folder = await mkdtemp(join(tmpdir(), "phatroom-items-journey-"));
    const contracts = join(folder, "contracts");
    await mkdir(contracts);
    const [chain, { bundle, suffix, hash }] = await Promise.all([
      startChain(folder),
      buildContract(join(rootFolder, "contracts/dot4/dot4.ts")),
    ]);
    await writeFile(join(contracts, `dot4${suffix}`), bundle);
    const about = { world: bytesToHex(worldId(world)), contracts: { dot4: hash }, policy: developmentPolicy };
    const builtIn = { ...about, chain: chain.terms };
    const pages = join(folder, "pages");
    pageFor(builtIn, "inventory", join(pages, "items"));
    pageFor(builtIn, "page", join(pages, "dot4"));
    const issuers: Record<string, string> = {};
    const place = await startPlace({
      world,
      contracts,
      directory: join(folder, "platform"),
      chain: { url: chain.url, terms: { ...chain.terms, ...localWorkerTerms, ...terms } },
      gateway: { page: pages, store: { kind: "sqlite", directory: join(folder, "store") } },
      output(line) {
        const told = JSON.parse(line) as Record<string, string | undefined>;
        const { msg, contract, account } = told;
        if (msg === "issuer") issuers[contract!] = encodeAddress(account as AccountId, chain.terms.prefix);
        output?.(told);
      },
    });
    const items = developmentItems(issuers);
    await during(setUpWorld(chain, items));
    const provider = new WsProvider(chain.url);
    const api = await ApiPromise.create({ provider, noInitWarn: true } as ApiOptions);
    return new ItemsWorld(folder, chain, place, await launchChromium(), api, items);
  }

  /** Of a development account, as the chain writes it. */
  addressOf(name: string): string {
    return encodeAddress(developmentKey(name).account, this.chain.terms.prefix);
  }

  /** A Spirit for a development account, from the world's owner. */
  async giveSpirit(name: string): Promise<NftId> {
    const { account } = localOwner;
    const items = worldItemsOf(this.#items, account, this.chain.terms.prefix);
    await using chain = await FollowedChain.open(this.chain.url, this.chain.terms, account);
    const gift = { collection: "SPIRITS", symbol: "spirit", to: developmentKey(name).account };
    return await giveItem(chain, items, gift, localOwner);
  }

  /** As an owner's extension does who agrees to everything. */
  putWallet(page: Page, name: string): Promise<void> {
    return putExtension(page, this.#api, `//${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.#api.disconnect();
    await this.place.close();
    await this.chain.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
