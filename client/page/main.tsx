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
import { browserLocks, claimSlot } from "#kit/device-player.ts";
import { drawerOf, Keepsakes } from "#kit/keepsakes.ts";
import { contractName, PageState } from "./page-state.ts";
import { Tickets } from "#kit/tickets.ts";
import { keepVouchersOf } from "#kit/vouchers.ts";
import { placeOf } from "#kit/wish.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { dot4 } from "#dot4/dot4.ts";

const page = location.href.split("#", 1)[0]!;
const place = placeOf(page);
const thisWindow = drawerOf(() => sessionStorage);
const device = drawerOf(() => localStorage);
const keepsakes = new Keepsakes(device, thisWindow);
/** Between this page and the hub whose gate leads here. */
const tickets = new Tickets(thisWindow);
const locks = browserLocks();
const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const slot = await claimSlot(locks, keepsakes, navigation?.type === "reload");

const accounts = new Map<number, Promise<Account>>();
const accountOf = (player: number): Promise<Account> => {
  const account = accounts.get(player) ?? guestAccount(indexedDbKeyStore(indexedDB, `device-${player}`));
  accounts.set(player, account);
  return account;
};

const witnesses = indexedDbWitnessStore();

const builtIn = readBuiltIn(raw);

const state = new PageState({
  builtIn,
  keepsakes,
  locks,
  slot,
  place,
  address: {
    page,
    go: (link) => {
      if (link !== location.href) history.pushState(null, "", link);
    },
  },
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

addEventListener("popstate", () => void state.follow(location.hash));
addEventListener("hashchange", () => void state.follow(location.hash));

const root = document.querySelector("#app")!;
const load = (signal: AbortSignal): ReturnType<typeof listRooms> =>
  place === undefined ? Promise.resolve([]) : listRooms(place, contractName, { signal });
if (location.hash !== "") void state.follow(location.hash);
render(<App state={state} page={page} load={load} hub={tickets.from} />, root);
