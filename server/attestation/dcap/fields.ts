/**
 * Reads Intel's signed JSON, after its signature was checked. Members we need must be there and of the right form;
 * members we do not know are Intel's to add.
 */
import { hexToBytes } from "#protocol/bytes.ts";
import { AttestationError, demand } from "../errors.ts";
import { listLengthMax } from "../limits.ts";
import { parseIsoTime } from "../time.ts";
import { isAdvisory, type TcbStatus, tcbStatuses } from "../verified.ts";

const code = "collateral-malformed";

export class Fields {
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    demand(typeof value === "object" && value !== null && !Array.isArray(value), code, "not an object");
    this.#members = value as Record<string, unknown>;
  }

  static parse(text: string): Fields {
    try {
      return new Fields(JSON.parse(text));
    } catch (error) {
      if (error instanceof SyntaxError) throw new AttestationError(code, "not JSON");
      throw error;
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  text(name: string): string {
    const value = this.#get(name);
    demand(typeof value === "string", code, name);
    return value;
  }

  integer(name: string, max: number): number {
    const value = this.#get(name);
    demand(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max, code, name);
    return value as number;
  }

  /** Exactly so many bytes in hexadecimal of either case. */
  bytes(name: string, length: number): Uint8Array {
    const text = this.text(name);
    demand(text.length === length * 2 && /^[0-9a-fA-F]*$/.test(text), code, name);
    return hexToBytes(text);
  }

  /** Unix seconds. */
  time(name: string): number {
    const seconds = parseIsoTime(this.text(name));
    demand(seconds !== undefined, code, name);
    return seconds;
  }

  status(): TcbStatus {
    const value = this.text("tcbStatus");
    const status = tcbStatuses.find((known) => known === value);
    demand(status !== undefined, code, "tcbStatus");
    return status;
  }

  /** INTEL-SA-00615 and the like; none if the member is missing. */
  advisories(): readonly string[] {
    if (!this.has("advisoryIDs")) return [];
    return this.#list("advisoryIDs").map((value) => {
      demand(isAdvisory(value), code, "advisoryIDs");
      return value;
    });
  }

  object(name: string): Fields {
    return new Fields(this.#get(name));
  }

  objects(name: string): readonly Fields[] {
    return this.#list(name).map((value) => new Fields(value));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name);
    demand(Array.isArray(value) && value.length <= listLengthMax, code, name);
    return value;
  }

  #get(name: string): unknown {
    return this.has(name) ? this.#members[name] : undefined;
  }
}
