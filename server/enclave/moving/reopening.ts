/**
 * How a room that was read back goes on: by the rules it was played by, or by others once an upgrade of its lineage is in
 * force. Each upgrade on the way is checked against the lineage once more: a record alone changes no rules.
 */
import { equalBytes } from "#protocol/bytes.ts";
import { ProtocolError } from "#protocol/errors.ts";
import { encodeManifest, frozenLineage, type Manifest } from "#protocol/manifest.ts";
import { checkUpgrade, decodeUpgrade, type Upgrade } from "#protocol/upgrade.ts";
import { Course } from "../room/course.ts";
import type { RulesSetup } from "../room/rules.ts";
import { SandboxError, type LoadedContract } from "../sandbox/sandbox.ts";
import { VaultError } from "../vault/errors.ts";
import type { HostedRoom } from "../rooms.ts";
import type { Lineage } from "../vault/lineages.ts";
import type { KeptRoom } from "../vault/kept-room.ts";

export interface ReopeningSetup {
  /** Also one that no new room is made of. */
  readonly contract: (hash: Uint8Array) => LoadedContract | undefined;
  /** Of a contract, for its author. */
  readonly fault: (contract: LoadedContract, detail: string) => void;
}

export interface Reopened {
  readonly course: Course;
  readonly contract: LoadedContract;
}

type Opened = Pick<KeptRoom, "opening" | "course" | "boundaries" | "before">;

/**
 * Repeats what was kept, and changes the rules if that is due. Rules that cannot take over do not: the room stays as it is.
 *
 * @throws ProtocolError "contract-unknown", VaultError "damaged" if the rules changed without an upgrade, SandboxError.
 */
export function reopen(kept: KeptRoom, setup: ReopeningSetup): Reopened {
  const { lineage } = kept;
  const before = repeat(kept, lineage, setup);
  const { upgrade, upgradeDue } = before.course;
  if (upgrade === undefined || lineage === undefined || !upgradeDue) return before;
  try {
    const next = setup.contract(decodeUpgrade(upgrade.bytes).to);
    if (next === undefined) throw new SandboxError("call-faulted", "the rules to come are not hosted here");
    return { course: change(before, next, { kept, lineage, setup }), contract: next };
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    setup.fault(before.contract, error.detail);
    before.course.dropUpgrade();
    return before;
  }
}

/**
 * Whether this upgrade may be announced in a room.
 *
 * @throws ProtocolError as `checkUpgrade`, and "upgrade-foreign" for rules that are not here or do not fit in their place.
 */
export function checkAnnouncement(
  upgrade: Upgrade,
  { room, contract }: HostedRoom,
  lineage: Lineage,
  next: LoadedContract | undefined,
): void {
  const { lineage: id, terms = frozenLineage } = lineage;
  checkUpgrade(upgrade, { lineage: id, terms, contract: contract.hash, newest: room.upgrades });
  if (next === undefined || next === contract || !fits(contract.manifest, next.manifest)) {
    throw new ProtocolError("upgrade-foreign");
  }
}

/** Only what a room costs and holds inside may differ; who may play, and how time goes, was settled when it began. */
function fits(before: Manifest, after: Manifest): boolean {
  const { fuel, memoryPages, tables } = before;
  return (
    before.reveal === undefined &&
    equalBytes(encodeManifest(before), encodeManifest({ ...after, fuel, memoryPages, tables }))
  );
}

function repeat(kept: Opened, lineage: Lineage | undefined, setup: ReopeningSetup): Reopened {
  const { opening, course: saved, boundaries, before } = kept;
  const contract = setup.contract(opening.contract);
  if (contract === undefined) throw new ProtocolError("contract-unknown");
  const course =
    before === undefined
      ? new Course(rulesOf(contract, kept, setup), saved)
      : change(repeat(before, lineage, setup), contract, { kept, lineage, setup });
  for (const boundary of boundaries) course.step(boundary);
  return { course, contract };
}

function change(
  { course, contract }: Reopened,
  next: LoadedContract,
  {
    kept,
    lineage,
    setup,
  }: { readonly kept: Opened; readonly lineage: Lineage | undefined; readonly setup: ReopeningSetup },
): Course {
  const { upgrade, upgradeDue } = course;
  if (upgrade === undefined || lineage === undefined || !upgradeDue) throw changedAlone();
  const statement = decodeUpgrade(upgrade.bytes);
  if (!equalBytes(statement.to, next.hash)) throw changedAlone();
  const { lineage: id, terms = frozenLineage } = lineage;
  checkUpgrade(statement, { lineage: id, terms, contract: contract.hash, newest: statement.number - 1 });
  const upgraded = course.upgraded(rulesOf(next, kept, setup));
  course.close();
  return upgraded;
}

const changedAlone = (): VaultError => new VaultError("damaged", "other rules without an upgrade");

function rulesOf(contract: LoadedContract, { opening }: Opened, setup: ReopeningSetup): RulesSetup {
  const { options, seed } = opening;
  return { contract, options, seed, fault: (detail) => setup.fault(contract, detail) };
}
