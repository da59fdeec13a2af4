/** What a contract declares, as the host reads it, with every default filled in. The host checks it. */
import { Manifest, Resource } from "./contract";
import { writeTables } from "./tables";
import { Writer } from "./writer";

/** Rooms of up to this many seats pause while a seated player is absent, unless they say otherwise. */
const smallRoom: i32 = 8;

let predict: string = "";

/** For what `phatroom build` puts around a contract: SHA-256 of the module by which clients predict, in hex. */
export function declarePredict(hash: string): void {
  predict = hash;
}

export function writeManifest(manifest: Manifest, hz: i32, out: Writer): void {
  const isTurns = manifest.pace == "turns";
  const seats = manifest.players;
  const presence = seats.max <= smallRoom ? "all" : "any";
  out.map();
  out.key("abi").text("room-wasm v1");
  out.key("name").text(manifest.name);
  out.key("players").map().key("min").whole(seats.min).key("max").whole(seats.max).end();
  out.key("spectators").whole(manifest.spectators);
  out.key("pace").text(manifest.pace);
  out.key("hz").whole(hz);
  out.key("presence").text(manifest.presence == "" ? presence : manifest.presence);
  out.key("graceMs").whole(manifest.graceMs);
  out.key("pauseMs").whole(manifest.pauseMs);
  out.key("options").map();
  for (let i = 0; i < manifest.options.length; i++) {
    const option = manifest.options[i];
    out.key(option.name).list();
    for (let j = 0; j < option.values.length; j++) out.text(option.values[j]);
    out.end();
  }
  out.end();
  out.key("frameBytes").whole(manifest.frameBytes >= 0 ? manifest.frameBytes : isTurns ? 1024 : 0);
  out.key("memoryPages").whole(manifest.memoryPages);
  out.key("fuel").whole(manifest.fuel);
  out.key("tables");
  writeTables(out);
  if (manifest.reveal != "") out.key("reveal").text(manifest.reveal);
  if (manifest.records) out.key("records").flag(true);
  if (manifest.requests.length > 0) {
    out.key("requests").list();
    for (let i = 0; i < manifest.requests.length; i++) out.text(manifest.requests[i]);
    out.end();
  }
  if (manifest.items) out.key("items").flag(true);
  if (manifest.collections.length > 0) {
    out.key("collections").map();
    for (let i = 0; i < manifest.collections.length; i++) {
      const collection = manifest.collections[i];
      out.key(collection.symbol).map();
      out.key("max").whole(collection.max).key("metadata").text(collection.metadata);
      if (collection.resources.length > 0) writeResources(out, collection.resources);
      out.end();
    }
    out.end();
  }
  if (manifest.input != "") out.key("input").text(manifest.input);
  if (predict != "") out.key("predict").text(predict);
  out.end();
}

function writeResources(out: Writer, resources: Resource[]): void {
  out.key("resources").list();
  for (let i = 0; i < resources.length; i++) {
    const resource = resources[i];
    out.map().key("id").text(resource.id);
    if (resource.symbol != "") out.key("of").text(resource.symbol);
    out.key("src").text(resource.src);
    if (resource.slot != "") out.key("slot").text(resource.slot);
    out.end();
  }
  out.end();
}
