/** A small picture of a part, drawn by `npm run preview -- --all`. Decoration: its name stands beside it. */
import type { JSX } from "preact";
import type { Part } from "../avatars/catalogue.ts";

const addresses = import.meta.glob<string>("../../../assets/previews/*.webp", {
  query: "?url",
  import: "default",
  eager: true,
});

const byName = new Map(
  Object.entries(addresses).map(([path, address]) => [path.slice(path.lastIndexOf("/") + 1, -".webp".length), address]),
);

export const PartPicture = ({ part }: { readonly part: Part }): JSX.Element => (
  <img src={byName.get(part)} alt="" width={56} height={56} loading="lazy" />
);
