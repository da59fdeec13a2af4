/** A host that presents somebody else's proof, an old one, a weaker one or other rules is refused before a word is said. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, expect, test } from "vitest";
import { linkKinds, type LinkMessage } from "#protocol/link.ts";
import { ClientError, developmentPolicy, type Policy } from "#client/index.ts";
import { encodeEvidence } from "#attestation/evidence.ts";
import type { Platform } from "#enclave/platform/platform.ts";
import { platformFromSeed, softwarePlatform } from "#enclave/platform/software.ts";
import { contractEngine } from "#enclave/sandbox/engine.ts";
import { loadContractFolder } from "#enclave/contract-folder.ts";
import { unavailablePlatform } from "#enclave/platform/unavailable.ts";
import { contractsFolder } from "../support/folders.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";
import { until } from "./play-out.ts";
import type { Seen } from "./tamper.ts";
import { decodeIntelEvidence } from "../support/intel-evidence.ts";

let stage: Stage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function open(options: StageOptions = {}): Promise<Stage> {
  stage = await openStage(options);
  return stage;
}

const isWelcome = ({ kind, direction, body }: Seen): boolean =>
  kind === linkKinds.frame && direction === "to-gateway" && body[0] === 0x11;

/** The code of a refused join, and what the client had sent to the worker by then. */
async function refusal(
  on: Stage,
  options: Parameters<Stage["join"]>[1] = {},
  room?: Awaited<ReturnType<Stage["room"]>>,
): Promise<{ code: string; sentence: string; sent: Uint8Array[] }> {
  const id = room ?? (await on.room());
  const from = on.link.seen.length;
  const error = await on.join(id, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw new Error(`the client joined, or failed otherwise: ${String(error)}`);
  const sent = on.link.seen
    .slice(from)
    .flatMap(({ kind, direction, body }) => (kind === linkKinds.frame && direction === "to-worker" ? [body] : []));
  return { code: error.code, sentence: error.sentence, sent };
}

/** Nothing but an ephemeral key: 32 bytes behind the envelope's two. */
function expectOnlyHellos(sent: readonly Uint8Array[]): void {
  for (const body of sent) {
    expect(body[0]).toBe(0x01);
    expect(body.length).toBe(2 + 32);
  }
}

/** A platform whose quotes are made over something else than asked. */
const quoting = (change: (reportData: Uint8Array, honest: Platform) => Promise<Uint8Array>): StageOptions => ({
  platform: (honest) => ({
    info: () => honest.info(),
    deriveKey: (path) => honest.deriveKey(path),
    quote: (reportData) => change(reportData, honest),
  }),
});

test("an honest place is joined", async () => {
  const on = await open();
  const room = await on.join(await on.room());
  expect(room.shield.accepted).toBe(true);
  expect(room.shield.development).toBe(true);
});

test("a worker in an enclave of SGX is joined as one in a TD is", async () => {
  const sgx = platformFromSeed(new Uint8Array(32).fill(3), () => Math.floor(Date.now() / 1000), "sgx");
  const on = await open(quoting((reportData) => sgx.quote(reportData)));
  const room = await on.join(await on.room());
  expect(room.shield).toMatchObject({ accepted: true, development: true, verified: { kind: "sgx", quoteVersion: 3 } });
});

test("evidence of one kind that calls itself the other is refused", async () => {
  const on = await open(
    quoting(async (reportData, honest) =>
      encodeEvidence({ ...decodeIntelEvidence(await honest.quote(reportData)), kind: "sgx" }),
    ),
  );
  const { code, sent } = await refusal(on);
  expect(code).toBe("evidence-unsupported");
  expectOnlyHellos(sent);
});

test("a quote over another key is refused: key-not-bound", async () => {
  const on = await open(quoting((reportData, honest) => honest.quote(reportData.map((byte) => byte ^ 1))));
  const { code, sent } = await refusal(on);
  expect(code).toBe("key-not-bound");
  expectOnlyHellos(sent);
});

test("the quote of an earlier join, replayed by a worker, is refused: key-not-bound", async () => {
  let first: Promise<Uint8Array> | undefined;
  const on = await open(quoting((reportData, honest) => (first ??= honest.quote(reportData))));
  (await on.join(await on.room())).close();
  await on.link.saw(({ kind }) => kind === linkKinds.detach);
  const { code, sent } = await refusal(on);
  expect(code).toBe("key-not-bound");
  expectOnlyHellos(sent);
});

test("a recorded welcome, replayed by the host, is refused", async () => {
  const on = await open();
  const room = await on.room();
  await on.join(room);
  const recorded = await on.link.saw(isWelcome);
  on.link.rule = (message) => [isWelcome(message) ? { ...message, body: recorded.body } : message];
  const { code, sent } = await refusal(on, {}, room);
  expect(code).toBe("handshake-failed");
  expectOnlyHellos(sent);
});

test("welcomes swapped between two players are refused by both", async () => {
  const on = await open();
  const room = await on.room();
  let held: Seen | undefined;
  on.link.rule = (message): readonly LinkMessage[] => {
    if (!isWelcome(message)) return [message];
    if (held === undefined) {
      held = message;
      return [];
    }
    const other = held;
    held = undefined;
    return [
      { ...message, body: other.body },
      { ...other, body: message.body },
    ];
  };
  const codes = await Promise.all([refusal(on, {}, room), refusal(on, {}, room)]);
  expect(codes.map(({ code }) => code)).toEqual(["handshake-failed", "handshake-failed"]);
});

test("a welcome with any byte flipped is refused", async () => {
  const on = await open();
  const room = await on.room();
  for (const part of [0, 0.01, 0.5, 0.999]) {
    on.link.rule = (message) => {
      if (!isWelcome(message)) return [message];
      const body = message.body.slice();
      const at = 1 + Math.floor((body.length - 2) * part);
      body[at]! ^= 0x40;
      return [{ ...message, body }];
    };
    const { code, sent } = await refusal(on, {}, room);
    expect(code).toBe("handshake-failed");
    expectOnlyHellos(sent);
  }
});

test("a welcome that never comes ends the attempt: handshake-timeout", async () => {
  const on = await open();
  const room = await on.room();
  on.link.rule = (message) => (isWelcome(message) ? [] : [message]);
  const { code } = await refusal(on, { timeouts: { answer: 300 } }, room);
  expect(code).toBe("handshake-timeout");
});

test("another machine's development root is refused where a fingerprint was typed", async () => {
  const on = await open();
  const policy: Policy = { ...developmentPolicy, development: { fingerprints: ["00".repeat(32)] } };
  expect(await refusal(on, { policy })).toMatchObject({ code: "development-refused" });
});

test("development evidence is refused under a vendor's policy, by its root", async () => {
  const on = await open();
  const register = ["00".repeat(48)];
  const policy: Policy = {
    version: 2,
    vendors: ["intel"],
    development: "refused",
    tcb: { statuses: ["UpToDate"], advisories: [], evaluationMin: 21 },
    tdx: { mrtd: register, rtmr0: register, rtmr1: register, rtmr2: register, rtmr3: register },
  };
  const { code, sent } = await refusal(on, { policy });
  expect(code).toBe("untrusted-root");
  expectOnlyHellos(sent);
});

test("evidence put together from two machines is refused", async () => {
  const stranger = await softwarePlatform({ directory: await mkdtemp(joinPath(tmpdir(), "phatroom-stranger-")) });
  const on = await open(
    quoting(async (reportData, honest) => {
      const [own, other] = [
        decodeIntelEvidence(await honest.quote(reportData)),
        decodeIntelEvidence(await stranger.quote(reportData)),
      ];
      return encodeEvidence({ ...own, collateral: other.collateral });
    }),
  );
  const { code, sent } = await refusal(on);
  expect(code).toMatch(/^(certificate|crl|untrusted|tcb-info|collateral)/);
  expectOnlyHellos(sent);
});

test("a quote with one bit changed is refused: quote-signature", async () => {
  const on = await open(
    quoting(async (reportData, honest) => {
      const evidence = decodeIntelEvidence(await honest.quote(reportData));
      const quote = evidence.quote.slice();
      // A byte of MRTD (offset 136 of the report, behind a header of 48).
      quote[48 + 136]! ^= 1;
      return encodeEvidence({ ...evidence, quote });
    }),
  );
  expect(await refusal(on)).toMatchObject({ code: "quote-signature" });
});

test("no evidence at all is refused before anything is said", async () => {
  const on = await open({
    platform: () => ({ ...unavailablePlatform(), deriveKey: () => Promise.resolve(new Uint8Array(32)) }),
  });
  const { code, sent } = await refusal(on);
  expect(code).toBe("platform-unavailable");
  expectOnlyHellos(sent);
});

test("other rules under the same name are refused: wrong-contract", async () => {
  const engine = await contractEngine();
  const [dot4] = await loadContractFolder(engine, contractsFolder);
  const { readFile } = await import("node:fs/promises");
  const bundle = await readFile(joinPath(contractsFolder, "dot4.bundle.js"), "utf8");
  const loaded = await engine.load(new TextEncoder().encode(`${bundle}\n;`));
  expect(loaded.manifest).toEqual(dot4!.manifest);
  const on = await open({ contracts: [loaded] });
  const { code, sentence, sent } = await refusal(on, { contract: dot4!.hash });
  expect(code).toBe("wrong-contract");
  expect(sentence).toMatch(/rules/);
  expectOnlyHellos(sent);
});

test("another world, and another room than asked for, are refused", async () => {
  const on = await open();
  expect(await refusal(on, { world: new Uint8Array(32) })).toMatchObject({ code: "handshake-failed" });
  const [asked, other] = [await on.room(), await on.room()];
  const swap = (text: string): string => text.replace(asked, other);
  on.link.rule = (message) =>
    message.kind === linkKinds.attach
      ? [
          {
            ...message,
            body: Uint8Array.from(Buffer.from(swap(Buffer.from(message.body).toString("latin1")), "latin1")),
          },
        ]
      : [message];
  const { code, sent } = await refusal(on, {}, asked);
  expect(code).toBe("handshake-failed");
  expectOnlyHellos(sent);
});

test("after all of it an honest join still works", async () => {
  const on = await open();
  const room = await on.room();
  on.link.rule = (message) => (isWelcome(message) ? [] : [message]);
  await refusal(on, { timeouts: { answer: 200 } }, room);
  on.link.rule = (message) => [message];
  const [ada, grace] = [await on.join(room), await on.join(room)];
  await until(ada, ({ view }) => view?.phase === "placing");
  expect(grace.seat).toBe(1);
});
