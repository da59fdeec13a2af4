/** JSON-RPC 2.0: messages and batches in, answers out. */
import { isRecord } from "#protocol/value.ts";
import { batchMax } from "../limits.ts";
import type { Connection } from "./connection.ts";
import { failureOf, invalidRequest, methodUnknown, parseError, RpcError } from "./errors.ts";
import { Parameters } from "./parameters.ts";

/** Without a connection nothing can be subscribed to. */
export type Method = (parameters: Parameters, connection: Connection | undefined) => unknown;
export type Methods = Readonly<Record<string, Method>>;

/** @returns what to send; undefined if nothing was asked. */
export function answerTo(text: string, methods: Methods, connection: Connection | undefined): unknown {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return failed(null, parseError());
  }
  if (!Array.isArray(message)) return answerOne(message, methods, connection);
  if (message.length === 0) return failed(null, invalidRequest("an empty batch"));
  if (message.length > batchMax) return failed(null, invalidRequest(`more than ${batchMax} calls in a batch`));
  const answers = message.map((one) => answerOne(one, methods, connection)).filter((answer) => answer !== undefined);
  return answers.length === 0 ? undefined : answers;
}

function answerOne(message: unknown, methods: Methods, connection: Connection | undefined): unknown {
  if (!isRecord(message)) return failed(null, invalidRequest("a call is an object"));
  const { id, method, params } = message;
  const known = typeof id === "string" || typeof id === "number" ? id : null;
  if (typeof method !== "string") return failed(known, invalidRequest("a call has a method"));
  if (params !== undefined && params !== null && !Array.isArray(params)) {
    return failed(known, invalidRequest("parameters are a list"));
  }
  try {
    if (!Object.hasOwn(methods, method)) throw methodUnknown(method);
    const result = methods[method]!(new Parameters((params as unknown[] | null | undefined) ?? []), connection);
    return id === undefined ? undefined : { jsonrpc: "2.0", id: known, result: result ?? null };
  } catch (error) {
    return failed(known, error);
  }
}

const failed = (id: string | number | null, error: unknown) => ({ jsonrpc: "2.0", id, error: failureOf(error) });

/** @throws RpcError for what came by HTTP. */
export function connected(connection: Connection | undefined): Connection {
  if (connection === undefined) throw new RpcError(-32_601, "Subscriptions are for WebSocket connections");
  return connection;
}
