/** What one address, one client and everybody together may ask of a gateway. All can be configured; the reasons say when to. */

export interface GatewayLimits {
  /** Players and spectators at once. What one process relays at 20 messages a second each on one core, halved. */
  readonly connections: number;
  /** WebSockets from one address (IPv6: one /64). A school or a company behind one address; raise it for an event. */
  readonly connectionsPerAddress: number;
  /**
   * TCP connections from one address, whatever they want: its WebSockets, and six more for each browser. Not counted
   * behind a proxy, whose address they would all have.
   */
  readonly socketsPerAddress: number;
  /** Joins per minute from one address. A classroom that reloads, once. Every reconnection is a join. */
  readonly joinsPerMinute: number;
  /** Rooms made per minute from one address: each costs the worker a sandbox. */
  readonly creationsPerMinute: number;
  /** Requests to `/api` per minute from one address: a lobby that is refreshed every two seconds in ten windows. */
  readonly requestsPerMinute: number;
  /** Attempts at the operator's password per minute from one address. */
  readonly passwordsPerMinute: number;
  /**
   * Messages a client may send per second over time: 60 input rows a second, twice, and a witness shown at each of 60
   * boundaries. A burst of two seconds is allowed.
   */
  readonly messagesPerSecond: number;
  /** From joining to the first envelope, which the client sends at once: a very slow phone. */
  readonly firstEnvelopeMs: number;
  /** Bytes waiting for one client at which it is dropped: the largest view a worker may send, twice. */
  readonly bufferedMax: number;
  /** Rooms the lobby keeps: as many as a worker has, with room for several workers. */
  readonly lobbyRooms: number;
  /** How long a seat found by quick match is kept for whoever asked: opening the page of the room on a slow phone. */
  readonly promiseMs: number;
  /** How long logs are kept that rooms have revealed, in days: as long as somebody may want to repeat a game. */
  readonly revealedLogDays: number;
  /** How long clients have to close when the gateway stops. */
  readonly shutdownMs: number;
}

export const gatewayLimits: GatewayLimits = {
  connections: 4000,
  connectionsPerAddress: 64,
  socketsPerAddress: 512,
  joinsPerMinute: 120,
  creationsPerMinute: 20,
  requestsPerMinute: 300,
  passwordsPerMinute: 10,
  messagesPerSecond: 180,
  firstEnvelopeMs: 10_000,
  bufferedMax: 2 * 1024 * 1024,
  lobbyRooms: 20_000,
  promiseMs: 15_000,
  revealedLogDays: 30,
  shutdownMs: 5000,
};

/** Request bodies of the HTTP interface: a contract's name and eight options, many times over. */
export const bodyLengthMax = 4096;

/** Rooms in one answer of the lobby: more than anybody scrolls through. */
export const listLengthMax = 100;

/** Addresses whose use is remembered at once, least recent forgotten first: 10 MB. */
export const addressesKept = 50_000;

/** What clients' frames may be at most before the connection is cut without a code of ours. */
export const framePayloadMax = 16 * 1024;

/** Bytes waiting for a client, from which on the worker is told: a second of a busy room; several seconds. */
export const behindBytes = 64 * 1024;
export const farBehindBytes = 256 * 1024;
