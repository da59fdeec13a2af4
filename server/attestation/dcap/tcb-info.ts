/**
 * TCB info, version 3: which versions of a model of machine Intel vouches for. Intel PCS API version 4, "Get SGX TCB
 * Info" and "Get TDX TCB Info"; what a document must not look like is from the parser of Intel's verification library
 * (`TcbInfo.cpp`, `TcbLevel.cpp`).
 */
import { demand } from "../errors.ts";
import type { TcbStatus } from "../verified.ts";
import type { Fields } from "./fields.ts";
import type { Statement } from "./statement.ts";

export interface TcbInfo {
  readonly fmspc: Uint8Array;
  readonly pceId: Uint8Array;
  /** Best first. */
  readonly levels: readonly TcbLevel[];
  /** TDX only. */
  readonly module?: ModuleIdentity;
  /** TDX only: by version of the module, "TDX_01" and so on. */
  readonly moduleVersions: ReadonlyMap<string, VersionedModule>;
}

export interface TcbLevel extends Judgement {
  /** 16 security versions. */
  readonly sgx: readonly number[];
  readonly pceSvn: number;
  /** 16 security versions of TDX; none for SGX. */
  readonly tdx: readonly number[];
}

export interface Judgement {
  readonly status: TcbStatus;
  readonly advisories: readonly string[];
}

/** Who a TDX module must be. */
interface ModuleIdentity {
  readonly mrSigner: Uint8Array;
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
}

interface VersionedModule extends ModuleIdentity {
  /** Best first. */
  readonly levels: readonly SvnLevel[];
}

/** A level that depends on one security version only. */
export interface SvnLevel extends Judgement {
  readonly isvSvn: number;
}

/** @throws AttestationError "collateral-malformed", "collateral-mismatch". */
export function readTcbInfo({ fields }: Statement, id: "TDX" | "SGX"): TcbInfo {
  demand(fields.text("id") === id, "collateral-mismatch", "TCB info is about another kind of TEE");
  demand(fields.integer("version", 0xffff) === 3, "collateral-malformed", "TCB info version");
  demand(fields.integer("tcbType", 0xffff) === 0, "collateral-malformed", "TCB type");
  const tdx = id === "TDX";
  const common = {
    fmspc: fields.bytes("fmspc", 6),
    pceId: fields.bytes("pceId", 2),
    levels: bestFirst(
      fields.objects("tcbLevels").map((level) => readLevel(level, tdx)),
      compareLevels,
    ),
  };
  if (tdx) {
    return { ...common, module: readModule(fields.object("tdxModule")), moduleVersions: readModuleVersions(fields) };
  }
  for (const name of ["tdxModule", "tdxModuleIdentities"]) demand(!fields.has(name), "collateral-malformed", name);
  return { ...common, moduleVersions: new Map() };
}

function readModuleVersions(fields: Fields): ReadonlyMap<string, VersionedModule> {
  if (!fields.has("tdxModuleIdentities")) return new Map();
  const modules = fields.objects("tdxModuleIdentities");
  const versions = new Map(modules.map((module) => [module.text("id").toUpperCase(), readVersionedModule(module)]));
  demand(versions.size === modules.length && versions.size > 0, "collateral-malformed", "tdxModuleIdentities");
  return versions;
}

/** Levels of a QE identity or of a TDX module. */
export function readSvnLevels(fields: Fields): readonly SvnLevel[] {
  const levels = fields.objects("tcbLevels").map((level) => ({
    isvSvn: level.object("tcb").integer("isvsvn", 0xffff),
    ...readJudgement(level),
  }));
  return bestFirst(levels, (a, b) => a.isvSvn - b.isvSvn);
}

function readLevel(level: Fields, tdx: boolean): TcbLevel {
  const tcb = level.object("tcb");
  return {
    sgx: readComponents(tcb, "sgxtcbcomponents"),
    pceSvn: tcb.integer("pcesvn", 0xffff),
    tdx: tdx ? readComponents(tcb, "tdxtcbcomponents") : [],
    ...readJudgement(level),
  };
}

function readJudgement(level: Fields): Judgement {
  level.time("tcbDate"); // we go by the round of judgement, but a level without its date is none of Intel's
  return { status: level.status(), advisories: level.advisories() };
}

/**
 * Levels are signed in an order, and matched in one: the first that fits counts. Like Intel's library we do not trust
 * the former to be the latter, and two judgements of the same versions are none.
 */
function bestFirst<Level>(levels: readonly Level[], compare: (a: Level, b: Level) => number): readonly Level[] {
  const sorted = [...levels].sort((a, b) => compare(b, a));
  const unequal = sorted.every((level, i) => i === 0 || compare(sorted[i - 1]!, level) !== 0);
  demand(unequal && sorted.length > 0, "collateral-malformed", "tcbLevels");
  return sorted;
}

/** By the machine's components, then its PCE, then the components of TDX, each list from its first on. */
const compareLevels = (a: TcbLevel, b: TcbLevel): number =>
  compareLists(a.sgx, b.sgx) || a.pceSvn - b.pceSvn || compareLists(a.tdx, b.tdx);

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

function readComponents(tcb: Fields, name: string): readonly number[] {
  const components = tcb.objects(name);
  demand(components.length === 16, "collateral-malformed", name);
  return components.map((component) => component.integer("svn", 0xff));
}

const readModule = (module: Fields): ModuleIdentity => ({
  mrSigner: module.bytes("mrsigner", 48),
  attributes: module.bytes("attributes", 8),
  attributesMask: module.bytes("attributesMask", 8),
});

const readVersionedModule = (module: Fields): VersionedModule => ({
  ...readModule(module),
  levels: readSvnLevels(module),
});
