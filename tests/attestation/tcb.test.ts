/** How Intel's judgements are matched and combined. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { combineStatuses, matchLevel } from "#attestation/dcap/tcb.ts";
import { type TcbStatus, tcbStatuses } from "#attestation/verified.ts";
import { forge, type Forgery, verifyForged } from "./forge.ts";

const statuses = fc.constantFrom(...tcbStatuses);

test.for([
  [["UpToDate", "UpToDate"], "UpToDate"],
  [["UpToDate", "SWHardeningNeeded"], "SWHardeningNeeded"],
  [["SWHardeningNeeded", "ConfigurationNeeded"], "ConfigurationAndSWHardeningNeeded"],
  [["OutOfDate", "SWHardeningNeeded"], "OutOfDate"],
  [["OutOfDate", "ConfigurationNeeded"], "OutOfDateConfigurationNeeded"],
  [["OutOfDate", "ConfigurationAndSWHardeningNeeded"], "OutOfDateConfigurationNeeded"],
  [["OutOfDateConfigurationNeeded", "UpToDate"], "OutOfDateConfigurationNeeded"],
  [["Revoked", "UpToDate"], "Revoked"],
] as const)("%s together are %s", ([parts, whole]) => {
  expect(combineStatuses(parts)).toBe(whole);
});

test("a whole is never better than a part of it, whatever the order", () => {
  const rank = (status: TcbStatus) => tcbStatuses.indexOf(status);
  fc.assert(
    fc.property(fc.array(statuses, { minLength: 1, maxLength: 5 }), (parts) => {
      const whole = combineStatuses(parts);
      expect(rank(whole)).toBeGreaterThanOrEqual(Math.max(...parts.map(rank)));
      expect(combineStatuses([...parts].reverse())).toBe(whole);
      expect(combineStatuses([whole, ...parts])).toBe(whole);
    }),
    { seed: 5 },
  );
});

const level = (svn: number, pceSvn: number, status: TcbStatus) => ({
  sgx: Array.from({ length: 16 }, () => svn),
  tdx: Array.from({ length: 16 }, () => svn),
  pceSvn,
  status,
  advisories: [],
});
const levels = [level(3, 11, "UpToDate"), level(2, 11, "SWHardeningNeeded"), level(1, 5, "OutOfDate")];
const pck = (svn: number, pceSvn: number) => ({
  ppid: new Uint8Array(16),
  cpuSvn: new Uint8Array(16).fill(svn),
  pceSvn,
  pceId: new Uint8Array(2),
  fmspc: new Uint8Array(6),
});

test("one component below a level is below that level", () => {
  fc.assert(
    fc.property(fc.nat(15), (component) => {
      const machine = pck(3, 11);
      machine.cpuSvn[component] = 2;
      expect(matchLevel(levels, machine).status).toBe("SWHardeningNeeded");
    }),
    { seed: 6 },
  );
});

test("an old PCE lowers the level", () => {
  expect(matchLevel(levels, pck(3, 10)).status).toBe("OutOfDate");
  expect(() => matchLevel(levels, pck(3, 4))).toThrow(expect.objectContaining({ code: "tcb-unknown" }));
});

test("components 0 and 1 of a TD count only if the module has no version of its own", () => {
  const td = (module: number, version: number) => Uint8Array.of(module, version, ...new Uint8Array(14).fill(3));
  expect(matchLevel(levels, pck(3, 11), td(0, 1)).status).toBe("UpToDate");
  expect(() => matchLevel(levels, pck(3, 11), td(3, 0))).toThrow(expect.objectContaining({ code: "tcb-unknown" }));
  const unversioned = levels.map(({ sgx, tdx, pceSvn, status, advisories }) => ({
    sgx,
    tdx: [tdx[0]!, 0, ...tdx.slice(2)],
    pceSvn,
    status,
    advisories,
  }));
  expect(matchLevel(unversioned, pck(3, 11), td(2, 0)).status).toBe("SWHardeningNeeded");
});

const statusOf = async (forgery: Forgery) => (await verifyForged(forgery)).tcb;
const first = <T extends { tcbLevels: readonly object[] }>(statement: T, change: object): T => ({
  ...statement,
  tcbLevels: [{ ...statement.tcbLevels[0], ...change }],
});

test("advisories of machine, module and quoting enclave add up", async () => {
  const tcb = await statusOf({
    tcbInfo: (info) => ({
      ...first(info, { tcbStatus: "SWHardeningNeeded", advisoryIDs: ["INTEL-SA-00615", "INTEL-SA-00289"] }),
      tdxModuleIdentities: info.tdxModuleIdentities.map((module) =>
        first(module, { tcbStatus: "OutOfDate", advisoryIDs: ["INTEL-SA-01036"] }),
      ),
    }),
    qeIdentity: (identity) => first(identity, { advisoryIDs: ["INTEL-SA-00615"] }),
  });
  expect(tcb).toMatchObject({
    status: "OutOfDate",
    advisories: ["INTEL-SA-00289", "INTEL-SA-00615", "INTEL-SA-01036"],
  });
});

test("the older of the two rounds of judgement counts", async () => {
  const tcb = await statusOf({ tcbInfo: (info) => ({ ...info, tcbEvaluationDataNumber: 21 }) });
  expect(tcb.evaluation).toBe(1);
});

test("a module without a version is judged by the TCB level and by tdxModule alone", async () => {
  const td = { teeTcbSvn: Uint8Array.of(5, 0, 2, ...new Uint8Array(13)) };
  await expect(statusOf({ td })).resolves.toMatchObject({ status: "UpToDate" });
  const signedByOther = { td: { ...td, mrSignerSeam: new Uint8Array(48).fill(1) } };
  await expect(statusOf(signedByOther)).rejects.toMatchObject({ code: "tdx-module" });
});

test("members that Intel adds are none of our business", async () => {
  await expect(statusOf({ tcbInfo: (info) => ({ ...info, aNewOne: [1, { two: 3 }] }) })).resolves.toBeDefined();
  expect(forge().collateral.tcbInfo).not.toContain("aNewOne");
});
