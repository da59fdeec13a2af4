/** The process that runs plain Colyseus: one port, fields, nothing else. */
import { createServer } from "node:http";
import { defineRoom, defineServer } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { Encoder } from "@colyseus/schema";
import { answer } from "../../processes/child.ts";
import { freePort } from "../../processes/free-port.ts";
import { profiling } from "../profiling.ts";
import { FieldRoom, ticks } from "./field-room.ts";

answer({
  ...profiling,
  async start({ side }: { readonly side: number }) {
    // What its documentation says to do for large states.
    Encoder.BUFFER_SIZE = 1024 * 1024;
    const port = await freePort();
    const server = defineServer({
      rooms: { field: defineRoom(FieldRoom, { side }) },
      transport: new WebSocketTransport({ server: createServer() }),
      greet: false,
    });
    await server.listen(port, "127.0.0.1");
    return { url: `http://127.0.0.1:${port}` };
  },
  /** Of the ticks since this was last asked, in ms. */
  ticks: () => ticks.splice(0),
});
