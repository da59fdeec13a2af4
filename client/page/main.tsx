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
import { placeOf } from "#kit/wish.ts";

const page = location.href.split("#", 1)[0]!;
const place = placeOf(page);
const thisWindow = drawerOf(() => sessionStorage);
const keepsakes = new Keepsakes(
  drawerOf(() => localStorage),
  thisWindow,
);
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

const state = new PageState({
  builtIn: readBuiltIn(raw),
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
  join: (url, options) => tickets.join({ ...options, witnesses }, (given) => join(url, given)),
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
