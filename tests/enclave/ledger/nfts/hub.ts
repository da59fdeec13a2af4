/** Asset Hub's real runtime with pallet-nfts, if `PHATROOM_VECTORS` names the folder that holds it: a cold owner, an issuer, players. */
import { join } from "node:path";
import { storageKey } from "#chain/devnet/hashing.ts";
import { keyBytes, keyOf } from "#chain/devnet/hex.ts";
import type { Follower } from "#enclave/ledger/follow/follower.ts";
import { createCall, setTeamCall } from "#enclave/ledger/nfts/calls.ts";
import { preSignedCall, type SignedMint } from "#enclave/ledger/nfts/pre-signed-mint.ts";
import { refusalOf, type NftsRefusal } from "#enclave/ledger/nfts/refusals.ts";
import { proveSlot, slotKeys, type Slot } from "#enclave/ledger/nfts/slot.ts";
import { accountKey } from "#enclave/ledger/proof/storage-keys.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { decodeEvents } from "#enclave/ledger/runtime/extrinsics.ts";
import type { IssuerKey } from "#enclave/reward/issuer-key.ts";
import { signCall } from "#enclave/reward/transaction.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { accountBytes } from "#rmrk/account.ts";
import { catchUp, DevnetWorld, keyNamed } from "../../reward/devnet-world.ts";

const vectors = join(process.env["PHATROOM_VECTORS"] ?? "$PHATROOM_VECTORS", "chain");
export const spec = join(vectors, "asset-hub-kusama-local-2024.json.gz");
const eventsKey = storageKey("System", "Events");

export const cold = keyNamed("cold");
export const issuer = keyNamed("issuer");
export const player = keyNamed("player");
export const other = keyNamed("other");
export const next = keyNamed("next issuer");
/** Has nothing. */
export const guest = keyNamed("guest");
export const collection = 0;
export const small = 1;

/** Asset Hub with a collection that the cold key owns and the issuer may issue in, and one for a single item. */
export class Hub implements AsyncDisposable {
  readonly world: DevnetWorld;
  readonly follower: Follower;
  readonly #nonces = new Map<string, number>();

  private constructor(world: DevnetWorld) {
    this.world = world;
    this.follower = world.newFollower();
  }

  /** @param more who has money too. */
  static async start(more: readonly IssuerKey[] = []): Promise<Hub> {
    const accounts = [cold, issuer, player, other, next, ...more].map(({ account }) => accountBytes(account));
    const hub = new Hub(await DevnetWorld.start({ spec, accounts }));
    hub.world.chain.newBlock();
    await catchUp(hub.follower);
    for (const [id, max] of [
      [collection, undefined],
      [small, 1],
    ] as const) {
      await hub.done(cold, createCall(hub.metadata, cold.account, max));
      await hub.done(cold, setTeamCall(hub.metadata, id, issuer.account, cold.account));
    }
    return hub;
  }

  get metadata() {
    return this.follower.view!.runtime.metadata;
  }

  get block(): number {
    return this.follower.view!.block.number;
  }

  /** In the next block. @returns what the runtime says against it. */
  async say(key: IssuerKey, call: Uint8Array): Promise<NftsRefusal | undefined> {
    const { chain } = this.world;
    const { runtime, genesis, block } = this.follower.view!;
    const nonce = this.#nonces.get(key.account) ?? (await this.#nonceOf(key));
    this.#nonces.set(key.account, nonce + 1);
    const transaction = signCall(call, { runtime, genesis, nonce, era: { birth: block, period: 64 } }, key);
    chain.submit(transaction);
    chain.newBlock();
    await catchUp(this.follower);
    const index = chain.body(chain.best.hash).findIndex((bytes) => bytesToHex(bytes) === bytesToHex(transaction));
    const events = decodeEvents(this.metadata, chain.best.state.get(eventsKey)).get(index);
    return refusalOf(this.metadata, events!);
  }

  /** Keys that begin so, as an honest node names them. */
  keys(block: string, prefix: Uint8Array): Promise<readonly Uint8Array[]> {
    const { state } = this.world.chain.block(`0x${block}`);
    return Promise.resolve(Array.from(state.keys(keyOf(prefix)), keyBytes));
  }

  async done(key: IssuerKey, call: Uint8Array): Promise<void> {
    const refusal = await this.say(key, call);
    if (refusal !== undefined) throw new Error(refusal);
  }

  async #nonceOf({ account }: IssuerKey): Promise<number> {
    const { block, stateRoot } = this.follower.view!;
    const keys = [accountKey(accountBytes(account))];
    const [state] = verifyStorage(stateRoot, await this.world.source().storage(block.hash, keys), keys);
    return state === undefined ? 0 : new DataView(state.buffer, state.byteOffset).getUint32(0, true);
  }

  /** Somebody else has signed with this key: its next nonce is the chain's. */
  forget(key: IssuerKey): void {
    this.#nonces.delete(key.account);
  }

  redeem(key: IssuerKey, signed: SignedMint): Promise<NftsRefusal | undefined> {
    return this.say(key, preSignedCall(this.metadata, signed));
  }

  async wait(blocks: number): Promise<void> {
    for (let left = blocks; left > 0; left--) this.world.chain.newBlock();
    await catchUp(this.follower);
  }

  async proof(item: number, of = collection): Promise<readonly Uint8Array[]> {
    const { hash } = this.follower.view!.block;
    return this.world.source().storage(hash, slotKeys(of, item));
  }

  /** As a worker knows it. */
  async slot(item: number, of = collection): Promise<Slot> {
    return proveSlot(this.follower.view!.stateRoot, await this.proof(item, of), of, item);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world[Symbol.asyncDispose]();
  }
}
