/**
 * A guest agent like dstack's (interface of 0.5.8 and 0.6), for a machine that does not exist: its quotes are the
 * software platform's, its log is what dstack would have measured. The official SDK talks to it in
 * `tests/enclave/platform/dstack/official-client.test.ts`, so that it is not only our own idea of an agent.
 */
import { createHash, hkdfSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { parseEventLog, runtimeDigest, runtimeEventType } from "#attestation/dstack/event-log.ts";
import { replay } from "#attestation/dstack/replay.ts";
import { createPki, type DevelopmentPki } from "#enclave/platform/development/pki.ts";
import { createQuotingEnclave } from "#enclave/platform/development/quoting-enclave.ts";
import { createTdxQuote, developmentTd } from "#enclave/platform/development/tdx-quote.ts";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "#protocol/bytes.ts";

export interface AgentOptions {
  /** Of everything the machine is made of. */
  readonly seed: Uint8Array;
  readonly appCompose?: string;
  /** 40 hex digits; default: of the compose hash, as without a registry. */
  readonly appId?: string;
  /** Which digests dstack extends. */
  readonly logVersion?: 1 | 2;
  /** Answers something else, or nothing at all, to methods of these names. */
  readonly faults?: Faults;
}

/** By method: what is put on the wire instead of an honest answer. */
export type Faults = Map<string, (response: ServerResponse, honest: object) => void>;

export interface DstackAgent {
  readonly pki: DevelopmentPki;
  readonly appCompose: string;
  readonly composeHash: string;
  readonly appId: string;
  /** Public key of the key authority's root, 66 hex digits. */
  readonly kmsRoot: string;
  /** How often each method was asked. */
  readonly asked: Map<string, number>;
  /** At a Unix socket's path, or at any port of this machine. */
  listen(path?: string): Promise<{ readonly address: string; close(): Promise<void> }>;
}

interface Entry {
  readonly imr: number;
  readonly event_type: number;
  readonly digest: string;
  readonly event: string;
  readonly event_payload: string;
  readonly version?: number;
}

type Question = Readonly<Record<string, unknown>>;

const osImageHash = "05".repeat(32);

export const defaultAppCompose = `${JSON.stringify({
  manifest_version: 2,
  name: "phatroom",
  runner: "docker-compose",
  docker_compose_file: "services: {}\n",
  kms_enabled: true,
})}\n`;

export function createAgent(options: AgentOptions): DstackAgent {
  const { seed, appCompose = defaultAppCompose, logVersion = 1, faults = new Map() } = options;
  const composeHash = createHash("sha256").update(appCompose).digest("hex");
  const appId = options.appId ?? composeHash.slice(0, 40);
  const keys = keyAuthority(derive(seed, "kms"), appId);
  const instanceId = createHash("sha256").update(seed).update(appId, "hex").digest("hex").slice(0, 40);
  const log = measuredStart({ composeHash, appId, instanceId, kmsRoot: keys.root, logVersion });
  const pki = createPki(seed);
  const enclave = createQuotingEnclave(pki, seed);
  const registers = replay(parseEventLog(utf8ToBytes(JSON.stringify(log))));
  const td = (reportData: Uint8Array) => {
    const [rtmr0, rtmr1, rtmr2, rtmr3] = registers.map(hexToBytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    return { ...developmentTd(reportData), rtmr: [rtmr0, rtmr1, rtmr2, rtmr3] as const };
  };
  const vmConfig = JSON.stringify({ spec_version: 1, os_image_hash: osImageHash, cpu_count: 2, memory_size: 2 ** 31 });
  const quote = (question: Question): Uint8Array => createTdxQuote(td(padded(question["report_data"])), enclave);

  const methods: Readonly<Record<string, (question: Question) => object>> = {
    GetQuote: (question) => ({
      quote: bytesToHex(quote(question)),
      event_log: JSON.stringify(log),
      report_data: bytesToHex(padded(question["report_data"])),
      vm_config: vmConfig,
      attestation: "",
    }),
    Attest: (question) => ({ attestation: bytesToHex(quote(question)) }),
    GetKey: (question) =>
      keys.get(textOf(question["path"]), textOf(question["purpose"]), textOf(question["algorithm"])),
    Sign: (question) => keys.sign(textOf(question["algorithm"]), binary(question["data"])),
    Verify: (question) => ({ valid: verifySignature(question) }),
    Info: () => {
      const [rtmr0, rtmr1, rtmr2, rtmr3] = registers;
      const measured = { mrtd: bytesToHex(td(new Uint8Array(64)).mrTd), rtmr0, rtmr1, rtmr2, rtmr3 };
      const mr_aggregated = createHash("sha256").update(Object.values(measured).join(""), "hex").digest("hex");
      const common = {
        mr_aggregated,
        os_image_hash: osImageHash,
        compose_hash: composeHash,
        device_id: "00".repeat(32),
      };
      return {
        app_id: appId,
        instance_id: instanceId,
        app_cert: "",
        tcb_info: JSON.stringify({ ...measured, ...common, event_log: log, app_compose: appCompose }),
        app_name: "phatroom",
        ...common,
        key_provider_info: JSON.stringify({ name: "kms", id: keys.root }),
        vm_config: vmConfig,
        cloud_vendor: "",
        cloud_product: "",
      };
    },
    Version: () => ({ version: "0.5.8", rev: "no hardware" }),
    GpuInfo: () => ({ attestation: "" }),
  };

  const asked = new Map<string, number>();
  const answer = (method: string, question: Question, response: ServerResponse): void => {
    asked.set(method, (asked.get(method) ?? 0) + 1);
    const known = methods[method];
    if (known === undefined) return send(response, 404, { error: `Service not found: ${method}` });
    let honest: object;
    try {
      honest = known(question);
    } catch (error) {
      return send(response, 400, { error: (error as Error).message });
    }
    const fault = faults.get(method);
    if (fault === undefined) send(response, 200, honest);
    else fault(response, honest);
  };
  return { pki, appCompose, composeHash, appId, kmsRoot: keys.root, asked, listen: (path) => listen(answer, path) };
}

/** One JSON object, in ASCII, with its length: the official SDK reads nothing else from a Unix socket. */
export function send(response: ServerResponse, status: number, body: object): void {
  const json = JSON.stringify(body).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": json.length }).end(json);
}

async function listen(
  answer: (method: string, question: Question, response: ServerResponse) => void,
  path?: string,
): Promise<{ address: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://dstack");
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const question = request.method === "GET" ? Object.fromEntries(url.searchParams) : JSON.parse(body || "{}");
      answer(url.pathname.slice(1), question as Question, response);
    });
  });
  if (path === undefined) server.listen(0, "127.0.0.1");
  else server.listen(path);
  await once(server, "listening");
  return {
    address: path ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What firmware, kernel and dstack would have extended. */
function measuredStart(start: {
  readonly composeHash: string;
  readonly appId: string;
  readonly instanceId: string;
  readonly kmsRoot: string;
  readonly logVersion: 1 | 2;
}): readonly Entry[] {
  const firmware = (imr: number, name: string): Entry => ({
    imr,
    event_type: 0x8000_0001,
    digest: createHash("sha384").update(`development ${name}`).digest("hex"),
    event: "",
    event_payload: Buffer.from(name).toString("hex"),
  });
  const own = (event: string, payload = ""): Entry => ({
    imr: 3,
    event_type: runtimeEventType,
    digest: bytesToHex(runtimeDigest(start.logVersion, event, payload)),
    event,
    event_payload: payload,
    ...(start.logVersion === 2 ? { version: 2 } : {}),
  });
  const provider = JSON.stringify({ name: "kms", id: start.kmsRoot });
  return [
    firmware(0, "virtual hardware"),
    firmware(1, "kernel"),
    firmware(2, "command line"),
    firmware(2, "initial file system"),
    own("system-preparing"),
    own("app-id", start.appId),
    own("compose-hash", start.composeHash),
    own("instance-id", start.instanceId),
    own("boot-mr-done"),
    own("os-image-hash", osImageHash),
    own("key-provider", Buffer.from(provider).toString("hex")),
    own("storage-fs", Buffer.from("zfs").toString("hex")),
    own("system-ready"),
  ];
}

/** dstack's key derivation and its chain of signatures: root, application, key. */
function keyAuthority(rootKey: Uint8Array, appId: string) {
  const kdf = (key: Uint8Array, info: Uint8Array): Uint8Array =>
    new Uint8Array(hkdfSync("sha256", key, utf8ToBytes("RATLS"), info, 32));
  const appKey = kdf(rootKey, concatBytes(hexToBytes(appId), utf8ToBytes("app-key")));
  const issued = concatBytes(
    utf8ToBytes("dstack-kms-issued:"),
    hexToBytes(appId),
    secp256k1.getPublicKey(appKey, true),
  );
  const appKeySignature = bytesToHex(recoverable(rootKey, issued));
  const get = (path: string, purpose: string, algorithm: string) => {
    const key = kdf(appKey, utf8ToBytes(path));
    const said = recoverable(appKey, utf8ToBytes(`${purpose}:${bytesToHex(publicKeyOf(curveOf(algorithm), key))}`));
    return { key: bytesToHex(key), signature_chain: [bytesToHex(said), appKeySignature] };
  };
  return {
    root: bytesToHex(secp256k1.getPublicKey(rootKey, true)),
    get,
    sign(algorithm: string, data: Uint8Array) {
      const prehashed = algorithm === "secp256k1_prehashed";
      const curve = curveOf(prehashed ? "secp256k1" : algorithm);
      const { key, signature_chain } = get("vms", "signing", curve);
      const secret = hexToBytes(key);
      const signature =
        curve === "ed25519" ? ed25519.sign(data, secret) : secp256k1.sign(data, secret, { prehash: !prehashed });
      return {
        signature: bytesToHex(signature),
        signature_chain: [bytesToHex(signature), ...signature_chain],
        public_key: bytesToHex(publicKeyOf(curve, secret)),
      };
    },
  };
}

type Curve = "secp256k1" | "ed25519";

function curveOf(algorithm: string): Curve {
  if (algorithm === "" || algorithm === "k256" || algorithm === "secp256k1") return "secp256k1";
  if (algorithm === "ed25519") return algorithm;
  throw new Error("Unsupported algorithm");
}

const publicKeyOf = (curve: Curve, key: Uint8Array): Uint8Array =>
  curve === "ed25519" ? ed25519.getPublicKey(key) : secp256k1.getPublicKey(key, true);

/** r ‖ s ‖ recovery id, over Keccak-256. */
function recoverable(key: Uint8Array, message: Uint8Array): Uint8Array {
  const signed = secp256k1.sign(keccak_256(message), key, { prehash: false, format: "recovered" });
  return concatBytes(signed.subarray(1), signed.subarray(0, 1));
}

function verifySignature(question: Question): boolean {
  const [algorithm, data] = [textOf(question["algorithm"]), binary(question["data"])];
  const [signature, publicKey] = [binary(question["signature"]), binary(question["public_key"])];
  try {
    if (algorithm === "ed25519") return ed25519.verify(signature, data, publicKey);
    return secp256k1.verify(signature, data, publicKey, { prehash: algorithm !== "secp256k1_prehashed" });
  } catch {
    return false;
  }
}

const derive = (seed: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", seed, new Uint8Array(0), utf8ToBytes(purpose), 32));

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const binary = (value: unknown): Uint8Array => hexToBytes(textOf(value));

function padded(value: unknown): Uint8Array {
  const bytes = binary(value);
  if (bytes.length > 64) throw new Error("Report data is too long");
  const out = new Uint8Array(64);
  out.set(bytes);
  return out;
}
