/** Lies about what a chain's state holds. */
import { concatBytes } from "#protocol/bytes.ts";
import { verifyStorage } from "#enclave/ledger/proof/storage.ts";
import { extrinsic, keyBytesOf, littleEndian, names, prove } from "../../support/model-chain.ts";
import { lie, type Lie, type World } from "./lie.ts";

const asked = [names.owner, names.time];
const proof =
  (change: (honest: readonly Uint8Array[], w: World) => readonly Uint8Array[], keys: readonly string[] = asked) =>
  (w: World) =>
    verifyStorage(w.last.state.root, change(prove(w.last, keys), w), keys.map(keyBytesOf));
/** The part of a proof that holds what is named, which the answer cannot be found without. */
const holding = (parts: readonly Uint8Array[], text: string): number =>
  parts.findIndex((part) => Buffer.from(part).includes(text));

export const storageLies: readonly Lie[] = [
  lie(
    "no proof",
    "proof-root-missing",
    proof(() => []),
  ),
  lie(
    "a proof of an older block",
    "proof-root-missing",
    proof((_, w) => prove(w.blocks[1]!, asked)),
  ),
  lie(
    "a proof of another fork",
    "proof-root-missing",
    proof((_, w) => {
      const fork = w.chain.child(w.blocks[3]!, { storage: [[names.owner, extrinsic("eve")]] });
      return prove(fork, asked);
    }),
  ),
  lie(
    "a proof without its root",
    "proof-root-missing",
    proof((honest) => honest.slice(1)),
  ),
  lie(
    "a proof that ends before the answer",
    "proof-incomplete",
    proof((honest) => honest.slice(0, -1)),
  ),
  lie(
    "a value by its hash that is withheld",
    "proof-incomplete",
    proof((honest) => honest.filter((part) => !(part.length === 200 && part[0] === 7)), [names.code]),
  ),
  lie(
    "another owner in the same node",
    "proof-incomplete",
    proof((honest) => {
      const at = holding(honest, "alice");
      const forged = Buffer.from(honest[at]!);
      forged.set(Buffer.from("mally"), forged.indexOf("alice"));
      return honest.with(at, forged);
    }),
  ),
  lie(
    "a node twice",
    "proof-repeated",
    proof((honest) => [...honest, honest[1]!]),
  ),
  lie(
    "a node that leads nowhere",
    "proof-unused",
    proof((honest) => [...honest, Uint8Array.of(0x41, 0x01, 0x00)]),
  ),
  lie(
    "nodes of other keys besides",
    "proof-unused",
    proof((_, w) => prove(w.last, [...asked, names.code])),
  ),
  lie(
    "a node with something behind it",
    "proof-incomplete",
    proof((honest) => honest.with(1, concatBytes(honest[1]!, Uint8Array.of(0)))),
  ),
  lie(
    "a node that was cut",
    "proof-incomplete",
    proof((honest) => honest.with(1, honest[1]!.subarray(0, -1))),
  ),
  lie("absence of what is there, by a node less", "proof-incomplete", (w) => {
    const absent = prove(w.last, [names.events.slice(0, -1)]);
    return verifyStorage(w.last.state.root, absent.slice(0, 1), [keyBytesOf(names.owner)]);
  }),
  lie("absence of what is there, by the proof of another key", "proof-incomplete", (w) =>
    verifyStorage(w.last.state.root, prove(w.last, [`${names.time}0`]), [keyBytesOf(names.owner)]),
  ),
  lie("absence of what is there, by an empty state", "proof-root-missing", (w) =>
    verifyStorage(w.last.state.root, [Uint8Array.of(0)], [keyBytesOf(names.owner)]),
  ),
  lie("a hash instead of a value where states have none", "proof-version", (w) =>
    verifyStorage(w.last.state.root, prove(w.last, [names.code]), [keyBytesOf(names.code)], 0),
  ),
  lie(
    "a proof of many megabytes",
    "too-long",
    proof((honest) => [...honest, new Uint8Array(9_000_000)]),
  ),
  lie(
    "a proof of many parts",
    "too-long",
    proof((honest) => [...honest, ...Array.from({ length: 5000 }, (_, i) => littleEndian(i, 4))]),
  ),
];
