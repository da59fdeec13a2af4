/** Puts the page together: the browser on one side, what it shows on the other. */
import { render } from "preact";
import raw from "virtual:built-in";
import { guestAccount, type Account } from "#client/account.ts";
import { join } from "#client/join.ts";
import { indexedDbKeyStore } from "#client/key-store.ts";
import { createRoom, listRooms, quickMatch } from "#client/lobby.ts";
import { indexedDbWitnessStore } from "#client/witness-store.ts";
import { App } from "./app.tsx";
import { readBuiltIn } from "#kit/built-in.ts";
import { contractName, PageState } from "./page-state.ts";
import { followAddress, openWindow, showLink } from "#kit/this-window.ts";
import { keepVouchersOf } from "#kit/vouchers.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { dot4 } from "#dot4/dot4.ts";

const here = await openWindow(location.href);
const { page, place, device, tickets } = here;

const accounts = new Map<number, Promise<Account>>();
const accountOf = (player: number): Promise<Account> => {
  const account = accounts.get(player) ?? guestAccount(indexedDbKeyStore(indexedDB, `device-${player}`));
  accounts.set(player, account);
  return account;
};

const witnesses = indexedDbWitnessStore();

const builtIn = readBuiltIn(raw);

const state = new PageState({
  ...here,
  builtIn,
  address: { page, go: showLink },
  accountOf,
  join: async (url, options) => {
    const room = await tickets.join({ ...options, witnesses }, (given) => join<typeof dot4>(url, given));
    // The page of items shows them, however far they have come.
    keepVouchersOf(room, device, bytesToHex(builtIn.world));
    return room;
  },
  quickMatch: (url) => quickMatch(url, { contract: contractName }),
  createRoom: (url) => createRoom(url, { contract: contractName, listed: false }),
});

const load = (signal: AbortSignal): ReturnType<typeof listRooms> =>
  place === undefined ? Promise.resolve([]) : listRooms(place, contractName, { signal });
followAddress((fragment) => void state.follow(fragment));
render(<App state={state} page={page} load={load} hub={tickets.from} />, document.querySelector("#app")!);
