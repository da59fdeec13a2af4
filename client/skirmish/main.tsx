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
import { browserLocks, claimSlot } from "#kit/device-player.ts";
import { drawerOf, Keepsakes } from "#kit/keepsakes.ts";
import { placeOf } from "#kit/wish.ts";
import { App } from "./app.tsx";
import { networkOf } from "./network.ts";
import { contractName, fullestOf, PageState } from "./page-state.ts";

const page = location.href.split("#", 1)[0]!;
const place = placeOf(page);
const keepsakes = new Keepsakes(
  drawerOf(() => localStorage),
  drawerOf(() => sessionStorage),
);
const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const slot = await claimSlot(browserLocks(), keepsakes, navigation?.type === "reload");
const account = guestAccount(indexedDbKeyStore(indexedDB, `device-${slot}`));
const witnesses = indexedDbWitnessStore();
const builtIn = readBuiltIn(raw);
const network = networkOf(page, builtIn.policy);

const state = new PageState({
  builtIn,
  keepsakes,
  slot,
  place,
  address: {
    page,
    go: (link) => {
      if (link !== location.href) history.pushState(null, "", link);
    },
  },
  entrance: (name) => ({
    figures: new URL(page).searchParams.has("figures"),
    predictor: async () => {
      const bytes = builtIn.predictors[contractName];
      return bytes === undefined ? undefined : loadPredictor(bytes);
    },
    join: async ({ room, want, invite, lock }, given) =>
      join<Skirmish>(place!, {
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
      }),
  }),
  // A room that plays already is no match to the gateway; to an arena one comes at any time.
  findArena: async (url) =>
    fullestOf(await listRooms(url, contractName)) ?? (await quickMatch(url, { contract: contractName })),
  createRoom: (url) => createRoom(url, { contract: contractName, listed: false }),
});

addEventListener("popstate", () => void state.follow(location.hash));
addEventListener("hashchange", () => void state.follow(location.hash));

const load = (signal: AbortSignal): ReturnType<typeof listRooms> =>
  place === undefined ? Promise.resolve([]) : listRooms(place, contractName, { signal });
if (location.hash !== "") void state.follow(location.hash);
render(<App state={state} page={page} load={load} />, document.querySelector("#app")!);
