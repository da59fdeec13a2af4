/** What the shield says beside the report: one line for the chip, a paragraph for the panel, and what no check covers. Pure. */
import type { ClientErrorCode } from "#client/errors.ts";
import { sentenceOf } from "#client/errors.ts";
import type { Shield } from "#client/shield.ts";
import type { FrozenReason } from "#protocol/message.ts";

export type Tone = "none" | "wait" | "good" | "warn" | "bad";

export interface Summary {
  readonly tone: Tone;
  /** One line, for the chip. */
  readonly line: string;
  /** A heading and a paragraph, for the panel. */
  readonly title: string;
  readonly text: string;
}

/** What the page knows about the proof at this moment. */
export interface Proof {
  readonly shield: Shield | null;
  /** Code of the failure, if it is about the proof. */
  readonly failure: ClientErrorCode | null;
  /** Whether an enclave is being checked just now. */
  readonly checking: boolean;
  /** Whether this page was built for a world of development machines. */
  readonly developmentPage: boolean;
  /** Why the room is frozen; null if it is not. */
  readonly frozen: FrozenReason | null;
  /** Whether the room was closed because its place had rolled it back. */
  readonly rolledBack: boolean;
  /** Whether the room goes on while players are away; null as long as nobody knows. */
  readonly presence: "all" | "any" | null;
}

export function summaryOf(proof: Proof): Summary {
  const { shield, failure, checking, developmentPage } = proof;
  if (failure !== null) {
    return {
      tone: "bad",
      line: "Check failed: play is blocked",
      title: "This place failed the check",
      text: sentenceOf(failure),
    };
  }
  const interrupted = interruptionOf(proof);
  if (interrupted !== undefined) return interrupted;
  if (shield?.accepted === true && !shield.development) {
    return {
      tone: "good",
      line: "Sealed: the host cannot look in",
      title: "This room is sealed",
      text:
        "Your browser checked the enclave itself before it sent anything. Moves and views are encrypted between you " +
        `and the enclave; whoever runs this place carries them and cannot read them.${copiesOf(proof)}`,
    };
  }
  if (shield?.accepted === true || developmentPage) {
    return {
      tone: "warn",
      line: "Development world: protects nothing from the host",
      title: "A development world",
      text:
        "Everything runs here as it would in a sealed room, but no hardware stands behind it: whoever runs this " +
        "machine can read bombs, moves and names. Play here only to try things out.",
    };
  }
  if (checking) {
    return {
      tone: "wait",
      line: "Checking the enclave…",
      title: "Checking the enclave",
      text: "Nothing about you is sent before the check has passed.",
    };
  }
  return {
    tone: "none",
    line: "Nothing checked yet: join a room",
    title: "Nothing checked yet",
    text: "An enclave is checked when you join one of its rooms, and before anything about you is sent.",
  };
}

/** What keeps a verified room from going on. */
function interruptionOf({ frozen, rolledBack }: Proof): Summary | undefined {
  if (rolledBack) {
    return {
      tone: "bad",
      line: "Closed: the place had rolled the room back",
      title: "This place rolled the room back",
      text: sentenceOf("rolled-back"),
    };
  }
  if (frozen === "rolled-back") {
    return {
      tone: "bad",
      line: "Frozen: the place shows an older state",
      title: "This room is frozen",
      text:
        "One of its players has seen more of this room than the place shows to its enclave. So the enclave applies no " +
        "move, runs no clock and shows nothing until the place brings back what is missing; if it does not, the enclave " +
        "closes the room. Whoever runs the place can cause this, alone or together with a player; a player alone cannot.",
    };
  }
  if (frozen !== null) {
    return {
      tone: "warn",
      line: "Waiting: the room cannot be kept just now",
      title: "This room waits for its store",
      text:
        "The enclave tells nobody what could still be lost, so it waits. Whatever it has answered is kept. " +
        sentenceOf(frozen),
    };
  }
  return undefined;
}

const copiesOf = ({ presence }: Pick<Proof, "presence">): string =>
  presence === "all" ? " No copy of this room goes on without you, or shows anything to anybody." : "";

/** What no check covers, in plain words. */
export function notProtected(proof: {
  readonly development: boolean;
  readonly presence: Proof["presence"];
}): readonly string[] {
  return [
    ...(proof.development ? ["Anything, from whoever runs this machine: it is a development world."] : []),
    "Who plays: the host sees addresses, times and how much is sent, and may guess from them.",
    "Whether you can play: the host can cut lines, delay them or stop the room.",
    ...(proof.presence === "any"
      ? [
          "Against a host that tries things out: this room goes on while players are away, so its host can open a copy of " +
            "it, play in it with accomplices and see what comes of it. Players who return notice if the room itself was " +
            "set back, by more than its last second.",
        ]
      : []),
    "Against somebody with the machine on a laboratory bench: no hardware of this kind holds then.",
    "Against a page that lies: this one came from the address above, which could show you anything. " +
      "`phatroom verify` checks from outside.",
  ];
}

/** A name for the downloaded evidence that tells which check it belongs to. */
export const evidenceFileName = (shield: Shield): string =>
  `evidence-${shield.claims.room}-${new Date(shield.checkedAt).toISOString().replace(/[:.]/g, "-")}.bin`;
