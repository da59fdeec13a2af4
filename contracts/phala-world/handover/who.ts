/** Accounts by short numbers: those who are seated are known by their place among them, others by a list of ids. */
import { bytesOf, hexOf } from "../loop/hex.ts";
import { HandoverError, type Packer, type Unpacker } from "./packing.ts";

const idLength = 16;

/** @returns numbers for these; an account that is in neither list has none. */
export function packWho(seated: readonly string[], others: readonly string[], packer: Packer): (id: string) => number {
  packer.count(others.length);
  for (const id of others) packer.bytes(bytesOf(id));
  const numbers = new Map([...seated, ...others].map((id, i) => [id, i]));
  return (id) => {
    const number = numbers.get(id);
    if (number === undefined) throw new HandoverError("somebody is not listed");
    return number;
  };
}

/** @returns whom a number means. */
export function unpackWho(seated: readonly string[], unpacker: Unpacker): (number: number) => string {
  const ids = [...seated, ...unpacker.list(() => hexOf(unpacker.bytes(idLength)))];
  return (number) => {
    const id = ids[number];
    if (id === undefined) throw new HandoverError("nobody has this number");
    return id;
  };
}
