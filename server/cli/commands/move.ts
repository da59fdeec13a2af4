/** `phatroom move <room> <worker>`: a room goes on with another worker; its players follow by themselves. */
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";
import { gatewayUrl, withOperator } from "./operator-arguments.ts";

export const moveCommand = defineCommand({
  meta: { name: "move", description: summaries.move },
  args: {
    room: { type: "positional", description: "The room: 20 digits and letters from a to f", required: true },
    worker: { type: "positional", description: "The worker's name, as the gateway knows it", required: true },
    url: gatewayUrl,
  },
  run: ({ args }) =>
    withOperator(args.url, async (operator) => {
      await operator.move(args.room, args.worker);
      console.log(`${args.room} is with ${args.worker}`);
    }),
});
