/** The contract does not build. `message` says where and why, over several lines, for its author. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}
