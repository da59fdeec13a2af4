/** Looks at a room's worker as somebody who joins would, and leaves before saying who asks. */
import { lineageId } from "#protocol/manifest.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import { asClientError, ClientError } from "./errors.ts";
import { greet } from "./handshake.ts";
import { defaultTimeouts, type JoinOptions } from "./join-options.ts";
import { Line } from "./line.ts";
import { isLoopback } from "./loopback.ts";
import { examine, type Shield } from "./shield.ts";

export interface Inspection {
  readonly shield: Shield;
  /** Why the worker is not believed; null if it is. */
  readonly refusal: ClientError | null;
}

type InspectOptions = Pick<JoinOptions, "room" | "world" | "contract" | "lineage" | "policy" | "transport">;

/**
 * Connects, has the worker prove what it runs, judges that, and hangs up. The room does not notice anybody.
 *
 * @throws ClientError if it did not come to a proof: "unreachable", "room-not-found", "handshake-failed" and the like.
 */
export function inspect(url: string, options: InspectOptions): Promise<Inspection> {
  return inspectIn(realEnvironment(), url, options);
}

/** `inspect` with another clock, randomness or cryptography than this machine's: for tests. */
export async function inspectIn(environment: Environment, url: string, options: InspectOptions): Promise<Inspection> {
  const { room, world, contract, lineage = lineageId(world, contract), policy } = options;
  const { open, answer } = defaultTimeouts;
  const transport = options.transport ?? (await import("./colyseus-transport.ts")).colyseusTransport(url);
  const line = await Line.open(transport, room, { environment, openMs: open, signal: undefined });
  try {
    const { presented } = await greet(line, { world, room, suite: environment.suite, answerMs: answer });
    const how = {
      policy,
      loopback: isLoopback(url),
      evaluations: environment.evaluations,
      now: environment.wallTime(),
      origin: environment.origin,
      verify: environment.verify,
    };
    const shield = await examine(presented, { room, world, contract, lineage }, how);
    return { shield, refusal: null };
  } catch (error) {
    const refusal = asClientError(error);
    if (refusal instanceof ClientError && refusal.shield !== undefined) return { shield: refusal.shield, refusal };
    throw refusal;
  } finally {
    line.close();
  }
}
