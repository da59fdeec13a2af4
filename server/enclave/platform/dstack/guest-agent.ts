/**
 * The guest agent of a dstack machine: the process beside ours that talks to the hardware and to the key authority.
 * Its interface is `dstack_guest.DstackGuest` in JSON: names in snake case, bytes in lower-case hexadecimal.
 */
import { hexToBytes } from "#protocol/bytes.ts";
import { isRecord } from "#protocol/value.ts";
import { PlatformError } from "../platform.ts";
import {
  type AgentAddress,
  type Answered,
  ExchangeError,
  exchangeLimits,
  type ExchangeLimits,
  post,
} from "./exchange.ts";

export interface AgentQuote {
  readonly quote: Uint8Array;
  /** JSON text, as the agent returned it. */
  readonly eventLog: string;
  /** JSON text, as the agent returned it; agents before 0.5.3 have none. */
  readonly vmConfig?: string;
}

/** Between attempts, in ms. The agent may start after us, and is restarted when it is updated. */
const pausesMs = [200, 1000];

export class GuestAgent {
  readonly #address: AgentAddress;
  readonly #limits: ExchangeLimits;

  constructor(address: AgentAddress, limits: ExchangeLimits = exchangeLimits) {
    this.#address = address;
    this.#limits = limits;
  }

  /** @param reportData 64 bytes. @throws PlatformError "platform-unavailable", as all here. */
  async quote(reportData: Uint8Array): Promise<AgentQuote> {
    const answer = await this.#ask("GetQuote", { report_data: Buffer.from(reportData).toString("hex") });
    const vmConfig = answer["vm_config"];
    return {
      quote: bytes(answer, "quote"),
      eventLog: text(answer, "event_log"),
      ...(vmConfig === undefined || vmConfig === "" ? {} : { vmConfig: text(answer, "vm_config") }),
    };
  }

  /**
   * 32 bytes that depend on the application id and the path, and on nothing else: the agent's `purpose` and `algorithm`
   * change its signature but not the key, so whoever asks puts both into the path.
   */
  async key(path: string): Promise<Uint8Array> {
    const key = bytes(await this.#ask("GetKey", { path, purpose: "" }), "key");
    if (key.length !== 32) throw unavailable("GetKey: key");
    return key;
  }

  /** The raw text of the application's description, whose hash is measured. */
  async appCompose(): Promise<string> {
    const answer = await this.#ask("Info", {});
    const tcbInfo = parse(text(answer, "tcb_info"), "Info: tcb_info");
    return text(tcbInfo, "app_compose");
  }

  /** Every question here may be asked again: an agent only reads. */
  async #ask(method: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const json = encodeAscii(body);
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        return readAnswer(method, await post(this.#address, `/${method}`, json, this.#limits));
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error;
        // One that has begun to answer and breaks the rules would do so again.
        if (error.begun || pauseMs === undefined) throw unavailable(`${method}: ${error.message}`);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    throw unavailable(method);
  }
}

function readAnswer(method: string, { status, body }: Answered): Readonly<Record<string, unknown>> {
  const answer = parse(Buffer.from(body).toString("utf8"), method);
  // Whatever the status says: agents have answered errors with 200.
  if (status !== 200 || typeof answer["error"] === "string") throw unavailable(`${method}: refused, status ${status}`);
  return answer;
}

/** Some agents count characters where they should count bytes; in ASCII there is no difference. */
export const encodeAscii = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function parse(json: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (!isRecord(value)) throw unavailable(`${what}: not a JSON object`);
  return value;
}

function text(answer: Readonly<Record<string, unknown>>, name: string): string {
  const value = answer[name];
  if (typeof value !== "string") throw unavailable(name);
  return value;
}

function bytes(answer: Readonly<Record<string, unknown>>, name: string): Uint8Array {
  const value = text(answer, name);
  if (value === "" || value.length % 2 !== 0 || !/^[0-9a-f]+$/.test(value)) throw unavailable(name);
  return hexToBytes(value);
}

const unavailable = (detail: string): PlatformError => new PlatformError("platform-unavailable", `agent: ${detail}`);
