/** Puts the page together: the browser on one side, what it shows on the other. */
import { render } from "preact";
import raw from "virtual:built-in";
import { guestAccount } from "#client/account.ts";
import { loadPredictor } from "#client/input/predictor.ts";
import { join } from "#client/join.ts";
import { indexedDbKeyStore } from "#client/key-store.ts";
import { createRoom, listRooms, quickMatch } from "#client/lobby.ts";
import { indexedDbWitnessStore } from "#client/witness-store.ts";
import { Fighter, Find, Gear, Ground, Push, Shot } from "#skirmish/components.ts";
import type { Skirmish } from "#skirmish/terms.ts";
import { withTypedRoot } from "#kit/advice.ts";
import { readBuiltIn } from "#kit/built-in.ts";
import { fullestOf } from "#kit/fullest.ts";
import { followAddress, openWindow, showLink } from "#kit/this-window.ts";
import { App } from "./app.tsx";
import { networkOf } from "./network.ts";
import { contractName, PageState } from "./page-state.ts";

const here = await openWindow(location.href);
const { page, place, keepsakes, tickets, slot } = here;
const account = guestAccount(indexedDbKeyStore(indexedDB, `device-${slot}`));
const witnesses = indexedDbWitnessStore();
const builtIn = readBuiltIn(raw);
const network = networkOf(page, builtIn.policy);

const state = new PageState({
  ...here,
  builtIn,
  address: { page, go: showLink },
  entrance: (name) => ({
    figures: new URL(page).searchParams.has("figures"),
    predictor: async () => {
      const bytes = builtIn.predictors[contractName];
      return bytes === undefined ? undefined : loadPredictor(bytes);
    },
    join: async ({ room, want, invite, lock }, given) => {
      const options = {
        ...given,
        room,
        want,
        world: builtIn.world,
        contract: builtIn.contracts[contractName]!,
        policy: withTypedRoot(builtIn.policy, keepsakes.fingerprint()),
        account: await account,
        name: name(),
        components: { Fighter, Find, Gear, Ground, Push, Shot },
        witnesses,
        ...(invite === undefined ? {} : { invite }),
        ...(lock === undefined ? {} : { lock }),
        ...(network === undefined ? {} : { network }),
      };
      return tickets.join(options, (shown) => join<Skirmish>(place!, shown));
    },
  }),
  // A room that plays already is no match to the gateway; to an arena one comes at any time.
  findArena: async (url) =>
    fullestOf(await listRooms(url, contractName)) ?? (await quickMatch(url, { contract: contractName })),
  createRoom: (url) => createRoom(url, { contract: contractName, listed: false }),
});

const load = (signal: AbortSignal): ReturnType<typeof listRooms> =>
  place === undefined ? Promise.resolve([]) : listRooms(place, contractName, { signal });
followAddress((fragment) => void state.follow(fragment));
render(<App state={state} page={page} load={load} hub={tickets.from} />, document.querySelector("#app")!);
