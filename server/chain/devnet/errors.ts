/** What can go wrong with the development chain. Programs read the code; the sentence is for who runs it. */
export const devnetErrors = {
  // Starting
  "package-missing":
    "The default chain comes with the package @substrate/connect-known-chains, which is not installed. Install it with npm install --save-dev @substrate/connect-known-chains@1.10.3, or name a chain's specification with --spec.",
  "spec-missing": "There is no such chain specification.",
  "spec-malformed": "This is no raw chain specification.",
  "runtime-malformed": "The code of this chain is no runtime that can be run here.",
  "runtime-unsupported": "This runtime wants something that the development chain does not have.",
  "database-in-use": "Another development chain has this file.",
  "database-damaged": "This file holds no development chain.",
  "database-unreachable": "This file cannot be opened, or made.",
  "database-of-another-chain": "This file holds another chain: its genesis is not that of the specification.",
  "port-in-use": "This port is in use.",

  // Running
  "runtime-trapped": "The runtime stopped in the middle of a call.",
  "memory-exhausted": "The runtime wants more memory than it may have.",
  "block-refused": "The runtime does not accept the block that was built.",
  "block-unknown": "There is no such block.",
  "state-discarded": "The state of this block is no longer kept.",
  "finality-contradicted": "A finalized block is not taken back.",
  "authorities-coming": "Other authorities were announced and do not vote yet. Others can be announced once they do.",
  "finality-far-behind": "Too many blocks are not finalized. Finalize some first.",
  "transaction-refused": "The runtime does not accept this transaction.",
  closed: "The chain was closed.",
} as const;

export type DevnetErrorCode = keyof typeof devnetErrors;

export class DevnetError extends Error {
  override readonly name = "DevnetError";
  readonly code: DevnetErrorCode;
  /** More about this one; for developers. */
  readonly detail: string | undefined;

  constructor(code: DevnetErrorCode, detail?: string) {
    super(detail === undefined ? devnetErrors[code] : `${devnetErrors[code]} (${detail})`);
    this.code = code;
    this.detail = detail;
  }
}
