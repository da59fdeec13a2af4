/** A world on the development chain: an issuer with a collection, players, and a worker that follows. */
import { startDevnet, type Devnet, type DevnetOptions } from "#chain/devnet/start.ts";
import { Follower, type FollowerOptions, type View } from "#enclave/ledger/follow/follower.ts";
import type { ChainSource } from "#enclave/ledger/follow/source.ts";
import { issuerKeyOf, type IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signTransaction } from "#enclave/reward/transaction.ts";
import { accountBytes } from "#rmrk/account.ts";
import { encodeRemark, type Interaction } from "#rmrk/codec/interaction.ts";
import { collectionIdOf, type CollectionId } from "#rmrk/ids.ts";
import { emptyState } from "#rmrk/state/state.ts";
import { clock } from "../../chain/devnet/support/client.ts";
import { devnetCheckpoint, devnetRuntime, devnetSource } from "../ledger/support/devnet-source.ts";

export const prefix = 2;
export const keyNamed = (name: string): IssuerKey => issuerKeyOf(new Uint8Array(32).fill(name.charCodeAt(0)));

export class DevnetWorld implements AsyncDisposable {
  readonly net: Devnet;
  readonly issuer = keyNamed("issuer");
  readonly player = keyNamed("player");
  readonly other = keyNamed("other");
  readonly #nonces = new Map<string, number>();

  private constructor(net: Devnet) {
    this.net = net;
  }

  static async start(options: DevnetOptions = {}): Promise<DevnetWorld> {
    const accounts = ["issuer", "player", "other"].map((name) => accountBytes(keyNamed(name).account));
    const net = await startDevnet({ clock, sealing: "manual", finality: "instant", accounts, ...options });
    return new DevnetWorld(net);
  }

  get chain() {
    return this.net.chain;
  }

  get collection(): CollectionId {
    return collectionIdOf(this.issuer.account, "SWORDS");
  }

  newFollower(more: Partial<FollowerOptions> = {}): Follower {
    return new Follower({
      checkpoint: devnetCheckpoint(this.chain),
      items: emptyState(prefix),
      source: this.source(),
      runtimes: [devnetRuntime(this.chain)],
      accounts: [this.issuer.account],
      ...more,
    });
  }

  source(lies: Partial<ChainSource> = {}): ChainSource {
    return { ...devnetSource(this.chain), ...lies };
  }

  /** Signed with what a view says, or with the next nonce if there is none. */
  sign(key: IssuerKey, remarks: readonly Uint8Array[], view: View, nonce: number): Uint8Array {
    const { runtime, genesis, block } = view;
    return signTransaction(remarks, { runtime, genesis, nonce, era: { birth: block, period: 64 } }, key);
  }

  /** In the next block, which is final if finality is instant. */
  say(key: IssuerKey, view: View, ...interactions: readonly Interaction[]): void {
    const nonce = this.#nonces.get(key.account) ?? 0;
    const remarks = interactions.map((interaction) => encodeRemark(interaction, prefix));
    this.chain.submit(this.sign(key, remarks, view, nonce));
    this.chain.newBlock();
    this.#nonces.set(key.account, nonce + 1);
  }

  createCollection(view: View, max = 0): void {
    const { issuer, collection } = this;
    const metadata = "ipfs://ipfs/swords";
    this.say(issuer, view, { op: "CREATE", id: collection, issuer: issuer.account, symbol: "SWORDS", max, metadata });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.net.close();
  }
}

/** Until nothing newer is heard. */
export async function catchUp(follower: Follower): Promise<View> {
  while ((await follower.follow()) !== undefined);
  return follower.view!;
}
