/** Errors of JSON-RPC, with the numbers that Substrate's nodes give them. */
import { PoolError } from "../blocks/transaction-status.ts";
import { DevnetError } from "../errors.ts";

export interface RpcFailure {
  readonly code: number;
  readonly message: string;
  readonly data?: string;
}

export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: string | undefined;

  constructor(code: number, message: string, data?: string) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const parseError = (): RpcError => new RpcError(-32_700, "Parse error");
export const invalidRequest = (data: string): RpcError => new RpcError(-32_600, "Invalid request", data);
export const methodUnknown = (name: string): RpcError => new RpcError(-32_601, "Method not found", name);
export const invalidParameters = (data: string): RpcError => new RpcError(-32_602, "Invalid params", data);
export const limitReached = (data: string): RpcError => new RpcError(-32_005, "Limit reached", data);

/** What Substrate says about transactions that a runtime calls invalid. */
const invalidSentences: Readonly<Record<string, string>> = {
  Call: "Transaction call is not expected",
  Payment: "Inability to pay some fees (e.g. account balance too low)",
  Future: "Transaction will be valid in the future",
  Stale: "Transaction is outdated",
  BadProof: "Transaction has a bad signature",
  AncientBirthBlock: "Transaction has an ancient birth block",
  ExhaustsResources: "Transaction would exhaust the block limits",
  BadMandatory: "A call was labelled as mandatory, but resulted in an Error.",
  MandatoryValidation: "Transaction dispatch is mandatory; transactions must not be validated.",
  BadSigner: "Invalid signing address",
};

const unknownSentences: Readonly<Record<string, string>> = {
  CannotLookup: "Could not lookup information required to validate the transaction",
  NoUnsignedValidator: "Could not find an unsigned validator for the unsigned transaction",
};

export function failureOf(error: unknown): RpcFailure {
  if (error instanceof RpcError) {
    const { code, message, data } = error;
    return data === undefined ? { code, message } : { code, message, data };
  }
  if (error instanceof PoolError) return poolFailure(error);
  if (error instanceof DevnetError) return devnetFailure(error);
  return { code: -32_603, message: "Internal error", data: error instanceof Error ? error.message : String(error) };
}

function poolFailure({ code, message }: PoolError): RpcFailure {
  switch (code) {
    case "invalid":
      return { code: 1010, message: "Invalid Transaction", data: invalidSentences[message] ?? message };
    case "unknown":
      return { code: 1011, message: "Unknown Transaction Validity", data: unknownSentences[message] ?? message };
    case "already-there":
      return { code: 1013, message: "Transaction Already Imported", data: message };
    case "priority-too-low": {
      const data = "The transaction has too low priority to replace another transaction already in the pool.";
      return { code: 1014, message: `Priority is too low: (${message})`, data };
    }
    case "full":
      return {
        code: 1016,
        message: "Immediately Dropped",
        data: `The transaction couldn't enter the pool: ${message}`,
      };
  }
}

function devnetFailure({ code, message }: DevnetError): RpcFailure {
  switch (code) {
    case "transaction-refused":
      return { code: 1002, message: `Verification Error: ${message}` };
    case "block-unknown":
    case "state-discarded":
      return { code: 4003, message: `Client error: UnknownBlock: ${message}` };
    default:
      return { code: 4000, message, data: code };
  }
}
