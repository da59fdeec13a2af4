/** `phatroom drain <worker>`: all its rooms go elsewhere, so that it can be stopped. */
import { defineCommand } from "citty";
import { summaries } from "../summaries.ts";
import { gatewayUrl, withOperator } from "./operator-arguments.ts";

export const drainCommand = defineCommand({
  meta: { name: "drain", description: summaries.drain },
  args: {
    worker: { type: "positional", description: "The worker's name, as the gateway knows it", required: true },
    url: gatewayUrl,
    undo: { type: "boolean", description: "Let it have rooms again", default: false },
  },
  run: ({ args }) =>
    withOperator(args.url, async (operator) => {
      if (args.undo) {
        await operator.undrain(args.worker);
        console.log(`${args.worker} may have rooms again`);
        return;
      }
      await operator.drain(args.worker, (rooms) => console.log(`${rooms} ${rooms === 1 ? "room" : "rooms"} left`));
      console.log(`${args.worker} has no rooms, and gets none`);
    }),
});
