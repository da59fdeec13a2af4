/**
 * Who finalizes, and how one set of authorities hands over to the next (Polkadot specification, section 6.1: GRANDPA
 * voter, authority set id, consensus message; section 3.3.2 "Consensus Authority Set").
 */
import { bytesToHex } from "#protocol/bytes.ts";
import { demand, ProofError } from "./errors.ts";
import type { Header } from "./header.ts";
import { authoritiesMax } from "./limits.ts";
import { ScaleReader } from "./scale.ts";

export interface Authority {
  /** Ed25519, 64 hexadecimal digits. */
  readonly key: string;
  readonly weight: bigint;
}

export interface AuthoritySet {
  /** Counts changes since genesis. */
  readonly id: bigint;
  readonly authorities: readonly Authority[];
}

/** Authorities that were announced and do not vote yet. */
export interface ComingAuthorities {
  /** The last block that the present set finalizes. */
  readonly after: number;
  readonly authorities: readonly Authority[];
}

/** What is known about finality at a block: who votes, and who will. */
export interface Handover {
  readonly set: AuthoritySet;
  readonly coming: ComingAuthorities | undefined;
}

const engine = "FRNK";
const scheduledChange = 1;
const forcedChange = 2;

/**
 * The state of finality after a header; of those on the chain each is asked for once, in order.
 *
 * @throws ProofError "authorities-malformed", "authorities-forced", "authorities-announced-twice", "authorities-skipped".
 */
export function afterHeader({ set, coming }: Handover, header: Header): Handover {
  if (coming !== undefined && header.number > coming.after) {
    // Votes above it are the next set's. Whoever follows has to finalize `coming.after` with this one first.
    throw new ProofError("authorities-skipped", `block ${header.number} is above ${coming.after}`);
  }
  const announced = announcedIn(header);
  if (announced === undefined) return { set, coming };
  demand(coming === undefined, "authorities-announced-twice", `block ${header.number}`);
  return { set, coming: announced };
}

/** Once a block is final: the next set, if this was the present one's last. */
export function afterFinality({ set, coming }: Handover, number: number): Handover {
  if (coming === undefined || number < coming.after) return { set, coming };
  return { set: { id: set.id + 1n, authorities: coming.authorities }, coming: undefined };
}

function announcedIn({ digest, number }: Header): ComingAuthorities | undefined {
  let found: ComingAuthorities | undefined;
  for (const item of digest) {
    if (item.kind !== "consensus" || item.engine !== engine) continue;
    const reader = new ScaleReader(item.data, "authorities-malformed");
    const message = reader.u8();
    // Whoever changes authorities by force does so because finality has stopped: nobody proves that to a worker.
    demand(message !== forcedChange, "authorities-forced", `block ${number}`);
    if (message !== scheduledChange) continue;
    const authorities = readAuthorities(reader);
    const delay = reader.u32();
    reader.end();
    demand(number + delay <= 0xffff_ffff, "authorities-malformed", "a delay without end");
    // The earliest of a block counts.
    found ??= { after: number + delay, authorities };
  }
  return found;
}

/** With at least one, each named once, and weights above zero whose sum fits in 64 bits. */
export function readAuthorities(reader: ScaleReader): readonly Authority[] {
  const authorities = reader.vector(authoritiesMax, () => ({
    key: bytesToHex(reader.take(32)),
    weight: reader.u64(),
  }));
  const keys = new Set(authorities.map(({ key }) => key));
  const total = authorities.reduce((sum, { weight }) => sum + weight, 0n);
  const sound = authorities.length > 0 && keys.size === authorities.length && total < 1n << 64n;
  if (!sound || authorities.some(({ weight }) => weight === 0n)) throw reader.fail("authorities");
  return authorities;
}
