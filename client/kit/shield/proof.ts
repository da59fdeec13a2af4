/** What the shield shows of a visit to a room: what is proven about it, and with what the page compares that. */
import type { ClientError } from "#client/errors.ts";
import type { Shield } from "#client/shield.ts";
import { bytesToHex } from "#protocol/bytes.ts";
import type { Status } from "#protocol/message.ts";
import { isAboutProof } from "../advice.ts";
import { isDevelopment, type BuiltIn } from "../built-in.ts";
import type { PageFacts } from "./panel.tsx";
import type { Proof } from "./report.ts";

/** A visit, as far as its proof goes. */
export interface Visited {
  /** Why there is no connection any more, or never was one. */
  readonly failure: ClientError | null;
  readonly shield: Shield | null;
  readonly status: Status;
  /** Null before it was joined. */
  readonly presence: "all" | "any" | null;
  /** Steps of getting in, then how things are. */
  readonly step: string;
}

/** @param visited null while no room is visited. */
export function proofOf(visited: Visited | null, { policy }: Pick<BuiltIn, "policy">): Proof {
  const code = visited?.failure?.code;
  return {
    shield: visited?.shield ?? null,
    failure: code !== undefined && isAboutProof(code) ? code : null,
    checking: visited !== null && ["reaching", "checking"].includes(visited.step),
    developmentPage: isDevelopment(policy),
    frozen: code === undefined ? (visited?.status.frozen ?? null) : null,
    rolledBack: code === "rolled-back",
    presence: visited?.presence ?? null,
  };
}

/** @param contract name of the rules that this page plays by. */
export function factsOf({ world, contracts }: BuiltIn, contract: string, place: string | undefined): PageFacts {
  const hash = contracts[contract];
  return {
    origin: location.origin,
    place: place ?? "nowhere",
    world: bytesToHex(world),
    contract: hash === undefined ? "none" : bytesToHex(hash),
  };
}
