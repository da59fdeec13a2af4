/** The process that stands in for a gateway: its end of the link, its service for stores, and a real store behind. */
import { EnclaveLink } from "../../server/gateway/enclave-link.ts";
import { openStore, type StoreConfig } from "../../server/gateway/store/open.ts";
import { StoreService, type StoreConversation } from "../../server/gateway/store-service.ts";
import { StoreTraffic } from "../../server/gateway/store-traffic.ts";
import { answer } from "../processes/child.ts";

const traffic = new StoreTraffic();

answer({
  async start({ link: path, store: config }: { readonly link: string; readonly store: StoreConfig }) {
    const store = await openStore(config);
    const service = new StoreService({ store, traffic, log: ignore, now: () => performance.now() });
    const link = new EnclaveLink({ kind: "socket", path }, ignore);
    let conversation: StoreConversation | undefined;
    link.on("ready", () => {
      conversation = service.open(link);
      link.offerStore();
    });
    link.on("asked", (fragment) => conversation?.receive(fragment));
    link.on("lost", () => conversation?.end());
    link.start();
  },
  /** Records and the calls in which they came, so far. */
  counts: () => ({ records: traffic.appends, batches: traffic.batches }),
});

function ignore(): void {
  // Nothing goes wrong here that the worker would not notice.
}
