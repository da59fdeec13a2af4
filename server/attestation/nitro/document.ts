/**
 * An attestation document of AWS Nitro Enclaves. "Attestation process" in the documentation of the Nitro Enclaves NSM
 * API: https://github.com/aws/aws-nitro-enclaves-nsm-api/blob/main/docs/attestation_process.md, sections 3.1 and 3.2.2.
 */
import { AttestationError, demand } from "../errors.ts";
import {
  certificateLengthMax,
  nitroBundleMax,
  nitroModuleLengthMax,
  nitroPublicKeyLengthMax,
  nitroUserDataLengthMax,
} from "../limits.ts";
import { CborReader } from "./cbor.ts";
import { readCoseSign1, type Signed } from "./cose.ts";

export interface NitroDocument {
  /** Names the enclave and the instance that it belongs to. */
  readonly moduleId: string;
  /** Unix ms, by the hypervisor's clock. */
  readonly timestamp: number;
  /** By number, 0 to 31: 48 bytes each. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>;
  /** DER, of the key that signed. */
  readonly certificate: Uint8Array;
  /** DER, root first. */
  readonly bundle: readonly Uint8Array[];
  readonly publicKey: Uint8Array | undefined;
  readonly userData: Uint8Array | undefined;
  readonly nonce: Uint8Array | undefined;
}

const code = "quote-malformed";
const registerLength = 48;
const registerMax = 31;

/** One for each member; every document has all of them. */
const readers = {
  module_id(reader: CborReader): string {
    const id = reader.text(nitroModuleLengthMax);
    demand(id.length > 0, code, "a module without a name");
    return id;
  },
  digest(reader: CborReader): void {
    demand(reader.text(16) === "SHA384", "evidence-unsupported", "digest");
  },
  timestamp(reader: CborReader): number {
    return reader.unsigned();
  },
  pcrs(reader: CborReader): ReadonlyMap<number, Uint8Array> {
    const pcrs = new Map<number, Uint8Array>();
    let last = -1;
    const readNumber = (): number => {
      const number = reader.unsigned();
      demand(number > last && number <= registerMax, code, "number of a register");
      last = number;
      return number;
    };
    reader.map(registerMax + 1, readNumber, (number) => {
      const value = reader.bytes(registerLength);
      demand(value.length === registerLength, code, "register");
      pcrs.set(number, value);
    });
    return pcrs;
  },
  certificate(reader: CborReader): Uint8Array {
    return reader.bytes(certificateLengthMax);
  },
  cabundle(reader: CborReader): readonly Uint8Array[] {
    return reader.array(nitroBundleMax, () => reader.bytes(certificateLengthMax));
  },
  public_key(reader: CborReader): Uint8Array | undefined {
    return reader.optional(() => reader.bytes(nitroPublicKeyLengthMax));
  },
  user_data(reader: CborReader): Uint8Array | undefined {
    return reader.optional(() => reader.bytes(nitroUserDataLengthMax));
  },
  nonce(reader: CborReader): Uint8Array | undefined {
    return reader.optional(() => reader.bytes(nitroUserDataLengthMax));
  },
} as const;

type Member = keyof typeof readers;
type Members = { [M in Member]?: ReturnType<(typeof readers)[M]> };

const isMember = (name: string): name is Member => Object.hasOwn(readers, name);

/** @throws AttestationError "quote-malformed", "evidence-unsupported". */
export function parseNitroDocument(bytes: Uint8Array): Signed & { readonly document: NitroDocument } {
  const signed = readCoseSign1(bytes);
  const reader = new CborReader(signed.payload);
  const given: Members = {};
  const readName = (): Member => {
    const name = reader.text(16);
    if (!isMember(name)) throw new AttestationError(code, `an unknown member ${name}`);
    return name;
  };
  const count = Object.keys(readers).length;
  // AWS writes this one map without its length.
  reader.map(count, readName, (name) => Object.assign(given, { [name]: readers[name](reader) }), true);
  reader.end();
  demand(Object.keys(given).length === count, code, "a member is missing");
  const all = given as Required<Members>;
  const document = {
    moduleId: all.module_id,
    timestamp: all.timestamp,
    pcrs: all.pcrs,
    certificate: all.certificate,
    bundle: all.cabundle,
    publicKey: all.public_key,
    userData: all.user_data,
    nonce: all.nonce,
  };
  return { ...signed, document };
}
