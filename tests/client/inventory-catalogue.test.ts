/** Whatever contracts and the development world name is in the catalogue of the page of items: it shows without anybody else. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { developmentItems } from "#cli/world/development-items.ts";
import { addressOf } from "#inventory/catalogue/catalogue.ts";
import { rootFolder } from "../support/folders.ts";

const folder = join(rootFolder, "client/inventory/catalogue");
const inCatalogue = (ending: string): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => [addressOf(readFileSync(join(folder, file))), file.slice(0, -ending.length)]),
  );
const pictures = inCatalogue(".svg");
const descriptions = inCatalogue(".json");
const addresses = (text: string): readonly string[] => text.match(/ipfs:\/\/b[a-z2-7]{58}/g) ?? [];

test.for(["contracts/dot4/dot4.ts", "contracts/dot4/assembly/dot4.ts", "contracts/skirmish/assembly/skirmish.ts"])(
  "what %s awards has a description and a picture",
  (file) => {
    const [metadata, worn, ...more] = addresses(readFileSync(join(rootFolder, file), "utf8"));
    expect(more).toEqual([]);
    expect(pictures.get(worn!)).toBe(descriptions.get(metadata!));
    expect(descriptions.get(metadata!)).toBeDefined();
  },
);

test("Spirits of the development world are drawn from the catalogue", () => {
  const named = addresses(JSON.stringify(developmentItems({})));
  expect(named.length).toBeGreaterThan(3);
  for (const address of named) expect(pictures.get(address) ?? descriptions.get(address)).toBeDefined();
});

test("each description shows its own picture", () => {
  for (const name of descriptions.values()) {
    const { mediaUri, thumbnailUri } = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Record<
      string,
      string
    >;
    expect([pictures.get(mediaUri!), pictures.get(thumbnailUri!)]).toEqual([name, name]);
  }
});
