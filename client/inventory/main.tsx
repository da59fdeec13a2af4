/** Puts the page together: the chain on one side, wallets on the other. */
import { render } from "preact";
import raw from "virtual:built-in";
import { guestAccount } from "#client/account.ts";
import { join } from "#client/join.ts";
import { indexedDbKeyStore } from "#client/key-store.ts";
import { createRoom } from "#client/lobby.ts";
import type { Room } from "#client/room.ts";
import { indexedDbWitnessStore } from "#client/witness-store.ts";
import { readBuiltIn } from "#kit/built-in.ts";
import { drawerOf } from "#kit/keepsakes.ts";
import { keepVouchersOf, readVouchers } from "#kit/vouchers.ts";
import { placeOf } from "#kit/wish.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import { App } from "./app.tsx";
import { Following } from "./chain/following.ts";
import { HttpChain } from "./chain/http-chain.ts";
import { Shelf } from "./chain/shelf.ts";
import { readChainTerms } from "./chain/terms.ts";
import { InventoryState } from "./inventory-state.ts";

const root = document.querySelector("#app")!;
const place = placeOf(location.href);
const terms = readChainTerms(raw);
const drawer = drawerOf(() => localStorage);
const accountKey = "phatroom:inventory:address";
/** So long a room is listened to. */
const heardMs = 5000;

if (terms === undefined || place === undefined) {
  render(
    <main class="nothing glass">
      <h1>No items here</h1>
      <p>This world follows no chain: what is earned in its rooms stays with them.</p>
      <a class="button" href="../">
        To the front page
      </a>
    </main>,
    root,
  );
} else {
  const builtIn = readBuiltIn(raw);
  const chain = new HttpChain(place);
  const following = new Following(terms, chain);
  const [contract] = Object.entries(builtIn.contracts);
  const state = new InventoryState({
    terms,
    chain,
    following,
    injected: () => (window as { readonly injectedWeb3?: unknown }).injectedWeb3,
    link:
      contract === undefined
        ? undefined
        : (wallet, before) => visit(contract, (room) => room.linkWallet(wallet, before)),
    shelf: terms.nfts && new Shelf(terms.nfts, chain),
    vouchers: () => readVouchers(drawer, bytesToHex(builtIn.world)),
    renew: contract === undefined ? undefined : () => visit(contract, heard),
    keep: {
      read: () => drawer.getItem(accountKey),
      write: (address) => (address === null ? drawer.removeItem(accountKey) : drawer.setItem(accountKey, address)),
    },
  });
  render(<App state={state} />, root);
  void following.run();

  /** Any room will do: wallets and vouchers are the player's, not the room's. A new one disturbs nobody. */
  async function visit(
    [name, hash]: readonly [string, Uint8Array],
    there: (room: Room) => Promise<unknown>,
  ): Promise<void> {
    const account = await guestAccount(indexedDbKeyStore(indexedDB, "device-0"));
    const room = await createRoom(place!, { contract: name, listed: false });
    const { world, policy } = builtIn;
    const joined = await join(place!, {
      room,
      world,
      contract: hash,
      policy,
      account,
      witnesses: indexedDbWitnessStore(),
    });
    const stop = keepVouchersOf(joined, drawer, bytesToHex(world));
    try {
      await there(joined);
    } finally {
      stop();
      await joined.leave();
    }
  }

  /** What a room knows of vouchers it says at once; what it has still to read, in a moment. */
  async function heard(room: Room): Promise<void> {
    const first = new Promise<void>((resolve) => {
      const stop = room.on("voucher", () => {
        stop();
        resolve();
      });
    });
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, heardMs))]);
  }
}
