/** A world with items on a real runtime's chain, the page of items in front of it, and a wallet's extension in the page. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import type { ApiOptions } from "@polkadot/api/types";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { developmentPolicy } from "#attestation/policy.ts";
import { developmentChainTerms } from "#cli/chain-terms.ts";
import type { Follower, View } from "#enclave/ledger/follow/follower.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { ChainService } from "#gateway/chain/chain-service.ts";
import { addressOf, type CatalogueName } from "#inventory/catalogue/catalogue.ts";
import { hexToBytes } from "#protocol/bytes.ts";
import { chainLimits, decodeChainList, encodeChainList } from "#protocol/chain-link.ts";
import { accountOf, type AccountId } from "#rmrk/account.ts";
import type { Interaction } from "#rmrk/codec/interaction.ts";
import { baseIdOf, collectionIdOf, nftIdOf, serialText, slotIdOf, type NftId } from "#rmrk/ids.ts";
import { catchUp, DevnetWorld, prefix } from "../enclave/reward/devnet-world.ts";
import { rootFolder } from "../support/folders.ts";
import { putExtension } from "./extension.ts";

const folder = join(rootFolder, ".cache/items-page");
export const origin = "http://localhost";
export const worldHex = "07".repeat(32);

const picture = (name: CatalogueName): string =>
  addressOf(readFileSync(join(rootFolder, `client/inventory/catalogue/${name}.svg`)));

/** Bob of the development accounts, who plays. */
export const player = accountOf(hexToBytes("8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"));
export const playerAddress = new Keyring({ type: "sr25519", ss58Format: prefix }).encodeAddress(hexToBytes(player));

const form = { src: undefined, thumb: undefined, metadata: undefined, themeId: undefined, theme: undefined };

export class ItemsPlace implements AsyncDisposable {
  readonly world: DevnetWorld;
  readonly hero: NftId;
  readonly crown: NftId;
  readonly lantern: NftId;
  readonly voucher = "ab".repeat(32);
  readonly #follower: Follower;
  readonly #service: ChainService;
  readonly #api: ApiPromise;
  /** What the gateway answers with, instead of the chain. */
  lies: ((answer: Uint8Array) => Uint8Array) | undefined;
  away = false;

  private constructor(world: DevnetWorld, follower: Follower, service: ChainService, api: ApiPromise, ids: NftId[]) {
    this.world = world;
    this.#follower = follower;
    this.#service = service;
    this.#api = api;
    [this.hero, this.crown, this.lantern] = ids as [NftId, NftId, NftId];
  }

  static async open(): Promise<ItemsPlace> {
    const world = await DevnetWorld.start();
    let reached: () => void;
    const there = new Promise<void>((resolve) => (reached = resolve));
    const service = new ChainService({
      url: world.net.url,
      log: ({ event }) => event === "chain-reached" && reached(),
    });
    service.start();
    await there;
    const follower = world.newFollower();
    world.chain.newBlock();
    const ids = tellStory(world, await catchUp(follower), () => catchUp(follower));
    const api = await ApiPromise.create({ provider: new WsProvider(world.net.url), noInitWarn: true } as ApiOptions);
    const place = new ItemsPlace(world, follower, service, api, await ids);
    place.#build();
    return place;
  }

  view(): Promise<View> {
    return catchUp(this.#follower);
  }

  async say(key: IssuerKey, ...interactions: readonly Interaction[]): Promise<void> {
    this.world.say(key, await this.view(), ...interactions);
  }

  #build(): void {
    mkdirSync(folder, { recursive: true });
    const builtIn = join(folder, "built-in.json");
    const { chain } = this.world;
    const terms = { ...developmentChainTerms(chain, "https://explorer.example/block/{hash}"), prefix };
    writeFileSync(builtIn, JSON.stringify({ world: worldHex, contracts: {}, policy: developmentPolicy, chain: terms }));
    const script = join(rootFolder, "tests/support/build-items-page.ts");
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", script, builtIn, join(folder, "page")],
      { encoding: "utf8", env: { ...process.env, NODE_ENV: "production" } },
    );
    if (status !== 0) throw new Error(`the page could not be built:\n${stderr}`);
  }

  async openPage(
    browser: Browser,
    options: BrowserContextOptions & { readonly wallet?: boolean } = {},
  ): Promise<ItemsWindow> {
    const { wallet = true, ...contextOptions } = options;
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      reducedMotion: "reduce",
      ...contextOptions,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    const asked: string[] = [];
    await page.route("**/*", async (route) => {
      const url = new URL(route.request().url());
      asked.push(url.origin === origin ? url.pathname : url.href);
      if (url.origin !== origin) return route.abort();
      if (url.pathname === "/api/chain") {
        if (this.away) return route.abort();
        const body = new Uint8Array(route.request().postDataBuffer() ?? new Uint8Array(0));
        const answers = await this.#answer(body).catch(() => undefined);
        if (answers === undefined) return route.abort();
        return route.fulfill({ contentType: "application/octet-stream", body: Buffer.from(answers) });
      }
      const file = join(folder, "page", url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname);
      return route.fulfill({ path: file, contentType: types[extname(file)] ?? "application/octet-stream" });
    });
    if (wallet) await putExtension(page, this.#api, "//Bob");
    return { page, complaints, asked, close: () => context.close() };
  }

  async #answer(body: Uint8Array): Promise<Uint8Array> {
    const answers: Uint8Array[] = [];
    for (const question of decodeChainList(body, chainLimits.listed)) {
      const answer = await this.#service.answerOnce(question);
      answers.push(this.lies === undefined ? answer : this.lies(answer));
    }
    return encodeChainList(answers);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api.disconnect();
    this.#service.close();
    await this.world[Symbol.asyncDispose]();
  }
}

export interface ItemsWindow {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Paths of this origin, and whole addresses of others. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

const types: { readonly [extension: string]: string } = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** A hero of three parts with three slots; a crown in it, a lantern beside it, a cloak that waits to be accepted. */
async function tellStory(world: DevnetWorld, first: View, next: () => Promise<View>): Promise<NftId[]> {
  const { issuer } = world;
  let view = first;
  const say = async (...interactions: readonly Interaction[]): Promise<number> => {
    world.say(issuer, view, ...interactions);
    view = await next();
    return view.block.number;
  };
  const collection = (symbol: string) => collectionIdOf(issuer.account, symbol);
  const create = (symbol: string): Interaction => ({
    op: "CREATE",
    id: collection(symbol),
    issuer: issuer.account,
    symbol,
    max: 0,
    metadata: picture("item"),
  });
  const fixed = (id: CatalogueName, z: number) => ({ kind: "fixed", id, z, src: picture(id) }) as const;
  const slot = (id: string, z: number) =>
    ({ kind: "slot", id, z, equippable: [collection("WEAR")], src: undefined }) as const;
  const parts = [
    fixed("spirit-glow", 0),
    slot("cloak", 5),
    fixed("spirit-body", 10),
    fixed("spirit-face", 20),
    slot("hat", 30),
    slot("hand", 40),
  ];
  const base = baseIdOf(
    await say(create("SPIRIT"), create("WEAR"), {
      op: "BASE",
      issuer: issuer.account,
      symbol: "spirit",
      type: "svg",
      parts,
      themes: new Map(),
      metadata: undefined,
    }),
    "spirit",
  );
  const mint = (symbol: string, name: string, serial: number, recipient: AccountId | NftId, metadata: string) =>
    ({
      op: "MINT",
      collection: collection(symbol),
      symbol: name,
      serial: serialText(serial),
      transferable: 1,
      metadata,
      properties: new Map(
        serial === 1 && symbol === "WEAR"
          ? [["voucher", { type: "string", value: "ab".repeat(32), writer: "nobody" as const }]]
          : [["level", { type: "int", value: 3, writer: "issuer" as const }]],
      ),
      recipient,
    }) as const satisfies Interaction;
  const idOf = (block: number, symbol: string, name: string, serial: number) =>
    nftIdOf(block, collection(symbol), name, serialText(serial));
  const hero = idOf(
    await say(mint("SPIRIT", "spirit", 1, issuer.account, picture("spirit-body"))),
    "SPIRIT",
    "spirit",
    1,
  );
  const wear = await say(
    {
      op: "RESADD",
      nft: hero,
      replaces: undefined,
      resource: { ...form, id: "body", base, parts: parts.map(({ id }) => id), slot: undefined },
    },
    mint("WEAR", "crown", 1, issuer.account, picture("victor-crown")),
    mint("WEAR", "lantern", 2, issuer.account, picture("fog-lantern")),
    mint("WEAR", "cloak", 3, issuer.account, picture("dusk-cloak")),
  );
  const worn = (nft: NftId, name: CatalogueName, part: string): Interaction => ({
    op: "RESADD",
    nft,
    replaces: undefined,
    resource: {
      ...form,
      id: "worn",
      src: picture(name),
      base: undefined,
      parts: undefined,
      slot: slotIdOf(base, part),
    },
  });
  const [crown, lantern, cloak] = [
    idOf(wear, "WEAR", "crown", 1),
    idOf(wear, "WEAR", "lantern", 2),
    idOf(wear, "WEAR", "cloak", 3),
  ];
  await say(
    worn(crown, "victor-crown", "hat"),
    worn(lantern, "fog-lantern", "hand"),
    worn(cloak, "dusk-cloak", "cloak"),
    { op: "SEND", nft: crown, recipient: hero },
    { op: "EQUIP", nft: crown, slot: slotIdOf(base, "hat") },
    { op: "SEND", nft: hero, recipient: player },
    { op: "SEND", nft: lantern, recipient: player },
  );
  // Into somebody else's: it waits to be accepted. And one whose picture nobody here has.
  await say(
    { op: "SEND", nft: cloak, recipient: hero },
    mint("WEAR", "odd_thing", 4, player, "https://tracker.example/who-looks.svg"),
  );
  return [hero, crown, lantern];
}
