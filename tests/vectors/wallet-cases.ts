/** What wallets sign and what is said about them, as bytes. */
import {
  decodeClientMessage,
  decodeWorkerMessage,
  encodeClientMessage,
  encodeWorkerMessage,
} from "#protocol/message.ts";
import {
  proofBody,
  walletProofLength,
  walletStatement,
  wrapped,
  type LinkedMessage,
  type WalletMessage,
} from "#protocol/wallet.ts";
import type { Case } from "./protocol-cases.ts";

const fill = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const terms = { world: fill(1), player: "ab".repeat(16), channel: fill(2), wallet: fill(3) };

function asked(name: string, input: WalletMessage): Case {
  const { type, body } = encodeClientMessage(input);
  return { name, input, bytes: body, read: decodeClientMessage(type, body) };
}

function told(name: string, input: LinkedMessage): Case {
  const { type, body } = encodeWorkerMessage(input);
  return { name, input, bytes: body, read: decodeWorkerMessage(type, body) };
}

const link = {
  type: "wallet",
  ask: "link",
  wallet: fill(3),
  signed: { kind: "sr25519", signature: fill(4, 64) },
} as const;

export const walletCases = (): readonly Case[] => [
  {
    name: "a first wallet",
    input: { ...terms, before: null },
    bytes: wrapped(walletStatement({ ...terms, before: null })),
  },
  {
    name: "a change",
    input: { ...terms, before: fill(5) },
    bytes: wrapped(walletStatement({ ...terms, before: fill(5) })),
  },
  { name: "what a proof says", input: { number: 258, wallet: fill(3) }, bytes: proofBody(258, fill(3)) },
  asked("which?", { type: "wallet", ask: "which" }),
  asked("which? with a proof", { type: "wallet", ask: "which", proof: fill(6, walletProofLength) }),
  asked("link", link),
  asked("change", { ...link, consent: { kind: "ecdsa", signature: fill(7, 65) } }),
  told("nothing is linked", { type: "linked", wallet: null, proof: null, refused: null }),
  told("linked", { type: "linked", wallet: fill(3), proof: fill(6, walletProofLength), refused: null }),
  told("refused", { type: "linked", wallet: null, proof: null, refused: "wallet-refused" }),
];
