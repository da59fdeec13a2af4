/** A place with two workers, each a process of its own, and an operator who moves a room between them. */
import type { Operator } from "../../server/cli/operator.ts";
import { answer } from "../processes/child.ts";
import { startOperated } from "../ours/operated-place.ts";

let operator: Operator | undefined;

answer({
  async start({ folder, contracts }: { readonly folder: string; readonly contracts: string }) {
    const gateway = { store: { kind: "sqlite", directory: `${folder}/store` } } as const;
    const place = await startOperated(2, { contracts, directory: `${folder}/platform`, workers: 2, gateway });
    operator = place.operator;
    return { url: place.url };
  },
  /** Moves the room to the worker that does not have it. Returns how long the operator waited, in ms. */
  async move({ room }: { readonly room: string }) {
    const to = (await operator!.whereIs(room)) === "worker-1" ? "worker-2" : "worker-1";
    const from = performance.now();
    await operator!.move(room, to);
    return performance.now() - from;
  },
});
