/**
 * Which wallet each player of this world has linked. A player links one; another one takes its place only when both sign.
 *
 * Links are kept sealed, one chain for each player, under names that say nothing to whoever keeps them. The host may show
 * an older state, or none: the player's device brings the proof of its newest link, and the highest number stands.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, equalBytes, lengthPrefixed } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import type { PlayerId } from "#protocol/identity.ts";
import { noHead, StoreError, type ChainId, type Store } from "#protocol/store.ts";
import {
  proofBody,
  readProof,
  walletLength,
  walletStatement,
  wrapped,
  type LinkedMessage,
  type WalletMessage,
} from "#protocol/wallet.ts";
import { monotonic } from "../clocks.ts";
import { VaultError } from "../vault/errors.ts";
import { seal, unseal } from "../vault/seal.ts";
import { walletSigned } from "./wallet-signature.ts";

export interface WalletLinksSetup {
  /** 32 bytes. */
  readonly world: Uint8Array;
  /** 32 secret bytes. */
  readonly worldKey: Uint8Array;
  /** Undefined while nobody offers one; links live in this worker and on the players' devices then. */
  readonly store: () => Store | undefined;
  readonly random: (length: number) => Uint8Array;
  /** Monotonic, in ms; default: this machine's. */
  readonly now?: () => number;
}

interface Link {
  /** Of this player's links, from 1 on. */
  readonly number: number;
  /** 32 bytes. */
  readonly wallet: Uint8Array;
}

interface Known {
  link: Link | undefined;
  /** When a store was asked last, in ms; undefined while none was. */
  readAt: number | undefined;
  /** Records of the chain that were read or written, and the head of the last. */
  length: number;
  head: Uint8Array;
}

const nonceLength = 32;
const recordBytesMax = 4096;
/** So long what was read counts without another look: another worker may have linked another wallet since. */
const freshMs = 30_000;
/** Links that a player may have had: each takes a signature of two wallets, and a record. */
const linksMax = 1000;

/** Players of whom this worker remembers what it has read: those it was asked about last. */
const rememberedMax = 65_536;

export class WalletLinks {
  readonly #setup: WalletLinksSetup;
  readonly #rememberedMax: number;
  readonly #sealKey: Uint8Array;
  readonly #proofKey: Uint8Array;
  readonly #nameKey: Uint8Array;
  /** Who was asked about longest ago is first. What is forgotten is read again, or brought by the player's device. */
  readonly #known = new Map<PlayerId, Known>();
  /** What is being done for a player: one thing after another. */
  readonly #busy = new Map<PlayerId, Promise<unknown>>();
  readonly #listeners = new Set<(player: PlayerId) => void>();

  constructor(setup: WalletLinksSetup, remembered = rememberedMax) {
    this.#setup = setup;
    this.#rememberedMax = remembered;
    const derive = (purpose: string): Uint8Array =>
      hkdf(sha256, setup.worldKey, undefined, lengthPrefixed(`phatroom/1/wallet-${purpose}`), 32);
    this.#sealKey = derive("links");
    this.#proofKey = derive("proof");
    this.#nameKey = derive("name");
  }

  /** The account on chain that receives what this player earns; undefined if none is known here, or not yet. */
  recipientOf(player: PlayerId): Uint8Array | undefined {
    return this.#known.get(player)?.link?.wallet;
  }

  /** The same, read from the store if need be. @throws StoreError. */
  async findRecipient(player: PlayerId): Promise<Uint8Array | undefined> {
    return (await this.#inTurn(player, () => this.#read(player))).link?.wallet;
  }

  /** Calls `listener` whenever a player has linked a wallet. Returns how to stop. */
  listen(listener: (player: PlayerId) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Answers a player. Never rejects: what was refused is part of the answer.
   *
   * @param channel handshake hash of the channel on which it was said.
   */
  async answer(player: PlayerId, channel: Uint8Array, message: WalletMessage): Promise<LinkedMessage> {
    try {
      const link = await this.#inTurn(player, () =>
        message.ask === "which" ? this.#shown(player, message.proof) : this.#link(player, channel, message),
      );
      return this.#told(player, link);
    } catch (error) {
      const refused = codeOf(error);
      if (refused === undefined) throw error;
      return { ...this.#told(player, this.#known.get(player)?.link), refused };
    }
  }

  #told(player: PlayerId, link: Link | undefined): LinkedMessage {
    if (link === undefined) return { type: "linked", wallet: null, proof: null, refused: null };
    return { type: "linked", wallet: link.wallet, proof: this.#prove(player, link), refused: null };
  }

  async #link(
    player: PlayerId,
    channel: Uint8Array,
    { wallet, signed, consent }: Extract<WalletMessage, { ask: "link" }>,
  ): Promise<Link> {
    const known = await this.#read(player);
    const before = known.link?.wallet ?? null;
    if (before !== null && equalBytes(before, wallet)) return known.link!;
    const { world } = this.#setup;
    const statement = wrapped(walletStatement({ world, player, channel, wallet, before }));
    if (!walletSigned(wallet, signed, statement)) throw new ProtocolError("wallet-refused");
    // Whoever has taken a device has not taken the wallet.
    if (before !== null && (consent === undefined || !walletSigned(before, consent, statement))) {
      throw new ProtocolError("wallet-linked");
    }
    const link = { number: (known.link?.number ?? 0) + 1, wallet };
    if (link.number > linksMax) throw new ProtocolError("wallet-refused");
    await this.#keep(player, known, link);
    return link;
  }

  /** What a device remembers may be newer than what a host shows. */
  async #shown(player: PlayerId, proof: Uint8Array | undefined): Promise<Link | undefined> {
    const known = await this.#read(player);
    if (proof === undefined) return known.link;
    const { number, wallet, body, mac } = readProof(proof);
    if (!equalBytes(this.#mac(player, body), mac)) throw new ProtocolError("wallet-refused");
    if (number > (known.link?.number ?? 0)) await this.#keep(player, known, { number, wallet });
    return known.link;
  }

  async #keep(player: PlayerId, known: Known, link: Link): Promise<void> {
    const store = this.#setup.store();
    if (store !== undefined) {
      const record = this.#seal(player, known.length, link);
      const head = sha256(lengthPrefixed("phatroom/1/wallet-head", known.head, record));
      const [appended] = await store.append([{ chain: this.#chainOf(player), expected: known.head, head, record }]);
      if (appended?.answer !== "stored") {
        // Another worker has linked a wallet meanwhile: what is true now is read when it is asked for again.
        known.readAt = undefined;
        throw new StoreError("store-failed", "another worker was first");
      }
      known.head = head;
      known.length += 1;
    }
    known.link = link;
    for (const listener of this.#listeners) listener(player);
  }

  /**
   * What counts of this player: the newest link that this worker knows of, whatever a host shows.
   *
   * @throws StoreError; VaultError for what this world did not seal. Not where a store was read before.
   */
  async #read(player: PlayerId): Promise<Known> {
    const before = this.#known.get(player);
    const store = this.#setup.store();
    if (before !== undefined && (store === undefined || this.#isFresh(before))) return this.#remember(player, before);
    try {
      return await this.#readAgain(store, player, before);
    } catch (error) {
      if (before?.readAt === undefined || !(error instanceof StoreError || error instanceof VaultError)) throw error;
      return before;
    }
  }

  async #readAgain(store: Store | undefined, player: PlayerId, before: Known | undefined): Promise<Known> {
    const known = await this.#readFrom(store, player, before);
    const [ours, theirs] = [before?.link, known.link];
    const shown = theirs?.number ?? 0;
    if (ours !== undefined && ours.number >= shown) {
      // Linked while nobody offered a store; or the one that is offered has lost it.
      if (ours.number > shown) await this.#keep(player, known, ours);
      else known.link = ours;
    }
    this.#remember(player, known);
    if (before !== undefined && known.link !== ours) for (const listener of this.#listeners) listener(player);
    return known;
  }

  #remember(player: PlayerId, known: Known): Known {
    this.#known.delete(player);
    this.#known.set(player, known);
    if (this.#known.size > this.#rememberedMax) this.#known.delete(this.#known.keys().next().value!);
    return known;
  }

  #isFresh({ readAt }: Known): boolean {
    return readAt !== undefined && this.#now() - readAt < freshMs;
  }

  async #readFrom(store: Store | undefined, player: PlayerId, before: Known | undefined): Promise<Known> {
    const readAt = store === undefined ? undefined : this.#now();
    const nothing: Known = { link: undefined, readAt, length: 0, head: noHead };
    const chain = this.#chainOf(player);
    const state = await store?.state(chain);
    if (store === undefined || state === undefined || state.length === 0) return nothing;
    const { length, head } = state;
    const isKnown = before?.readAt !== undefined && before.length === length && equalBytes(before.head, head);
    if (isKnown) return { link: before.link, readAt, length, head };
    const index = length - 1;
    const [last] = await store.records(chain, index, recordBytesMax);
    if (last?.index !== index) throw new StoreError("store-damaged", "a chain without its last record");
    return { link: this.#unseal(player, index, last.record), readAt, length, head };
  }

  #now(): number {
    return (this.#setup.now ?? monotonic)();
  }

  #seal(player: PlayerId, index: number, { number, wallet }: Link): Uint8Array {
    const nonce = this.#setup.random(nonceLength);
    return concatBytes(
      nonce,
      seal(this.#recordKey(nonce), 0, this.#associated(player, index), proofBody(number, wallet)),
    );
  }

  #unseal(player: PlayerId, index: number, record: Uint8Array): Link {
    const nonce = record.subarray(0, nonceLength);
    const body = unseal(this.#recordKey(nonce), 0, this.#associated(player, index), record.subarray(nonceLength));
    if (body.length !== 4 + walletLength) throw new VaultError("not-ours", "no link");
    return { number: new DataView(body.buffer, body.byteOffset).getUint32(0, true), wallet: body.slice(4) };
  }

  /** Each record has a key of its own: two workers that seal the same number use none twice. */
  #recordKey(nonce: Uint8Array): Uint8Array {
    return hkdf(sha256, this.#sealKey, undefined, lengthPrefixed("phatroom/1/wallet-record", nonce), 32);
  }

  #associated(player: PlayerId, index: number): Uint8Array {
    return lengthPrefixed("phatroom/1/wallet-link", this.#setup.world, player, String(index));
  }

  #prove(player: PlayerId, { number, wallet }: Link): Uint8Array {
    const body = proofBody(number, wallet);
    return concatBytes(body, this.#mac(player, body));
  }

  #mac(player: PlayerId, body: Uint8Array): Uint8Array {
    return hmac(sha256, this.#proofKey, lengthPrefixed("phatroom/1/wallet-proof", this.#setup.world, player, body));
  }

  #chainOf(player: PlayerId): ChainId {
    const name = hmac(sha256, this.#nameKey, lengthPrefixed(this.#setup.world, player));
    return `wallet-${bytesToHex(name.subarray(0, 20))}` as ChainId;
  }

  #inTurn<T>(player: PlayerId, what: () => Promise<T>): Promise<T> {
    const turn = (this.#busy.get(player) ?? Promise.resolve()).then(what, what);
    this.#busy.set(player, turn);
    const over = (): void => {
      if (this.#busy.get(player) === turn) this.#busy.delete(player);
    };
    turn.then(over, over);
    return turn;
  }
}

function codeOf(
  error: unknown,
): "wallet-refused" | "wallet-linked" | "store-unavailable" | "store-damaged" | undefined {
  if (error instanceof VaultError) return "store-damaged";
  if (error instanceof StoreError) return error.code === "store-damaged" ? "store-damaged" : "store-unavailable";
  if (!(error instanceof ProtocolError)) return undefined;
  return error.code === "wallet-refused" || error.code === "wallet-linked" ? error.code : undefined;
}
