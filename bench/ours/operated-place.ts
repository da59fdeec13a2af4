/** A place with an operator, who sees its workers and moves rooms. */
import { Operator } from "../../server/cli/operator.ts";
import { startPlace, type PlaceOptions } from "../../server/cli/place.ts";
import { noLimits } from "./limits.ts";
import { world } from "./world.ts";

const password = "for the length of one bench";

interface OperatedPlace {
  readonly url: string;
  readonly operator: Operator;
}

/** Resolves when so many workers, or threads of them, are there. */
export async function startOperated(
  workers: number,
  { gateway, ...options }: Omit<PlaceOptions, "world" | "output">,
): Promise<OperatedPlace> {
  const { url } = await startPlace({
    ...options,
    world,
    output: () => undefined,
    gateway: { ...gateway, operatorPassword: password, limits: noLimits },
  });
  const operator = new Operator(url, password);
  const there = async (): Promise<number> => (await operator.workers()).filter(({ ready }) => ready).length;
  while ((await there()) < workers) await new Promise((go) => setTimeout(go, 50));
  return { url, operator };
}
