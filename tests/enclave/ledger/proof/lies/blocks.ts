/** Lies about headers and the blocks they stand for. */
import { concatBytes } from "#protocol/bytes.ts";
import { verifyBody } from "#enclave/ledger/proof/body.ts";
import { advance } from "#enclave/ledger/proof/finality.ts";
import { decodeHeader, verifyChain } from "#enclave/ledger/proof/header.ts";
import {
  blockOf,
  compact,
  extrinsic,
  finalizedAt,
  littleEndian,
  ModelChain,
  stepTo,
} from "../../support/model-chain.ts";
import { altered, lie, step, world, type Lie, type World } from "./lie.ts";

export const headerLies: readonly Lie[] = [
  lie("a header with another state", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(1, altered(headers[1]!, 40)) })),
  ),
  lie("a last header with another state", "justification-target", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(4, altered(headers[4]!, 40)) })),
  ),
  lie("a header left out", "header-parent", (w) => step(w, ({ headers }) => ({ headers: headers.toSpliced(2, 1) }))),
  lie("a header twice", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.toSpliced(2, 0, headers[2]!) })),
  ),
  lie("two headers in each other's place", "header-parent", (w) =>
    step(w, ({ headers }) => ({ headers: headers.with(1, headers[2]!).with(2, headers[1]!) })),
  ),
  lie("headers of another chain", "header-parent", () => {
    const other = new ModelChain(99);
    return advance(finalizedAt(world().known), stepTo([other.grow(), other.grow()]));
  }),
  lie("headers that begin at an older block", "header-parent", (w) =>
    advance(finalizedAt(w.blocks[2]!), stepTo(w.blocks)),
  ),
  lie("no headers at all", "headers-missing", (w) => step(w, () => ({ headers: [] }))),
  lie("a number that jumps", "header-number", (w) => {
    const { fields, body, state } = w.blocks[0]!;
    const jumped = blockOf({ ...fields, number: fields.number + 1 }, body, state);
    return advance(finalizedAt(w.known), stepTo([jumped]));
  }),
  lie("a number written in long", "header-malformed", ({ last }) => {
    const { header, number } = last;
    const at = 32;
    const long = concatBytes(
      header.subarray(0, at),
      Uint8Array.of(3),
      littleEndian(number, 4),
      header.subarray(at + compact(number).length),
    );
    return decodeHeader(long);
  }),
  lie("a header with something behind it", "header-malformed", ({ last }) =>
    decodeHeader(concatBytes(last.header, Uint8Array.of(0))),
  ),
  lie("a header that ends too early", "header-malformed", ({ last }) => decodeHeader(last.header.subarray(0, -1))),
  lie("a digest item of no kind", "header-malformed", ({ last }) => decodeHeader(altered(last.header, 99, 0x10))),
  lie("a header with more items than any has", "header-malformed", ({ chain, last }) =>
    decodeHeader(chain.child(last, { logs: Array.from({ length: 40 }, () => Uint8Array.of(8)) }).header),
  ),
  lie("a header of a megabyte", "too-long", ({ last }) =>
    decodeHeader(concatBytes(last.header, new Uint8Array(1024 * 1024))),
  ),
  lie("more headers than one answer has", "too-long", ({ known, last }) =>
    verifyChain(
      known,
      Array.from({ length: 5000 }, () => last.header),
    ),
  ),
];

const body = (change: (honest: readonly Uint8Array[], w: World) => readonly Uint8Array[]) => (w: World) =>
  verifyBody(decodeHeader(w.last.header), change(w.last.body, w));

export const bodyLies: readonly Lie[] = [
  lie(
    "an extrinsic left out",
    "body-root",
    body((honest) => honest.toSpliced(1, 1)),
  ),
  lie(
    "the last extrinsic left out",
    "body-root",
    body((honest) => honest.slice(0, -1)),
  ),
  lie(
    "an extrinsic added",
    "body-root",
    body((honest) => [...honest, extrinsic("RMRK::MINT")]),
  ),
  lie(
    "an extrinsic twice",
    "body-root",
    body((honest) => [...honest, honest[2]!]),
  ),
  lie(
    "extrinsics in another order",
    "body-root",
    body((honest) => [honest[0]!, honest[2]!, honest[1]!]),
  ),
  lie(
    "an extrinsic altered in one bit",
    "body-root",
    body((honest) => honest.with(1, altered(honest[1]!, -1))),
  ),
  lie(
    "the body of another block",
    "body-root",
    body((_, w) => w.blocks[1]!.body),
  ),
  lie(
    "no body",
    "body-root",
    body(() => []),
  ),
  lie(
    "two extrinsics joined to one",
    "body-root",
    body((honest) => [honest[0]!, concatBytes(honest[1]!, honest[2]!)]),
  ),
  lie(
    "a body of more bytes than any block has",
    "too-long",
    body((honest) => [...honest, new Uint8Array(9_000_000)]),
  ),
];
