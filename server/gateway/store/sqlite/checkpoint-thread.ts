/** Copies what commits have logged into the database file, by a connection of its own: appends go on meanwhile. */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { Copied, CopyingSetup } from "./checkpoints.ts";

const port = parentPort!;
const { file } = workerData as CopyingSetup;
const database = new DatabaseSync(file);
const checkpoint = database.prepare("pragma wal_checkpoint(passive)");

port.on("message", (ask: "copy" | "close") => {
  if (ask === "close") {
    database.close();
    port.close();
    return;
  }
  // Twice: much is logged while much is copied, little while little is.
  copy();
  port.postMessage(copy());
});

/** A disk that is full or fails is the business of the next append, which cannot go on without it. */
function copy(): Copied {
  try {
    return { pagesLogged: Number(checkpoint.get()?.["log"]) };
  } catch {
    return { pagesLogged: 0 };
  }
}
