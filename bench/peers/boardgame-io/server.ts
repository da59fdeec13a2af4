/** The process that runs boardgame.io: its server with socket.io and matches in memory, as it comes. */
import { answer } from "../../processes/child.ts";
import { freePort } from "../../processes/free-port.ts";
import { dot4Game } from "./game.ts";
import { serverLibrary, type GameServer } from "./library.ts";

let server: GameServer;

const everythingOf = (match: string): ReturnType<GameServer["db"]["fetch"]> =>
  server.db.fetch(match, { state: true, log: true, initialState: true, metadata: true });

answer({
  async start() {
    const port = await freePort();
    server = serverLibrary().Server({ games: [dot4Game()], origins: [/^http:\/\/127\.0\.0\.1/] });
    await server.run({ port });
    return { url: `http://127.0.0.1:${port}` };
  },
  everything: async (match: string) => JSON.stringify(await everythingOf(match)),
  /** What every later draw of this match follows from. */
  seed: async (match: string) => (await everythingOf(match)).initialState.plugins.random.data.seed,
});
