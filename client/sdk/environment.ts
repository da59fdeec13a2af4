/** Everything the client takes from the machine it runs on, in one place, so that tests can hand in their own. */
import type { Suite } from "#protocol/suite.ts";
import { browserSuite } from "./suite.ts";
import { deviceEvaluations, type Evaluations } from "./evaluations.ts";
import { type VerifyEvidence, verifyEvidence } from "./verify-evidence.ts";

export interface Environment {
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** Unix ms, by this device's clock. */
  readonly wallTime: () => number;
  /** Calls `work` once after so many ms. Returns how to prevent it. */
  readonly after: (ms: number, work: () => void) => () => void;
  /** Unpredictable bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** 0 up to but not including 1; for jitter, not for secrets. */
  readonly jitter: () => number;
  readonly suite: Suite;
  readonly verify: VerifyEvidence;
  /** What this device remembers of vendors' judgements. */
  readonly evaluations: Evaluations;
  /** Where this page came from; null outside of browsers. */
  readonly origin: string | null;
}

/** One for the whole process, so that one room knows what another has seen. */
const evaluations = (): Evaluations => (remembered ??= deviceEvaluations());
let remembered: Evaluations | undefined;

export const realEnvironment = (): Environment => ({
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  jitter: () => Math.random(),
  suite: browserSuite(),
  verify: verifyEvidence,
  evaluations: evaluations(),
  origin: (globalThis.location as Location | undefined)?.origin ?? null,
});
