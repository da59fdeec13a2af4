/** The production platform, on a machine that does not exist: our agent, and our collateral service behind a gateway. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@noble/hashes/sha2.js";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { decodeEvidence, rootOf, type TdxEvidence } from "#attestation/evidence.ts";
import { verify } from "#attestation/verify.ts";
import { webCryptoPrimitives } from "#client/primitives.ts";
import type { CollateralSource } from "#enclave/collateral-desk.ts";
import { dstackPlatform } from "#enclave/platform/dstack/dstack.ts";
import { parseAgentAddress } from "#enclave/platform/dstack/exchange.ts";
import { GuestAgent } from "#enclave/platform/dstack/guest-agent.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import { createPki } from "#enclave/platform/development/pki.ts";
import { bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import type { CollateralParts } from "#protocol/collateral.ts";
import { platformConformance } from "../../../conformance/platform.ts";
import { answersOf, collateralOf } from "../../../support/collateral-service.ts";
import { type AgentOptions, createAgent, type DstackAgent, type Faults, send } from "../../../support/dstack-agent.ts";

const folder = await mkdtemp(join(tmpdir(), "phatroom-dstack-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const clock = (): number => Math.floor(Date.now() / 1000);
const seedOf = (identity: string): Uint8Array => sha256(utf8ToBytes(`a machine for tests: ${identity}`));
const primitives = webCryptoPrimitives();
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A gateway that has these answers, and says what was asked. */
function source(parts: () => CollateralParts): CollateralSource & { readonly asked: object[] } {
  const asked: object[] = [];
  return {
    asked,
    ask: (wanted, accept) => {
      asked.push(wanted);
      return accept(parts());
    },
  };
}

let sockets = 0;

async function start(options: AgentOptions, transport: "socket" | "http" = "socket") {
  const agent = createAgent(options);
  const listening = await agent.listen(transport === "http" ? undefined : join(folder, `${(sockets += 1)}.sock`));
  closing.push(() => listening.close());
  const address = parseAgentAddress(listening.address)!;
  const limits = { timeoutMs: 5000, headMax: 8192, bodyMax: 256 * 1024 };
  return { agent, client: new GuestAgent(address, limits) };
}

async function open(options: AgentOptions, transport: "socket" | "http" = "socket"): Promise<Platform> {
  const { agent, client } = await start(options, transport);
  const collateral = source(() => answersOf(collateralOf(agent.pki, clock())));
  return dstackPlatform({ agent: client, collateral, now: () => 0, wallTime: clock });
}

platformConformance("dstack over a Unix socket", { open: (identity) => open({ seed: seedOf(identity) }), now: clock });
platformConformance("dstack over HTTP", { open: (identity) => open({ seed: seedOf(identity) }, "http"), now: clock });

const reportData = new Uint8Array(64).map((_, i) => i);
const evidenceOf = async (platform: Platform): Promise<TdxEvidence> => {
  const evidence = decodeEvidence(await platform.quote(reportData));
  if (evidence.kind !== "tdx") throw new Error("not a trust domain");
  return evidence;
};
const verified = async (evidence: TdxEvidence) =>
  verify(evidence, { roots: [rootOf(evidence)], now: clock(), primitives });

test.for([1, 2] as const)("its evidence says which application runs, by digests of version %i", async (logVersion) => {
  const { agent, client } = await start({ seed: seedOf("a"), logVersion });
  const collateral = source(() => answersOf(collateralOf(agent.pki, clock())));
  const platform = await dstackPlatform({ agent: client, collateral, now: () => 0, wallTime: clock });
  const { dstack } = await verified(await evidenceOf(platform));
  expect(dstack).toMatchObject({
    composeHash: agent.composeHash,
    appId: agent.appId,
    keyProvider: { name: "kms", id: agent.kmsRoot },
  });
});

test("an application's own text, and a registered id, come through byte for byte", async () => {
  const appCompose = '{ "name" : "Räume 🦀",\n\t"z":1, "a":2 }\n';
  const evidence = await evidenceOf(await open({ seed: seedOf("a"), appCompose, appId: "a1".repeat(20) }));
  expect(new TextDecoder().decode(evidence.dstack?.appCompose)).toBe(appCompose);
  expect((await verified(evidence)).dstack).toMatchObject({ appId: "a1".repeat(20) });
});

test("without hardware it says so, and names its root", async () => {
  const info = await (await open({ seed: seedOf("a") })).info();
  expect(info).toMatchObject({ name: "dstack", hardware: false });
  expect(info.label).toMatch(/protects nothing.*can read every room/);
  expect(info.fingerprint).toBe(bytesToHex(sha256(createPki(seedOf("a")).root.certificate)));
});

describe("the vendor's statements", () => {
  const other = createPki(seedOf("somebody else"));

  async function place(options: { parts?: (agent: DstackAgent) => CollateralParts; fail?: () => boolean } = {}) {
    const { agent, client } = await start({ seed: seedOf("a") });
    let now = 0;
    const parts = options.parts ?? ((of: DstackAgent) => answersOf(collateralOf(of.pki, clock())));
    const collateral = source(() => {
      if (options.fail?.() === true) throw new Error("no gateway");
      return parts(agent);
    });
    const platform = await dstackPlatform({ agent: client, collateral, now: () => now, wallTime: clock });
    return { platform, collateral, pass: (hours: number) => (now += hours * 3_600_000) };
  }

  test("are asked for by the machine's model, when the first quote is, and kept", async () => {
    const { platform, collateral } = await place();
    expect(collateral.asked).toEqual([]);
    await Promise.all([platform.quote(reportData), platform.quote(reportData)]);
    await platform.quote(reportData);
    expect(collateral.asked).toEqual([{ tee: "tdx", fmspc: "de0c0000dead", ca: "platform" }]);
  });

  test("are renewed within hours, while the old ones are still presented", async () => {
    const { platform, collateral, pass } = await place();
    await platform.quote(reportData);
    pass(7);
    await platform.quote(reportData);
    await expect.poll(() => collateral.asked.length).toBe(2);
    await platform.quote(reportData);
    expect(collateral.asked).toHaveLength(2);
  });

  test("that cannot be renewed go on being presented, and are asked for again", async () => {
    let failing = false;
    const { platform, collateral, pass } = await place({ fail: () => failing });
    const { collateral: first } = await evidenceOf(platform);
    failing = true;
    for (const times of [2, 3]) {
      pass(7);
      expect((await evidenceOf(platform)).collateral).toEqual(first);
      await expect.poll(() => collateral.asked.length).toBe(times);
    }
  });

  const changed = (change: Partial<CollateralParts>) => (agent: DstackAgent) => ({
    ...answersOf(collateralOf(agent.pki, clock())),
    ...change,
  });

  test.for<readonly [string, (agent: DstackAgent) => CollateralParts]>([
    ["are another machine's", () => answersOf(collateralOf(other, clock()))],
    ["are of last year", (agent) => answersOf(collateralOf(agent.pki, clock() - 400 * 86_400))],
    ["are empty", changed({ tcbInfo: new Uint8Array(0) })],
    ["are no JSON", changed({ qeIdentity: utf8ToBytes("<html>") })],
    ["have no chain", changed({ tcbInfoChain: "" })],
    ["have a chain in half an encoding", changed({ qeIdentityChain: "%4" })],
    ["have an empty revocation list", changed({ rootCrl: new Uint8Array(0) })],
    ["have another root's revocation list", changed({ rootCrl: collateralOf(other, clock()).rootCrl })],
  ])("that %s are not presented to anybody", async ([, parts]) => {
    const { platform } = await place({ parts });
    await expect(platform.quote(reportData)).rejects.toMatchObject({ code: "platform-unavailable" });
  });

  test("are asked for again by the next quote after a failure", async () => {
    let failing = true;
    const { platform } = await place({ fail: () => failing });
    await expect(platform.quote(reportData)).rejects.toMatchObject({ code: "platform-unavailable" });
    failing = false;
    await expect(platform.quote(reportData)).resolves.toBeInstanceOf(Uint8Array);
  });
});

describe("an agent", () => {
  const say =
    (text: string): Parameters<Faults["set"]>[1] =>
    (response) =>
      void response.socket!.end(text);
  const body = (json: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${json.length}\r\n\r\n${json}`;
  const change =
    (members: object): Parameters<Faults["set"]>[1] =>
    (response, honest) =>
      send(response, 200, { ...honest, ...members });

  test.for<readonly [string, string, Parameters<Faults["set"]>[1]]>([
    ["that hangs up", "GetQuote", (response) => response.destroy()],
    ["that answers in no protocol", "GetQuote", say("quote\r\n\r\n")],
    ["that answers without a length", "GetQuote", say("HTTP/1.1 200 OK\r\n\r\n{}")],
    [
      "that answers in chunks",
      "GetQuote",
      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    ],
    ["that names two lengths", "GetQuote", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")],
    ["that says more than it announced", "GetQuote", say(`${body("{}")}{}`)],
    ["that stops in the middle", "GetQuote", say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")],
    ["that announces too much", "GetQuote", say("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{}")],
    ["that never ends its headers", "GetQuote", say(`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(2000)}`)],
    ["that answers no JSON", "GetQuote", say(body("quote"))],
    ["that answers a list", "GetQuote", say(body("[]"))],
    ["that refuses", "GetQuote", (response) => send(response, 500, { error: "no hardware" })],
    ["that refuses with a good status", "GetQuote", (response) => send(response, 200, { error: "no hardware" })],
    ["that gives no quote", "GetQuote", change({ quote: "" })],
    ["whose quote is no quote", "GetQuote", change({ quote: "00".repeat(5000) })],
    ["whose quote is no hexadecimal", "GetQuote", change({ quote: "zz" })],
    ["that gives no log", "GetQuote", change({ event_log: 7 })],
    ["whose log is no JSON", "GetQuote", change({ event_log: "log" })],
    ["whose log is of another start", "GetQuote", change({ event_log: "[]" })],
    ["that gives no key", "GetKey", change({ key: 7 })],
    ["whose key is short", "GetKey", change({ key: "00".repeat(31) })],
    ["that does not describe the application", "Info", change({ tcb_info: "{}" })],
    [
      "that describes another application",
      "Info",
      (response, honest) => send(response, 200, { ...honest, tcb_info: JSON.stringify({ app_compose: "{}" }) }),
    ],
  ])("%s is not believed", async ([, method, fault]) => {
    const faults: Faults = new Map([[method, fault]]);
    const use = async () => {
      const platform = await open({ seed: seedOf("a"), faults });
      await platform.quote(reportData);
      await platform.deriveKey("seal");
    };
    await expect(use()).rejects.toMatchObject({ name: "PlatformError", code: "platform-unavailable" });
  });

  test("that gives a quote over something else is not believed", async () => {
    const other = createAgent({ seed: seedOf("a") });
    const faults: Faults = new Map();
    const platform = await open({ seed: seedOf("a"), faults });
    const old = await (await open({ seed: seedOf("a") })).quote(new Uint8Array(64));
    expect(other.composeHash).toHaveLength(64);
    faults.set("GetQuote", change({ quote: bytesToHex(decodeEvidence(old).quote) }));
    await expect(platform.quote(reportData)).rejects.toMatchObject({ code: "platform-unavailable" });
  });

  test("that is restarted is asked again", async () => {
    const agent = createAgent({ seed: seedOf("a") });
    const path = join(folder, "late.sock");
    const key = new GuestAgent(parseAgentAddress(path)!).key("seal");
    const listening = await agent.listen(path);
    onTestFinished(() => listening.close());
    await expect(key).resolves.toHaveLength(32);
  });

  test("that never comes is given up", async () => {
    const agent = new GuestAgent(parseAgentAddress(join(folder, "never.sock"))!);
    await expect(agent.key("seal")).rejects.toMatchObject({ code: "platform-unavailable" });
  });

  test("that never answers is given up", async () => {
    const faults: Faults = new Map([["GetKey", () => undefined]]);
    const { agent, client: patient } = await start({ seed: seedOf("a"), faults });
    expect(patient).toBeDefined();
    const listening = await agent.listen();
    onTestFinished(() => listening.close());
    const hasty = new GuestAgent(parseAgentAddress(listening.address)!, {
      timeoutMs: 50,
      headMax: 8192,
      bodyMax: 1024,
    });
    await expect(hasty.key("seal")).rejects.toMatchObject({ code: "platform-unavailable" });
  });
});

test.for([
  ["/var/run/dstack.sock", { kind: "socket", path: "/var/run/dstack.sock" }],
  ["http://127.0.0.1:8090", { kind: "http", host: "127.0.0.1", port: 8090 }],
  ["http://[::1]:8090/", { kind: "http", host: "::1", port: 8090 }],
  ["https://127.0.0.1:8090", undefined],
  ["http://127.0.0.1", undefined],
  ["http://127.0.0.1:0", undefined],
  ["http://127.0.0.1:70000", undefined],
  ["http://127.0.0.1:8090/path", undefined],
  ["dstack.sock", undefined],
  ["", undefined],
  [`/${"x".repeat(103)}`, undefined],
] as const)("the address %s is read as %o", ([text, address]) => {
  expect(parseAgentAddress(text)).toEqual(address);
});
