/** What tells anything of a game. */
import type { WorkerMessage } from "#protocol/message.ts";

export const substance = (messages: readonly WorkerMessage[]): WorkerMessage[] =>
  messages.filter(
    (message) =>
      message.type === "witness" ||
      (message.type === "update" &&
        (message.patch !== undefined ||
          message.sent !== undefined ||
          message.awards !== undefined ||
          message.outcomes !== undefined ||
          (message.status?.ended ?? null) !== null)),
  );
