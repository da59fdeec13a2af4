/**
 * Answers about a chain, altered at random: bits, lengths, parts left out, doubled, exchanged. Each is refused with a code,
 * or says exactly what the honest one says.
 */
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import { decodeCheckpoint, encodeCheckpoint } from "#enclave/ledger/proof/checkpoint.ts";
import { ProofError } from "#enclave/ledger/proof/errors.ts";
import { advance } from "#enclave/ledger/proof/finality.ts";
import { decodeHeader } from "#enclave/ledger/proof/header.ts";
import { advanceParachain } from "#enclave/ledger/proof/parachain.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { concatBytes, bytesToHex, utf8ToBytes } from "#protocol/bytes.ts";
import {
  checkpointAt,
  finalizedAt,
  keyBytesOf,
  ModelChain,
  names,
  prefixed,
  prove,
  scheduled,
  stepTo,
  votersOf,
  type ModelBlock,
} from "../enclave/ledger/support/model-chain.ts";
import { SeededNumbers, type DeepCheck } from "./deep.ts";

/** An answer as its parts, and what it says if it is believed. */
interface Question {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
  readonly says: (parts: readonly Uint8Array[]) => unknown;
}

function questions(): readonly Question[] {
  const chain = new ModelChain();
  const known = chain.last;
  const blocks = [chain.grow(), chain.grow({ logs: [scheduled(votersOf(1), 4)] }), chain.grow()];
  const last: ModelBlock = chain.last;
  const above = chain.child(last);
  const step = stepTo(blocks, { votedFor: [last, above, last, above], ancestry: [above] });
  const keys = [names.owner, names.code, names.time, `${names.events}1`];
  const para = new ModelChain(7);
  const paraBlock = para.grow();
  const relay = new ModelChain();
  const relayKnown = relay.last;
  const top = relay.grow({ storage: [[names.head(1000), prefixed(paraBlock.header)]] });
  const checkpoint = checkpointAt(last);
  return [
    {
      name: "finality",
      parts: [...step.headers, step.justification],
      says: (parts) =>
        advance(finalizedAt(known), { headers: parts.slice(0, -1), justification: parts.at(-1) ?? new Uint8Array() }),
    },
    { name: "body", parts: last.body, says: (parts) => (verifyBody(decodeHeader(last.header), parts), parts) },
    {
      name: "storage",
      parts: prove(last, keys),
      says: (parts) => verifyStorage(last.state.root, parts, keys.map(keyBytesOf)),
    },
    {
      name: "parachain",
      parts: prove(top, [names.head(1000)]),
      says: (headProof) =>
        advanceParachain(
          { relay: finalizedAt(relayKnown), block: para.blocks[0]! },
          { relay: stepTo([top]), headProof, headers: [paraBlock.header] },
          1000,
        ).finalized.block,
    },
    {
      name: "checkpoint",
      parts: [utf8ToBytes(encodeCheckpoint(checkpoint))],
      // It is no answer of a node's: altered, it may say something else, but only something that could be written.
      says: (parts) => {
        const read = decodeCheckpoint(String.fromCharCode(...concatBytes(...parts)));
        const again = decodeCheckpoint(encodeCheckpoint(read));
        return textOf(read) === textOf(again) ? textOf(checkpoint) : "written as something else";
      },
    },
  ];
}

function mutated(parts: readonly Uint8Array[], numbers: SeededNumbers, strange: Uint8Array): readonly Uint8Array[] {
  const changed: Uint8Array[] = parts.map((part) => part.slice());
  for (let left = 1 + numbers.below(2); left > 0; left--) {
    const at = numbers.below(Math.max(1, changed.length));
    const part = changed[at] ?? new Uint8Array();
    switch (numbers.below(8)) {
      case 0:
      case 1:
      case 2:
        if (part.length > 0) part[numbers.below(part.length)]! ^= 1 << numbers.below(8);
        break;
      case 3:
        changed[at] = part.slice(0, numbers.below(part.length + 1));
        break;
      case 4:
        changed[at] = concatBytes(part, numbers.bytes(1 + numbers.below(4)));
        break;
      case 5:
        changed.splice(at, 1);
        break;
      case 6:
        changed.splice(at, 0, numbers.below(2) === 0 ? part : strange);
        break;
      default: {
        const other = numbers.below(Math.max(1, changed.length));
        [changed[at], changed[other]] = [changed[other] ?? strange, part];
      }
    }
  }
  return changed;
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Uint8Array) return bytesToHex(member);
    return typeof member === "bigint" ? String(member) : member;
  });

export const chainProofs: DeepCheck = {
  name: "chain-proofs",
  unit: "altered answers about a chain",
  full: 100_000,
  slice: 600,
  async run({ seed, count, progress }) {
    const asked = questions();
    const honest = asked.map(({ parts, says }) => textOf(says(parts)));
    const codes = new Set<string>();
    const strange = numbersFor(seed).bytes(40);
    for (let at = 0; at < count; at++) {
      const which = at % asked.length;
      const { name, parts, says } = asked[which]!;
      const altered = mutated(parts, numbersFor(seed + at), strange);
      let said: string;
      try {
        said = textOf(says(altered));
      } catch (error) {
        if (!(error instanceof ProofError)) throw new Error(`${name}, seed ${seed + at}`, { cause: error });
        codes.add(error.code);
        continue;
      }
      if (said !== honest[which]) throw new Error(`${name}, seed ${seed + at}: believed`);
      if (at % 100 === 0) progress?.(at);
    }
    return Promise.resolve({ count, figures: { codes: codes.size } });
  },
};

const numbersFor = (seed: number): SeededNumbers => new SeededNumbers(Math.imul(seed, 0x9e37_79b1));
