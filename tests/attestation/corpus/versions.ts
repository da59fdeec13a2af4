/** Machines, modules and quoting enclaves that are older than Intel vouches for, and judgements that do not add up. */
import type { AttestationErrorCode } from "#attestation/errors.ts";
import { type Forgery, later } from "../forge.ts";
import { type Attack, attack } from "./attack.ts";

type Case = readonly [code: AttestationErrorCode, what: string, forgery: Forgery];
type Info = Parameters<NonNullable<Forgery["tcbInfo"]>>[0];
type Level = Info["tcbLevels"][0];

const svn = (...given: readonly number[]): Uint8Array => Uint8Array.of(...given, ...new Uint8Array(16 - given.length));
const components = (...given: readonly number[]): object[] => Array.from(svn(...given), (value) => ({ svn: value }));

/** The newest level with other versions, and nothing below it. */
const only = (change: Partial<Record<keyof Level["tcb"], unknown>>): Forgery => ({
  tcbInfo: (info) => ({
    ...info,
    tcbLevels: [{ ...info.tcbLevels[0], tcb: { ...info.tcbLevels[0]!.tcb, ...change } }],
  }),
});
const first = (change: object): Forgery => ({
  tcbInfo: (info) => ({ ...info, tcbLevels: [{ ...info.tcbLevels[0], ...change }] }),
});
const module = (change: (module: Info["tdxModuleIdentities"][0]) => object): Forgery => ({
  tcbInfo: (info) => ({ ...info, tdxModuleIdentities: info.tdxModuleIdentities.map(change) }),
});
const sgx = (forgery: Forgery): Forgery => ({ ...forgery, shape: "sgx3" });
const updated = (teeTcbSvn: Uint8Array): Forgery => ({ shape: "tdx5-later", td: { later: { ...later, teeTcbSvn } } });

const machines: readonly Case[] = [
  ["tcb-unknown", "a machine whose first component is below every level", only({ sgxtcbcomponents: components(3) })],
  [
    "tcb-unknown",
    "a machine whose last component is below every level",
    only({ sgxtcbcomponents: components(...new Uint8Array(15), 3) }),
  ],
  [
    "tcb-unknown",
    "a machine that would be newer if versions were one number",
    only({ sgxtcbcomponents: components(1, 3) }),
  ],
  ["tcb-unknown", "a PCE below every level", only({ pcesvn: 12 })],
  ["tcb-unknown", "an enclave's machine below every level", sgx(only({ sgxtcbcomponents: components(2, 3) }))],
  ["tcb-unknown", "an enclave's PCE below every level", sgx(only({ pcesvn: 12 }))],
  ["tcb-unknown", "a TD component below every level", { td: { teeTcbSvn: svn(5, 1, 1) } }],
  [
    "tcb-unknown",
    "a TD's last component below every level",
    only({ tdxtcbcomponents: components(...new Uint8Array(15), 1) }),
  ],
  ["tcb-unknown", "an unversioned TDX module below every level", { td: { teeTcbSvn: svn(4, 0, 2) } }],
  ["tcb-unknown", "a TD component below every level after an update", updated(svn(6, 1, 1))],
  ["tcb-revoked", "a machine whose versions were withdrawn", first({ tcbStatus: "Revoked" })],
  ["tcb-revoked", "an enclave's machine whose versions were withdrawn", sgx(first({ tcbStatus: "Revoked" }))],
  [
    "tcb-revoked",
    "withdrawn versions behind lower ones that are not",
    {
      tcbInfo: (info) => {
        const [newest, oldest] = info.tcbLevels as [Level, Level];
        return {
          ...info,
          tcbLevels: [
            { ...oldest, tcbStatus: "UpToDate" },
            { ...newest, tcbStatus: "Revoked" },
          ],
        };
      },
    },
  ],
  [
    "tcb-revoked",
    "withdrawn versions of a QE behind lower ones that are not",
    {
      qeIdentity: (id) => ({
        ...id,
        tcbLevels: [
          { ...id.tcbLevels[0], tcb: { isvsvn: 1 } },
          { ...id.tcbLevels[0], tcbStatus: "Revoked" },
        ],
      }),
    },
  ],
  [
    "tcb-revoked",
    "a QE whose version was withdrawn",
    { qeIdentity: (id) => ({ ...id, tcbLevels: [{ ...id.tcbLevels[0], tcbStatus: "Revoked" }] }) },
  ],
];

/** Components are sixteen bytes. */
const forms: readonly Case[] = [
  ["collateral-malformed", "no component", only({ sgxtcbcomponents: [] })],
  ["collateral-malformed", "fifteen components", only({ sgxtcbcomponents: components().slice(1) })],
  ["collateral-malformed", "seventeen components", only({ sgxtcbcomponents: [...components(), { svn: 0 }] })],
  ["collateral-malformed", "a component beyond a byte", only({ sgxtcbcomponents: components().with(0, { svn: 256 }) })],
  ["collateral-malformed", "a component below zero", only({ sgxtcbcomponents: components().with(0, { svn: -1 }) })],
  ["collateral-malformed", "a component in text", only({ sgxtcbcomponents: components().with(0, { svn: "2" }) })],
  ["collateral-malformed", "a component that is null", only({ sgxtcbcomponents: [...components().slice(1), null] })],
  ["collateral-malformed", "no TD components", only({ tdxtcbcomponents: undefined })],
  ["collateral-malformed", "an empty list of TD components", only({ tdxtcbcomponents: [] })],
  ["collateral-malformed", "fifteen TD components", only({ tdxtcbcomponents: components().slice(1) })],
  ["collateral-malformed", "seventeen TD components", only({ tdxtcbcomponents: [...components(), { svn: 0 }] })],
  ["collateral-malformed", "half a version of the PCE", only({ pcesvn: 10.5 })],
  ["collateral-malformed", "no version of the PCE", only({ pcesvn: undefined })],
  [
    "collateral-malformed",
    "fifteen components of an enclave's machine",
    sgx(only({ sgxtcbcomponents: components().slice(1) })),
  ],
];

const modules: readonly Case[] = [
  ["tdx-module", "a module of unknown version", { td: { teeTcbSvn: svn(5, 2, 2) } }],
  ["tdx-module", "a module of unknown version after an update", updated(svn(5, 2, 2))],
  ["tdx-module", "a module older than every level", { td: { teeTcbSvn: svn(4, 1, 2) } }],
  ["tdx-module", "a module older than every level after an update", updated(svn(4, 1, 2))],
  ["tdx-module", "a module by another signer", { td: { mrSignerSeam: new Uint8Array(48).fill(1) } }],
  [
    "tdx-module",
    "an unversioned module by another signer",
    { td: { teeTcbSvn: svn(5, 0, 2), mrSignerSeam: new Uint8Array(48).fill(1) } },
  ],
  ["tdx-module", "a module with an attribute", { td: { seamAttributes: svn(1).subarray(0, 8) } }],
  [
    "tdx-module",
    "a module with an attribute that its identity leaves open",
    {
      td: { seamAttributes: svn(1).subarray(0, 8) },
      ...module((given) => ({ ...given, attributesMask: "00".repeat(8) })),
    },
  ],
  [
    "tdx-module",
    "a module with an attribute that its identity asks for",
    {
      td: { seamAttributes: svn(1).subarray(0, 8) },
      ...module((given) => ({ ...given, attributes: "0100000000000000" })),
    },
  ],
  [
    "tdx-module",
    "a module whose identity was left out",
    { tcbInfo: (info) => ({ ...info, tdxModuleIdentities: undefined }) },
  ],
  ["tdx-module", "a module whose identity has another name", module((given) => ({ ...given, id: "TDX_1" }))],
  [
    "tdx-module",
    "a module whose identity is about another signer",
    module((given) => ({ ...given, mrsigner: "01".repeat(48) })),
  ],
  [
    "tcb-revoked",
    "a module whose version was withdrawn",
    module((given) => ({ ...given, tcbLevels: [{ ...given.tcbLevels[0], tcbStatus: "Revoked" }] })),
  ],
  [
    "tcb-revoked",
    "a module whose version after an update was withdrawn",
    {
      ...updated(svn(6, 1, 2)),
      ...module((given) => ({
        ...given,
        tcbLevels: [{ ...given.tcbLevels[0], tcb: { isvsvn: 6 }, tcbStatus: "Revoked" }, given.tcbLevels[0]],
      })),
    },
  ],
  [
    "collateral-malformed",
    "an empty list of module identities",
    { tcbInfo: (info) => ({ ...info, tdxModuleIdentities: [] }) },
  ],
  [
    "collateral-malformed",
    "a module identity twice, in different cases",
    {
      tcbInfo: (info) => {
        const [given] = info.tdxModuleIdentities;
        return { ...info, tdxModuleIdentities: [given, { ...given, id: "tdx_01" }] };
      },
    },
  ],
  ["collateral-malformed", "a module identity without levels", module((given) => ({ ...given, tcbLevels: undefined }))],
  ["collateral-malformed", "a module identity with a short signer", module((given) => ({ ...given, mrsigner: "00" }))],
  ["collateral-malformed", "no TDX module", { tcbInfo: (info) => ({ ...info, tdxModule: undefined }) }],
];

export const versions: readonly Attack[] = [...machines, ...forms, ...modules].map(([code, what, forgery]) =>
  attack(code, what, forgery),
);
