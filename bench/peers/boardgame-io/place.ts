/** Players on boardgame.io, by its own client and its lobby. */
import type { Board, Cell, Move, View } from "../../../contracts/dot4/dot4.ts";
import type { Place, Player, Progress } from "../../bots/player.ts";
import { dot4Game } from "./game.ts";
import { library, type GameClient } from "./library.ts";

/** @param url of the server; `http:`. */
export function boardgameIoPlace(url: string): Place {
  const { Client, SocketIO } = library();
  const game = dot4Game();

  const enter = (
    match: string,
    seat?: { readonly playerID: string; readonly credentials: string },
  ): Promise<Player> => {
    const client = Client<View>({
      game,
      // A browser of today has WebSockets; without this, it would begin with polling.
      multiplayer: SocketIO({ server: url, socketOpts: { transports: ["websocket"], forceNew: true } }),
      matchID: match,
      numPlayers: 2,
      debug: false,
      ...seat,
    });
    return new Promise((resolve) => {
      const stop = client.subscribe((state) => {
        if (state === null) return;
        queueMicrotask(() => stop());
        resolve(new BoardgameIoPlayer(client, seat === undefined ? null : Number(seat.playerID)));
      });
      client.start();
    });
  };

  const sit = async (match: string, playerID: string, playerName: string): Promise<Player> => {
    const { playerCredentials } = await post(`${match}/join`, { playerID, playerName });
    return enter(match, { playerID, credentials: playerCredentials! });
  };

  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`${url}/games/dot4/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`boardgame.io answered ${response.status} to ${path}`);
    return (await response.json()) as Record<string, string>;
  };

  return {
    async open(name) {
      const { matchID } = await post("create", { numPlayers: 2 });
      return { room: matchID!, player: await sit(matchID!, "0", name) };
    },
    join: (room, name, want = "play") => (want === "watch" ? enter(room) : sit(room, "1", name)),
  };
}

class BoardgameIoPlayer implements Player {
  readonly seat: number | null;
  readonly #client: GameClient<View>;

  constructor(client: GameClient<View>, seat: number | null) {
    this.#client = client;
    this.seat = seat;
  }

  get #view(): View {
    return this.#client.getState()!.G;
  }

  get progress(): Progress {
    return this.#view;
  }

  get board(): Board {
    return this.#view.board;
  }

  get bombs(): readonly Cell[] {
    return this.#view.bombs;
  }

  onProgress(listener: () => void): void {
    this.#client.subscribe(() => listener());
  }

  move({ kind, ...fields }: Move): void {
    this.#client.moves[kind]?.(fields);
  }

  close(): void {
    this.#client.stop();
  }
}
