/** What a field on plain Colyseus replicates: bodies with the same bits on the wire as ours, to who has them in view. */
import { schema, t, type SchemaType } from "@colyseus/schema";

export const BodyState = schema(
  {
    x: t.quantized({ min: 0, max: 512, bits: 16 }),
    z: t.quantized({ min: 0, max: 512, bits: 16 }),
    heading: t.uint16(),
  },
  "Body",
);
export type BodyState = SchemaType<typeof BodyState>;

export const FieldState = schema({ bodies: t.map(BodyState).view() }, "Field");
export type FieldState = SchemaType<typeof FieldState>;
