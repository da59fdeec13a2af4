/** Pictures of items: layers over each other, out of the catalogue and from nowhere else. */
import type { JSX } from "preact";
import type { Layer } from "#rmrk/queries/composite.ts";
import type { CatalogueEntry } from "../catalogue/catalogue.ts";
import { pictureAt, unknownPicture } from "../catalogue/pictures.ts";

interface FigureProps {
  readonly layers: readonly Pick<Layer, "src" | "part">[];
  /** What it is, for those who do not see it; "" if words stand beside it. */
  readonly label: string;
  readonly look?: string;
}

/** What is worn is drawn where it is worn; alone, it comes to the middle. */
const closer = ({ x, y, scale }: NonNullable<CatalogueEntry["alone"]>): { readonly transform: string } => ({
  transform: `scale(${scale}) translate(${50 - x}%, ${50 - y}%)`,
});

/** As images, because an image runs no script and asks for nothing. */
export function LayeredPicture({ layers, label, look = "" }: FigureProps): JSX.Element {
  const known = layers.flatMap(({ src, part }) => {
    const picture = pictureAt(src);
    return picture === undefined ? [] : [{ src: picture.src, part, alone: picture.alone }];
  });
  const drawn = known.length === 0 ? [{ src: unknownPicture, part: undefined, alone: undefined }] : known;
  return (
    <span
      class={`picture ${look}`}
      role={label === "" ? undefined : "img"}
      aria-label={label === "" ? undefined : label}
    >
      {drawn.map(({ src, part, alone }, i) => (
        <img
          key={`${i} ${src}`}
          src={src}
          alt=""
          data-layer={part ?? "whole"}
          draggable={false}
          style={drawn.length === 1 && alone !== undefined ? closer(alone) : undefined}
        />
      ))}
    </span>
  );
}
