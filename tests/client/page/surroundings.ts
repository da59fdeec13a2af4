/** A browser, a place and rooms that exist in memory only. */
import { developmentPolicy } from "#attestation/policy.ts";
import { ClientError } from "#client/errors.ts";
import type { JoinOptions } from "#client/join-options.ts";
import type { Account } from "#client/account.ts";
import type { RoomId } from "#protocol/identity.ts";
import type { Dot4Room } from "../../../client/page/visit.ts";
import type { Locks } from "#kit/device-player.ts";
import { Keepsakes, type Drawer } from "#kit/keepsakes.ts";
import { PageState, type Surroundings } from "../../../client/page/page-state.ts";
import { viewWith } from "./views.ts";

export const room = "3fa2c01d9e8b7a654321" as RoomId;

function drawer(): Drawer {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

/** One browser: its windows share the locks and the device's drawer. */
export class Browser {
  readonly device = drawer();
  readonly #held = new Set<string>();

  openWindow(): { readonly locks: Locks; readonly keepsakes: Keepsakes; readonly close: () => void } {
    const own = new Set<string>();
    return {
      locks: {
        take: (name) => {
          if (this.#held.has(name)) return Promise.resolve(false);
          this.#held.add(name);
          own.add(name);
          return Promise.resolve(true);
        },
        isFree: (name) => Promise.resolve(!this.#held.has(name)),
      },
      keepsakes: new Keepsakes(this.device, drawer()),
      close: () => {
        for (const name of own) this.#held.delete(name);
      },
    };
  }
}

type Listener = (...values: readonly unknown[]) => void;

/** A room whose events a test causes. */
export function fakeRoom(
  parts: Partial<Dot4Room> = {},
): Dot4Room & { readonly emit: (name: string, ...values: unknown[]) => void } {
  const listeners = new Map<string, Listener[]>();
  const base: Omit<Dot4Room, "on" | "select"> = {
    room,
    view: viewWith(),
    entities: () => {
      throw new TypeError("a board has no rows");
    },
    input: () => {
      throw new TypeError("a board takes moves");
    },
    figures: {
      roundTripMs: undefined,
      received: { messages: 0, bytes: 0 },
      sent: { messages: 0, bytes: 0 },
      drawnBehindMs: undefined,
    },
    seat: 0,
    player: "a",
    roster: [{ seat: 0, player: "a", name: "Nova", present: true }],
    status: { phase: "playing", waiting: [], spectators: 0, ended: null },
    locked: false,
    presence: "all",
    hz: 50,
    tick: 1000,
    tickNow: () => 1000,
    revealed: null,
    vouchers: [],
    connection: "joined",
    shield: { accepted: true } as Dot4Room["shield"],
    closed: null,
    pending: [],
    move: () => Promise.resolve({ accepted: true }),
    wallet: () => Promise.resolve(null),
    linkWallet: ({ account }) => Promise.resolve(account),
    leave: () => Promise.resolve(),
    close: () => undefined,
    retryNow: () => undefined,
  };
  return {
    ...base,
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener as Listener]);
      return () => undefined;
    },
    select: () => () => undefined,
    ...parts,
    emit: (name, ...values) => listeners.get(name)?.forEach((listener) => listener(...values)),
  };
}

export interface Page {
  readonly state: PageState;
  /** What `join` was asked, in order. */
  readonly joins: JoinOptions[];
  /** Of the account that joined, in order. */
  readonly players: number[];
  /** What the address bar showed, in order. */
  readonly links: string[];
}

interface PageParts {
  readonly window: ReturnType<Browser["openWindow"]>;
  readonly slot: number;
  readonly join?: Surroundings["join"];
  readonly quickMatch?: Surroundings["quickMatch"];
}

export function openPage({ window, slot, join, quickMatch }: PageParts): Page {
  const joins: JoinOptions[] = [];
  const players: number[] = [];
  const links: string[] = [];
  const state = new PageState({
    builtIn: {
      world: new Uint8Array(32),
      contracts: { dot4: new Uint8Array(32).fill(1) },
      predictors: {},
      lineages: {},
      policy: developmentPolicy,
    },
    keepsakes: window.keepsakes,
    locks: window.locks,
    slot,
    place: "https://play.example.org/",
    address: { page: "https://play.example.org/", go: (link) => void links.push(link) },
    accountOf: (player) => {
      players.push(player);
      return Promise.resolve({ key: new Uint8Array(32).fill(player) } as Account);
    },
    join: (url, options) => {
      joins.push(options);
      return join === undefined ? Promise.resolve(fakeRoom()) : join(url, options);
    },
    quickMatch: quickMatch ?? (() => Promise.resolve(room)),
    createRoom: () => Promise.resolve(room),
  });
  return { state, joins, players, links };
}

export const refusing = (code: ConstructorParameters<typeof ClientError>[0]) => (): Promise<never> =>
  Promise.reject(new ClientError(code, { source: "gateway" }));
