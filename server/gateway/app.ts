/** Which address is answered by what. */
import express, { type Express } from "express";
import type { Registry } from "prom-client";
import type { Admission } from "./admission.ts";
import { apiRouter, joinRouter, type ApiPorts } from "./http-api.ts";
import type { Moves } from "./moves.ts";
import { operatorMovesRouter } from "./operator-moves.ts";
import { operatorRouter } from "./operator.ts";
import { pageRouter, securityHeaders } from "./page.ts";
import type { Workers } from "./workers.ts";

export interface AppPorts extends ApiPorts {
  readonly admission: Admission;
  readonly metrics: Registry;
  /** Whether players can be sent here. */
  readonly serving: () => boolean;
  /** Folder of the built page. */
  readonly page?: string | undefined;
  readonly operatorPassword?: string | undefined;
  readonly workers: Workers;
  readonly moves: Moves;
}

export function openApp(ports: AppPorts): Express {
  const { admission, metrics, serving, page, operatorPassword } = ports;
  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders);
  app.get("/healthz", (_request, response) => {
    response.json({ alive: true });
  });
  app.get("/readyz", (_request, response) => {
    const ready = serving();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get("/metrics", async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  if (operatorPassword !== undefined) {
    const operator = { admission, password: operatorPassword };
    app.use("/monitor", operatorRouter(operator));
    app.use(
      "/operator",
      operatorMovesRouter({ ...operator, workers: ports.workers, moves: ports.moves, log: ports.log }),
    );
  }
  app.use("/api", apiRouter(ports));
  app.use("/matchmake", joinRouter(ports));
  if (page !== undefined) app.use(pageRouter(page));
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("There is nothing at this address.\n");
  });
  return app;
}
