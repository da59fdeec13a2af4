/** A chain as a worker in an enclave has it: its questions through a gateway's service to a node, by the node's URL. */
import { LinkedChain, type ChainLink } from "../../server/enclave/ledger/follow/linked-chain.ts";
import { ChainService, type ChainConversation } from "../../server/gateway/chain/chain-service.ts";
import { encodeChainOffer } from "../../server/protocol/chain-link.ts";

/** Resolves once the node was reached. */
export async function linkedChain(url: string): Promise<{ readonly chain: LinkedChain; readonly close: () => void }> {
  const reached = Promise.withResolvers<void>();
  const service = new ChainService({ url, log: ({ event }) => event === "chain-reached" && reached.resolve() });
  const chain = new LinkedChain();
  const link: ChainLink = {
    sendApart(_kind, bodies, done) {
      for (const body of bodies) conversation.receive(body.slice());
      setImmediate(done);
    },
  };
  const conversation: ChainConversation = service.open({
    answerChain(fragments, done) {
      for (const fragment of fragments) chain.answer(link, fragment.slice());
      setImmediate(done);
    },
  });
  chain.offer(link, encodeChainOffer());
  service.start();
  await reached.promise;
  return { chain, close: () => service.close() };
}
