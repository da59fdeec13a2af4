/**
 * A trust domain of Intel TDX, started by dstack. Quotes and keys come from the guest agent beside us; the vendor's
 * statements come from outside, by way of a gateway, and are verified here before they are presented to anybody.
 */
import { collateralFromAnswers } from "#attestation/pcs-answers.ts";
import { AttestationError } from "#attestation/errors.ts";
import { type Collateral, type DstackEvidence, encodeEvidence, type TdxEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { equalBytes, utf8ToBytes } from "#protocol/bytes.ts";
import type { CollateralSource } from "../../collateral-desk.ts";
import { intelPrimitives } from "../intel-primitives.ts";
import { type Platform, PlatformError, type PlatformInfo } from "../platform.ts";
import { CollateralCache } from "./collateral-cache.ts";
import { trimEventLog } from "./event-log.ts";
import type { GuestAgent } from "./guest-agent.ts";
import { type Machine, readMachine } from "./machine.ts";

export interface DstackSetup {
  readonly agent: GuestAgent;
  readonly collateral: CollateralSource;
  /** Monotonic, in ms. */
  readonly now: () => number;
  /** Unix seconds, by the machine's clock, which its host sets: a wrong one keeps us from presenting good statements. */
  readonly wallTime: () => number;
}

const labels = {
  hardware:
    "Intel TDX, through dstack: the host cannot look in. Somebody with the machine on a laboratory bench still can.",
  development:
    "dstack without hardware, for development only: it protects nothing. Whoever runs this machine can read every room.",
} as const;

/**
 * Asks the agent for a quote at once, so that a machine that cannot prove what it runs does not start.
 *
 * @throws PlatformError "platform-unavailable".
 */
export async function dstackPlatform(setup: DstackSetup): Promise<Platform> {
  const appCompose = utf8ToBytes(await setup.agent.appCompose());
  return new DstackPlatform(setup, appCompose, await probe(setup.agent));
}

async function probe(agent: GuestAgent): Promise<Machine> {
  const { quote } = await agent.quote(crypto.getRandomValues(new Uint8Array(64)));
  return guarded("the agent's quote", () => Promise.resolve(readMachine(quote)));
}

class DstackPlatform implements Platform {
  readonly #setup: DstackSetup;
  readonly #appCompose: Uint8Array;
  readonly #machine: Machine;
  readonly #cache: CollateralCache;

  constructor(setup: DstackSetup, appCompose: Uint8Array, machine: Machine) {
    this.#setup = setup;
    this.#appCompose = appCompose;
    this.#machine = machine;
    this.#cache = new CollateralCache(() => this.#fetch(), setup.now);
  }

  info(): Promise<PlatformInfo> {
    const { hardware, fingerprint } = this.#machine;
    const label = hardware ? labels.hardware : labels.development;
    return Promise.resolve({ name: "dstack", hardware, label, ...(hardware ? {} : { fingerprint }) });
  }

  async quote(reportData: Uint8Array): Promise<Uint8Array> {
    if (reportData.length !== 64) {
      throw new PlatformError("report-data-length", `report data has ${reportData.length} bytes instead of 64`);
    }
    const said = await this.#ask(reportData);
    const collateral = await this.#cache.get();
    return guarded("the evidence", () => Promise.resolve(encodeEvidence({ kind: "tdx", ...said, collateral })));
  }

  deriveKey(path: string): Promise<Uint8Array> {
    return this.#setup.agent.key(`phatroom/1/dstack/${path}`);
  }

  async #ask(reportData: Uint8Array): Promise<{ readonly quote: Uint8Array; readonly dstack: DstackEvidence }> {
    const { quote, eventLog, vmConfig } = await this.#setup.agent.quote(reportData);
    return guarded("the agent's quote", () => {
      if (!equalBytes(readMachine(quote).reportData, reportData)) throw new AttestationError("stale-evidence");
      const dstack = {
        eventLog: trimEventLog(eventLog),
        appCompose: this.#appCompose,
        ...(vmConfig === undefined ? {} : { vmConfig: utf8ToBytes(vmConfig) }),
      };
      return Promise.resolve({ quote, dstack });
    });
  }

  /** What a gateway sends is accepted if a quote of ours verifies with it, under the root that our machine hangs from. */
  async #fetch(): Promise<Collateral> {
    const { wanted, root } = this.#machine;
    const said = await this.#ask(crypto.getRandomValues(new Uint8Array(64)));
    return guarded("the vendor's statements", () =>
      this.#setup.collateral.ask(wanted, async (parts) => {
        const collateral = collateralFromAnswers(parts);
        const evidence: TdxEvidence = { kind: "tdx", ...said, collateral };
        await verify(evidence, { roots: [root], now: this.#setup.wallTime(), primitives: intelPrimitives });
        return collateral;
      }),
    );
  }
}

/** Whatever is wrong with what others said, our own side calls it by one name. */
async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const reason = error instanceof Error ? error.message : typeof error;
    throw new PlatformError("platform-unavailable", `${what}: ${reason}`);
  }
}
