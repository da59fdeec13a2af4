/** What the development world has on its chain besides what rooms issue: Spirits, and the base that they are made of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { addressOf, type CatalogueName } from "#inventory/catalogue/catalogue.ts";

const catalogue = fileURLToPath(new URL("../client/inventory/catalogue", import.meta.url));
const address = (file: string): string => addressOf(readFileSync(join(catalogue, file)));
const picture = (name: CatalogueName): string => address(`${name}.svg`);

const fixed = (id: CatalogueName, z: number) => ({ id, type: "fixed", z, src: picture(id) });
const slot = (id: string, z: number, equippable: readonly string[]) => ({ id, type: "slot", z, equippable });

/** As `phatroom world init` reads it. @param issuers addresses, by the contract that they issue for. */
export function developmentItems(issuers: { readonly [contract: string]: string }): object {
  const from = (contract: string, symbol: string): readonly string[] =>
    issuers[contract] === undefined ? [] : [`${contract}/${symbol}`];
  const parts = [
    fixed("spirit-glow", 0),
    fixed("spirit-body", 10),
    fixed("spirit-face", 20),
    slot("hat", 30, from("dot4", "DOT4")),
    slot("hand", 40, from("skirmish", "SKIRMISH")),
  ];
  const made = { id: "body", base: "spirit", parts: parts.map(({ id }) => id) };
  return {
    issuers,
    funds: "100000000000000",
    collections: { SPIRITS: { max: 1_000_000, metadata: address("spirit-body.json"), resources: [made] } },
    bases: { spirit: { type: "svg", parts } },
  };
}
