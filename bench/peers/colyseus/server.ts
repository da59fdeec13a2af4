/** The process that runs plain Colyseus: one port, rooms of Dot4, nothing else. */
import { createServer } from "node:http";
import { defineRoom, defineServer } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { answer } from "../../processes/child.ts";
import { freePort } from "../../processes/free-port.ts";
import { Dot4Room } from "./dot4-room.ts";

answer({
  async start() {
    const port = await freePort();
    const server = defineServer({
      rooms: { dot4: defineRoom(Dot4Room) },
      transport: new WebSocketTransport({ server: createServer() }),
      greet: false,
    });
    await server.listen(port, "127.0.0.1");
    return { url: `http://127.0.0.1:${port}` };
  },
});
