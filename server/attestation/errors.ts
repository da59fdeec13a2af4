/**
 * Every reason not to believe a place: verification (did hardware say it?), appraisal (do we accept it?) and binding
 * (did it say it to us, about this room?). Programs read the code; a player reads the sentence, then the advice; what
 * was found and what an operator can do is in docs/attestation-errors.md.
 */

/** What a person can do about it. */
const stop = "Do not play here. Nothing about you was sent.";
const retry = "Try again in a few minutes. If it stays, the operator has to renew what the machine presents.";
const operator = "Ask whoever runs this place to update the machine, or play somewhere else.";
const author = "Whoever built this page has to correct its policy.";

interface CodeEntry {
  readonly sentence: string;
  readonly advice: string;
}

export const attestationCodes = {
  // Reading
  "evidence-malformed": { sentence: "What this place presented as proof cannot be read.", advice: stop },
  "evidence-unsupported": {
    sentence: "This place presented a kind of proof that this page cannot check.",
    advice: "Reload the page for its newest version. If that does not help, do not play here.",
  },
  "quote-malformed": { sentence: "The hardware's statement is damaged or was made up.", advice: stop },
  "certificate-malformed": { sentence: "A certificate that should prove the hardware cannot be read.", advice: stop },
  "crl-malformed": { sentence: "A list of withdrawn certificates cannot be read.", advice: stop },
  "collateral-malformed": { sentence: "The vendor's statements about this hardware cannot be read.", advice: stop },

  // Verifying: who says so
  "untrusted-root": {
    sentence: "This place is not vouched for by any hardware maker that this page trusts.",
    advice: stop,
  },
  "certificate-chain": { sentence: "The certificates do not lead from the hardware to its maker.", advice: stop },
  "certificate-role": { sentence: "A certificate was used for something it was not issued for.", advice: stop },
  "certificate-signature": { sentence: "A certificate was forged.", advice: stop },
  "certificate-expired": {
    sentence: "A certificate is not valid today.",
    advice: "Check the date of your device. If it is right, the operator has to renew the certificates.",
  },
  "certificate-revoked": {
    sentence: "The hardware's maker has withdrawn its trust in this machine.",
    advice: stop,
  },
  "crl-signature": { sentence: "A list of withdrawn certificates was forged.", advice: stop },
  "crl-expired": { sentence: "The list of withdrawn certificates is out of date.", advice: retry },

  // Verifying: what they say
  "tcb-info-signature": { sentence: "The vendor's statement about this hardware was forged.", advice: stop },
  "qe-identity-signature": { sentence: "The vendor's statement about the quoting enclave was forged.", advice: stop },
  "collateral-expired": { sentence: "The vendor's statement about this hardware is out of date.", advice: retry },
  "collateral-mismatch": { sentence: "The vendor's statement is about other hardware than this.", advice: stop },
  "qe-report-signature": { sentence: "The hardware did not sign for the enclave that makes quotes.", advice: stop },
  "qe-report-data": { sentence: "The key that signed the quote is not the hardware's.", advice: stop },
  "qe-identity": { sentence: "The quote was made by an enclave that is not the vendor's.", advice: stop },
  "quote-signature": { sentence: "The hardware's statement was changed or forged.", advice: stop },
  "tcb-unknown": { sentence: "The vendor does not vouch for this hardware's version.", advice: operator },
  "tcb-revoked": { sentence: "The vendor has withdrawn its trust in this hardware's version.", advice: stop },
  "tdx-module": {
    sentence: "The module that isolates this machine is not one that the vendor vouches for.",
    advice: stop,
  },
  "debug-enclave": { sentence: "The enclave runs in debug mode: its operator can read everything.", advice: stop },
  "enclave-attributes": {
    sentence: "The enclave has privileges or features that this page does not know to be safe.",
    advice: stop,
  },
  "td-attributes": { sentence: "The enclave was started in a way that weakens its protection.", advice: stop },

  // Verifying: what a processor of AMD says
  "signing-key": {
    sentence: "The statement was not signed with a key of the machine's own.",
    advice: stop,
  },
  "processor-broken": {
    sentence: "The keys of this kind of processor can be taken out of it, so that nothing it says can be believed.",
    advice: operator,
  },
  "firmware-rolled-back": {
    sentence: "The machine runs older firmware than it says it does, or had promised to run.",
    advice: stop,
  },
  "guest-policy": {
    sentence: "The machine was started in a way that lets its host move it, or know more about it than it should.",
    advice: stop,
  },

  // Verifying: what an enclave of AWS says
  "document-time": {
    sentence: "The proof was made at a time at which it could not be made.",
    advice: "Check the date of your device. If it is right, do not play here.",
  },
  "report-data": { sentence: "The proof says nothing about whom it was made for.", advice: stop },

  // Verifying: what a dstack machine says about its application
  "event-log-malformed": { sentence: "The log of what this machine started cannot be read.", advice: stop },
  "event-log-digest": { sentence: "The log of what this machine started was changed.", advice: stop },
  "event-log-mismatch": {
    sentence: "The log of what this machine started is not what its hardware measured.",
    advice: stop,
  },
  "event-log-order": {
    sentence: "The log of what this machine started says something twice, too late or not at all.",
    advice: stop,
  },
  "compose-mismatch": {
    sentence: "The description of the application is not the one that the hardware measured.",
    advice: stop,
  },

  // Appraising
  "development-refused": {
    sentence: "This is a development machine. It protects nothing from the people who run it.",
    advice: "Play only if it is your own machine, or if you know its fingerprint and typed it in.",
  },
  "vendor-refused": { sentence: "This page does not accept hardware of that maker.", advice: stop },
  "tcb-status-refused": { sentence: "The hardware lacks security updates.", advice: operator },
  "advisory-refused": {
    sentence: "The hardware has a known weakness that this page does not accept.",
    advice: operator,
  },
  "evaluation-too-old": { sentence: "The hardware was judged by old rules of its vendor.", advice: retry },
  "collateral-too-old": {
    sentence: "The vendor's statement about this hardware is older than allowed.",
    advice: retry,
  },
  "measurement-refused": { sentence: "The enclave runs other software than the published one.", advice: stop },
  "event-log-missing": { sentence: "The machine does not say which application it runs.", advice: stop },
  "application-refused": { sentence: "The machine runs another application than the published one.", advice: stop },
  "app-id-refused": {
    sentence: "The application is registered under another identity than this page knows.",
    advice: stop,
  },
  "os-image-refused": { sentence: "The machine runs another operating system than the published one.", advice: stop },
  "key-provider-refused": {
    sentence: "The machine's keys come from somebody this page does not know, who could read what it seals.",
    advice: stop,
  },
  "contract-refused": { sentence: "The room runs rules that are not on this page's list.", advice: stop },
  "lineage-refused": { sentence: "The room's rules come from people who are not on this page's list.", advice: stop },
  "platform-refused": {
    sentence: "The machine lacks a protection that this page asks for.",
    advice: operator,
  },
  "hardware-refused": { sentence: "This machine is not on the list of known machines.", advice: stop },

  // Binding
  "key-not-bound": {
    sentence: "The proof is genuine, but it belongs to somebody else.",
    advice: stop,
  },
  "stale-evidence": {
    sentence: "The proof is an old one, made for somebody else's visit.",
    advice: "Try once more. If it happens again, do not play here.",
  },
  "wrong-world": { sentence: "The enclave serves another world than the one this page asked for.", advice: stop },
  "wrong-contract": { sentence: "The room runs other rules than the ones this page was built for.", advice: stop },
  "wrong-lineage": {
    sentence: "The room's rules may be changed by other people than this page expects.",
    advice: stop,
  },
  "wrong-room": { sentence: "The enclave answered for another room than the one you asked for.", advice: stop },

  // Our own side
  "insecure-page": {
    sentence: "This page was not loaded securely, so the browser refuses to check any proof.",
    advice: "Open it with an https address, or on the machine itself.",
  },
  "policy-malformed": { sentence: "The rules by which this page judges enclaves cannot be read.", advice: author },
  "policy-version": {
    sentence: "The rules by which this page judges enclaves are written for another version of it.",
    advice: author,
  },
  "policy-unknown-member": {
    sentence: "The rules by which this page judges enclaves name something that this page does not know.",
    advice: author,
  },
  "policy-nobody": { sentence: "The rules by which this page judges enclaves accept nobody.", advice: author },
  "policy-wildcard": {
    sentence: "The rules by which this page judges enclaves accept anything somewhere, instead of naming it.",
    advice: author,
  },
  "policy-no-measurements": {
    sentence: "The rules by which this page judges enclaves leave open what software they run.",
    advice: author,
  },
  "policy-no-key-provider": {
    sentence: "The rules by which this page judges enclaves leave open who hands out their keys.",
    advice: author,
  },
  "policy-status-too-low": {
    sentence: "The rules by which this page judges enclaves accept hardware with known holes.",
    advice: author,
  },
  "policy-advisory-unnamed": {
    sentence: "The rules by which this page judges enclaves accept weaknesses without naming each.",
    advice: author,
  },
  "policy-any-round": {
    sentence: "The rules by which this page judges enclaves accept any judgement of the vendor, however old.",
    advice: author,
  },
  "policy-upgrades-of-nobody": {
    sentence:
      "The rules by which this page judges enclaves say who may replace a worker, and not of which application.",
    advice: author,
  },
  "policy-development-beside-vendor": {
    sentence: "The rules by which this page judges enclaves accept development machines beside protected ones.",
    advice: author,
  },
  "policy-expired": {
    sentence: "The rules by which this page judges enclaves have ended.",
    advice: "Reload the page for its newest version. If that does not help, its author has to renew them.",
  },
} as const satisfies Record<string, CodeEntry>;

export type AttestationErrorCode = keyof typeof attestationCodes;

/** Evidence was not believed. `code` is for programs; `message` is for logs: it holds nothing secret. */
export class AttestationError extends Error {
  readonly code: AttestationErrorCode;

  constructor(code: AttestationErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`);
    this.name = "AttestationError";
    this.code = code;
  }

  /** What a player is shown: what is wrong, then what to do. */
  get sentence(): string {
    const { sentence, advice } = attestationCodes[this.code];
    return `${sentence} ${advice}`;
  }
}

/** @throws AttestationError with this code unless the condition holds. */
export function demand(condition: boolean, code: AttestationErrorCode, detail?: string): asserts condition {
  if (!condition) throw new AttestationError(code, detail);
}
