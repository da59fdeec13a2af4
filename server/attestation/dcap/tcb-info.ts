/** TCB info, version 3: which versions of a model of machine Intel vouches for. Intel PCS API, "Get TDX TCB Info". */
import { demand } from "../errors.ts";
import type { TcbStatus } from "../verified.ts";
import type { Fields } from "./fields.ts";
import type { Statement } from "./statement.ts";

export interface TcbInfo {
  readonly fmspc: Uint8Array;
  readonly pceId: Uint8Array;
  /** Best first, in the signed order. */
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
  /** 16 security versions, TDX only. */
  readonly tdx?: readonly number[];
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
  return {
    fmspc: fields.bytes("fmspc", 6),
    pceId: fields.bytes("pceId", 2),
    levels: fields.objects("tcbLevels").map((level) => readLevel(level, tdx)),
    ...(tdx ? { module: readModule(fields.object("tdxModule")) } : {}),
    moduleVersions: new Map(
      tdx && fields.has("tdxModuleIdentities")
        ? fields.objects("tdxModuleIdentities").map((module) => [module.text("id"), readVersionedModule(module)])
        : [],
    ),
  };
}

/** Levels of a QE identity or of a TDX module. */
export function readSvnLevels(fields: Fields): readonly SvnLevel[] {
  return fields.objects("tcbLevels").map((level) => ({
    isvSvn: level.object("tcb").integer("isvsvn", 0xffff),
    status: level.status(),
    advisories: level.advisories(),
  }));
}

function readLevel(level: Fields, tdx: boolean): TcbLevel {
  const tcb = level.object("tcb");
  return {
    sgx: readComponents(tcb, "sgxtcbcomponents"),
    pceSvn: tcb.integer("pcesvn", 0xffff),
    ...(tdx ? { tdx: readComponents(tcb, "tdxtcbcomponents") } : {}),
    status: level.status(),
    advisories: level.advisories(),
  };
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
