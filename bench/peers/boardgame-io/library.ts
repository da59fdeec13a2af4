/**
 * As much of boardgame.io 0.50 as is used here. It is CommonJS without an export map, is there only after the benches'
 * own installation, and so cannot be imported by name; these types are what its documentation says.
 */
import { createRequire } from "node:module";

export interface RandomApi {
  /** 1 to `faces`. */
  Die(faces: number): number;
  /** 0 up to but not including 1. */
  Number(): number;
  Shuffle<T>(items: readonly T[]): T[];
}

export interface Move<G> {
  readonly move: (api: { G: G; playerID: string; random: RandomApi }, ...args: never[]) => unknown;
  /** Whether a client may apply it before the server has. */
  readonly client?: boolean;
  /** Whether the log that others get keeps its arguments from them. */
  readonly redact?: boolean;
  readonly undoable?: boolean;
  readonly ignoreStaleStateID?: boolean;
}

export interface Game<G> {
  readonly name: string;
  readonly minPlayers: number;
  readonly maxPlayers: number;
  readonly setup: (api: { random: RandomApi }) => G;
  /** What a client of this player gets as G; of a spectator for null. */
  readonly playerView: (api: { G: G; playerID: string | null }) => unknown;
  readonly moves: Readonly<Record<string, Move<G>>>;
  readonly turn: { readonly activePlayers: unknown };
  readonly endIf: (api: { G: G }) => unknown;
  readonly disableUndo: boolean;
  /** Whether updates are patches instead of whole states. */
  readonly deltaState: boolean;
}

/** What a client is shown; null before the server has answered. */
export type ClientState<View> = { readonly G: View } | null;

export interface GameClient<View> {
  readonly moves: Readonly<Record<string, (...args: unknown[]) => void>>;
  start(): void;
  stop(): void;
  getState(): ClientState<View>;
  subscribe(listener: (state: ClientState<View>) => void): () => void;
}

interface ClientOptions {
  readonly game: unknown;
  readonly multiplayer: unknown;
  readonly matchID: string;
  readonly playerID?: string;
  readonly credentials?: string;
  readonly numPlayers: number;
  readonly debug: false;
}

interface Library {
  readonly Client: <View>(options: ClientOptions) => GameClient<View>;
  readonly SocketIO: (options: { server: string; socketOpts: object }) => unknown;
  readonly ActivePlayers: { readonly ALL: unknown };
  readonly INVALID_MOVE: string;
}

interface Match {
  readonly initialState: { readonly plugins: { readonly random: { readonly data: { readonly seed: string } } } };
}

export interface GameServer {
  readonly db: { fetch(match: string, what: { readonly initialState: true }): Match | Promise<Match> };
  run(config: { port: number }): Promise<unknown>;
}

interface ServerLibrary {
  readonly Server: (options: { games: readonly unknown[]; origins: readonly unknown[] }) => GameServer;
}

const load = createRequire(import.meta.url) as (name: string) => unknown;

export const library = (): Library => ({
  ...(load("boardgame.io/client") as Pick<Library, "Client">),
  ...(load("boardgame.io/multiplayer") as Pick<Library, "SocketIO">),
  ...(load("boardgame.io/core") as Pick<Library, "ActivePlayers" | "INVALID_MOVE">),
});

export const serverLibrary = (): ServerLibrary => load("boardgame.io/server") as ServerLibrary;
