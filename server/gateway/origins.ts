/** Which pages may use this gateway. A browser names the page's origin; what is no browser names none and is no danger. */

/** Any page may: for places that let players serve the client from wherever they trust. */
const anyOrigin = "*";

export class Origins {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowed: Iterable<string>) {
    this.#allowed = new Set(allowed);
  }

  /** @param origin the request's Origin header. */
  allows(origin: string | undefined): boolean {
    return origin === undefined || this.#allowed.has(anyOrigin) || this.#allowed.has(origin);
  }

  /** Whether it is one by which this gateway is known. Where any page may use it, that makes no name its own. */
  names(origin: string): boolean {
    return origin !== anyOrigin && this.#allowed.has(origin);
  }
}

/**
 * Origins of the page this gateway serves itself. Explicit, and not whatever the Host header says: a name that an
 * attacker points at our address must not become an allowed origin.
 */
export function ownOrigins(host: string, port: number): string[] {
  const names = new Set(["localhost", "127.0.0.1", "[::1]"]);
  const wildcard = host === "0.0.0.0" || host === "::";
  if (!wildcard) names.add(host.includes(":") ? `[${host}]` : host);
  // The default port is not part of an origin.
  return [...names].map((name) => new URL(`http://${name}:${port}`).origin);
}

/** An origin in the form browsers send it, `*`, or undefined for anything else. */
export function parseOrigin(text: string): string | undefined {
  if (text === anyOrigin) return text;
  if (!/^https?:\/\/[^/]+\/?$/.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
