/** The operator's page: Colyseus' monitor, behind a password, for looking and not for touching. */
import { createHash, timingSafeEqual } from "node:crypto";
import { monitor } from "@colyseus/monitor";
import { Router, type RequestHandler } from "express";
import type { Admission } from "./admission.ts";
import { codeOfFailure, refuse } from "./refusal.ts";

export interface OperatorPorts {
  readonly admission: Admission;
  readonly password: string;
}

/** The monitor's own page brings inline styles; scripts and everything else stay as strict as ours. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the monitor's page reads: the list of rooms, and one of them. */
const readable = new Set(["/api", "/api/room"]);

/** `/monitor` */
export function operatorRouter({ admission, password }: OperatorPorts): Router {
  const router = Router();
  router.use(requirePassword(admission, password));
  // The monitor would call any method of any room, by GET (colyseus/colyseus#957). Ours may be looked at.
  router.use((request, response, next) => {
    if (request.method === "GET" && (!/^\/+api/i.test(request.path) || readable.has(request.path))) next();
    else response.status(403).json({ message: "This gateway's rooms can be looked at, not called." });
  });
  router.use((_request, response, next) => {
    response.set({ "Content-Security-Policy": contentPolicy, "Cache-Control": "no-store" });
    next();
  });
  router.use(monitor() as unknown as RequestHandler);
  return router;
}

/** Lets nobody pass who does not know it. */
export function requirePassword(admission: Admission, password: string): RequestHandler {
  return (request, response, next) => {
    try {
      const given = passwordOf(request.headers.authorization);
      if (given !== undefined && admission.password(request, () => equalText(given, password))) {
        next();
        return;
      }
    } catch (error) {
      refuse(response, codeOfFailure(error) ?? "busy");
      return;
    }
    response.set("WWW-Authenticate", 'Basic realm="phatroom operator", charset="UTF-8"');
    response.status(401).end();
  };
}

/** The password of a Basic authorization; any user name will do. */
function passwordOf(header: string | undefined): string | undefined {
  const match = /^Basic ([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(header ?? "");
  if (match === null) return undefined;
  const text = Buffer.from(match[1]!, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : text.slice(colon + 1);
}

/** Takes the same time wherever the texts differ, and however long they are. */
function equalText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
