/**
 * What workers say to each other about themselves, through gateways that both distrust: evidence, made for one listener.
 *
 * A worker lets go of a room only for one that runs what it runs itself, on a platform of the same root. That is no lock:
 * every worker to which the key authority gives the lineage's key can open the room, and would have to, should both of
 * these fail. It keeps a room from going where its players would not follow.
 */
import { appraise } from "#attestation/appraise.ts";
import { decodeEvidence, rootOf } from "#attestation/evidence.ts";
import { AttestationError } from "#attestation/errors.ts";
import { type Policy, vendorOf } from "#attestation/policy.ts";
import type { Verified, VerifiedSgx, VerifiedTdx } from "#attestation/verified.ts";
import { verify } from "#attestation/verify.ts";
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { introductionData, type Introduction } from "#protocol/moving.ts";
import { intelPrimitives } from "../platform/intel-primitives.ts";
import type { Platform } from "../platform/platform.ts";

export interface PeersSetup {
  readonly platform: Platform;
  /** 32 bytes, drawn when this worker started. */
  readonly instance: Uint8Array;
  /**
   * Unix seconds, by the host's clock: a host that turns it back can pass off statements that have ended. Players look at
   * the same evidence by their own clocks before they say a word.
   */
  readonly wallTime: () => number;
}

export class Peers {
  readonly #setup: PeersSetup;
  #own: Promise<Verified> | undefined;

  constructor(setup: PeersSetup) {
    this.#setup = setup;
  }

  get instance(): Uint8Array {
    return this.#setup.instance;
  }

  /** @throws PlatformError "platform-unavailable". */
  async introduce(to: Uint8Array): Promise<Introduction> {
    const { platform, instance } = this.#setup;
    return { instance, evidence: await platform.quote(introductionData(to, instance)) };
  }

  /** @throws ProtocolError "worker-refused" unless it is another worker that runs the same, and says so to this one. */
  async check({ instance, evidence }: Introduction): Promise<void> {
    const { instance: own, wallTime } = this.#setup;
    if (equalBytes(instance, own)) throw refused("ourselves");
    try {
      this.#own ??= this.#introspect();
      const [ours, theirs] = await Promise.all([this.#own, this.#verify(evidence)]);
      if (!equalBytes(theirs.reportData, introductionData(own, instance))) throw refused("said to somebody else");
      if (theirs.root.fingerprint !== ours.root.fingerprint) throw refused("another root");
      const { accepted, refusal } = appraise(theirs, policyLike(ours), { now: wallTime(), loopback: false });
      if (!accepted) throw refused(refusal ?? "not accepted");
    } catch (error) {
      this.#own = undefined;
      throw error instanceof AttestationError ? refused(error.code) : error;
    }
  }

  async #introspect(): Promise<Verified> {
    return this.#verify((await this.introduce(this.instance)).evidence);
  }

  #verify(bytes: Uint8Array): Promise<Verified> {
    const evidence = decodeEvidence(bytes);
    // Which root it hangs from is compared with our own afterwards.
    return verify(evidence, {
      roots: [rootOf(evidence)],
      now: Math.floor(this.#setup.wallTime()),
      primitives: intelPrimitives,
    });
  }
}

const refused = (detail: string): ProtocolError => new ProtocolError("worker-refused", detail);

/** Accepts what is like this. @throws ProtocolError "worker-refused" for evidence of a kind that no platform here makes. */
function policyLike(own: Verified): Policy {
  if (own.kind !== "tdx" && own.kind !== "sgx") throw refused(own.kind);
  const { fingerprint } = own.root;
  const vendor = vendorOf(fingerprint);
  const { status, advisories } = own.tcb;
  const statuses = (["UpToDate", "SWHardeningNeeded", "ConfigurationNeeded"] as const).filter(
    (each) => each === "UpToDate" || each === status,
  );
  return {
    version: 2,
    vendors: vendor === undefined ? [] : [vendor],
    development: vendor === undefined ? { fingerprints: [fingerprint] } : "refused",
    tcb: { statuses, advisories, evaluationMin: 1 },
    ...(own.kind === "tdx" ? { tdx: tdxLike(own) } : { sgx: sgxLike(own) }),
  };
}

/** With dstack the last register also measures which machine it is: what runs there is compared by the log behind it. */
function tdxLike({ measurements, dstack }: VerifiedTdx): NonNullable<Policy["tdx"]> {
  const { mrtd, rtmr0, rtmr1, rtmr2, rtmr3 } = measurements;
  const loaded = { mrtd: [mrtd], rtmr0: [rtmr0], rtmr1: [rtmr1], rtmr2: [rtmr2] };
  if (dstack === undefined) return { ...loaded, rtmr3: [rtmr3] };
  const { composeHash, keyProvider, appId } = dstack;
  return { ...loaded, dstack: { composeHashes: [composeHash], keyProviders: [keyProvider], appIds: [appId] } };
}

const sgxLike = ({ enclave }: VerifiedSgx): NonNullable<Policy["sgx"]> => ({ mrenclave: [enclave.mrenclave] });
