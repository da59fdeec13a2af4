/** What the system refuses, as a sentence for whoever sits at the terminal. */

const reasons: Readonly<Record<string, (path: string) => string>> = {
  EEXIST: (path) => `There is a file ${path} already; it is left as it is.`,
  ENOENT: (path) => `There is no ${path}, or no folder for it.`,
  ENOTDIR: (path) => `A part of ${path} is no folder.`,
  EISDIR: (path) => `${path} is a folder, and no file.`,
  EACCES: (path) => `${path} may not be read or written by whoever runs this.`,
  EPERM: (path) => `${path} may not be changed by whoever runs this.`,
  EROFS: (path) => `${path} lies where nothing can be written.`,
  ENOSPC: (path) => `The disk is full: ${path} could not be written.`,
  EDQUOT: (path) => `The disk is full: ${path} could not be written.`,
  ENAMETOOLONG: (path) => `${path} is too long for a name.`,
  EADDRINUSE: () => "The port is in use. Stop what runs there, or choose another: --port 0 takes any free one.",
};

/** Undefined if it is no error of the system's about a file or a port. */
export function sentenceOfSystem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest, port } = error as NodeJS.ErrnoException & {
    readonly dest?: string;
    readonly port?: number;
  };
  if (code === undefined) return undefined;
  if (code === "EACCES" && port !== undefined) return `Port ${port} is kept for others. Choose one above 1023.`;
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return path === undefined && port === undefined ? undefined : reason?.(dest ?? path ?? "");
}
