/** Which runtimes a worker knows: by version, each with the hash of its description. Any other one stops it. */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand, ProofError } from "../proof/errors.ts";
import { blake2b256, type BlockHash } from "../proof/header.ts";
import { ScaleReader } from "../proof/scale.ts";
import { decodeMetadata, type Metadata } from "./metadata.ts";
import { readText } from "./types.ts";

/** Comes with the program or the world. */
export interface PinnedRuntime {
  readonly specName: string;
  readonly specVersion: number;
  readonly transactionVersion: number;
  /** Blake2b-256 of the description, 64 hexadecimal digits. */
  readonly metadataHash: string;
}

export interface Runtime extends PinnedRuntime {
  readonly metadata: Metadata;
}

/** What says which runtime executed a block: `System.LastRuntimeUpgrade` in its state. */
export function decodeRuntimeVersion(value: Uint8Array | undefined): {
  readonly specName: string;
  readonly specVersion: number;
} {
  demand(value !== undefined, "runtime-missing");
  const reader = new ScaleReader(value, "runtime-missing");
  const specVersion = reader.compact();
  const specName = readText(reader);
  reader.end();
  return { specName, specVersion };
}

export class Runtimes {
  readonly #pinned: readonly PinnedRuntime[];
  readonly #fetch: (pinned: PinnedRuntime, block: BlockHash) => Promise<Uint8Array>;
  readonly #read = new Map<number, Runtime>();

  /** @param fetch gets a description from wherever: it is believed by its hash. */
  constructor(
    pinned: readonly PinnedRuntime[],
    fetch: (pinned: PinnedRuntime, block: BlockHash) => Promise<Uint8Array>,
  ) {
    this.#pinned = pinned;
    this.#fetch = fetch;
  }

  /**
   * @param block in whose state the runtime is.
   * @throws ProofError "runtime-unpinned", "metadata-other", "metadata-malformed"; whatever fetching throws.
   */
  async of(version: { readonly specName: string; readonly specVersion: number }, block: BlockHash): Promise<Runtime> {
    const pinned = this.#pinned.find(
      ({ specName, specVersion }) => specName === version.specName && specVersion === version.specVersion,
    );
    if (pinned === undefined) throw new ProofError("runtime-unpinned", `${version.specName} ${version.specVersion}`);
    const known = this.#read.get(pinned.specVersion);
    if (known !== undefined) return known;
    const bytes = await this.#fetch(pinned, block);
    demand(bytesToHex(blake2b256(bytes)) === pinned.metadataHash, "metadata-other", pinned.specName);
    const runtime = { ...pinned, metadata: decodeMetadata(bytes) };
    this.#read.set(pinned.specVersion, runtime);
    return runtime;
  }
}
