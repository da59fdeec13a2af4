/** Where the bundle put each model, and how long it is. */
import hashes from "../../../assets/models/hashes.json";

const addresses = import.meta.glob<string>("../../../assets/models/*.glb", {
  query: "?url",
  import: "default",
  eager: true,
});

const byName = new Map(
  Object.entries(addresses).map(([path, address]) => [path.slice(path.lastIndexOf("/") + 1), address]),
);

export const modelAddress = (name: string): string => byName.get(name)!;
export const modelSize = (name: string): number => (hashes as Record<string, { readonly bytes: number }>)[name]!.bytes;
