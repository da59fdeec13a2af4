/** The catalogue's files as the page has them, and which address means which. Made by the build, and checked by a test. */
import { addressOf, catalogue, type CatalogueEntry, type CatalogueName } from "./catalogue.ts";

/** Where the bundle has each file. */
const files = import.meta.glob<string>("./*.svg", { query: "?url", import: "default", eager: true });
/** What describes some of them, as items name it. */
const documents = import.meta.glob<string>("./*.json", { query: "?raw", import: "default", eager: true });
/** What is in each. */
const texts = import.meta.glob<string>("./*.svg", { query: "?raw", import: "default", eager: true });

export interface Picture extends CatalogueEntry {
  readonly src: string;
}

const byAddress = new Map<string, Picture>();
for (const [path, text] of Object.entries(texts)) {
  const name = path.slice(2, -".svg".length) as CatalogueName;
  const picture = { ...catalogue[name], src: files[path]! };
  for (const known of [text, documents[`./${name}.json`]]) {
    if (known !== undefined) byAddress.set(addressOf(new TextEncoder().encode(known)), picture);
  }
}

/** Undefined for what this page does not have. */
export const pictureAt = (address: string | undefined): Picture | undefined =>
  address === undefined ? undefined : byAddress.get(address);

export const unknownPicture: string = files["./item.svg"]!;
