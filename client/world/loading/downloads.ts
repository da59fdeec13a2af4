/** Fetches files once each, and knows how much of what was asked for has arrived. */
export interface DownloadOptions {
  /** Where a file is. */
  readonly address: (name: string) => string;
  /** How many bytes it has, decoded: what the server says is the compressed length. */
  readonly size: (name: string) => number;
  readonly fetch: (address: string) => Promise<Response>;
  readonly onProgress?: (share: number) => void;
}

/** A file could not be loaded. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
}

export class Downloads {
  readonly #options: DownloadOptions;
  readonly #files = new Map<string, Promise<Uint8Array>>();
  #expected = 0;
  #arrived = 0;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  /** Says beforehand what will be asked for, so that the first file is not all there is. */
  expect(names: readonly string[]): void {
    for (const name of names) if (!this.#files.has(name)) this.#expected += this.#options.size(name);
  }

  /** @throws DownloadError. */
  file(name: string): Promise<Uint8Array> {
    const known = this.#files.get(name) ?? this.#load(name);
    this.#files.set(name, known);
    return known;
  }

  async #load(name: string): Promise<Uint8Array> {
    const response = await this.#options.fetch(this.#options.address(name)).catch(() => undefined);
    if (response?.ok !== true || response.body === null) {
      this.#files.delete(name);
      throw new DownloadError(`${name} could not be loaded`);
    }
    const chunks: Uint8Array[] = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      this.#arrived += value.length;
      this.#options.onProgress?.(Math.min(1, this.#arrived / Math.max(1, this.#expected)));
    }
    return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  }
}
