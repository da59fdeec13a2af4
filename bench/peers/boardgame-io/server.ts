/** The process that runs boardgame.io: its server with socket.io and matches in memory, as it comes. */
import { answer } from "../../processes/child.ts";
import { freePort } from "../../processes/free-port.ts";
import { dot4Game } from "./game.ts";
import { serverLibrary, type GameServer } from "./library.ts";

let server: GameServer;

answer({
  async start() {
    const port = await freePort();
    server = serverLibrary().Server({ games: [dot4Game()], origins: [/^http:\/\/127\.0\.0\.1/] });
    await server.run({ port });
    return { url: `http://127.0.0.1:${port}` };
  },
  /** What every later draw of this match follows from. */
  async seed(match: string) {
    const { initialState } = await server.db.fetch(match, { initialState: true });
    return initialState.plugins.random.data.seed;
  },
});
