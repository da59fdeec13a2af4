/**
 * Pages that look a chain up themselves ask here what workers ask over their link, several things at once, and are answered
 * the same bytes. They prove what they are told, so that this is trusted with nothing either.
 */
import { raw, Router, type RequestHandler } from "express";
import { chainLimits, chainQuestionMax, decodeChainList, encodeChainList } from "#protocol/chain-link.ts";
import { ProtocolError } from "#protocol/errors.ts";

/** `ChainService` is one. */
export interface ChainAnswerer {
  /** @throws ProtocolError for what is no question. */
  answerOnce(question: Uint8Array): Promise<Uint8Array>;
}

const mediaType = "application/octet-stream";

/** Requests of pages under way. A node's own customers are workers. */
const askedMax = 32;

/** A transaction, or many short questions. */
const bodyMax = chainQuestionMax + 8;

const parse: RequestHandler = raw({ limit: bodyMax, type: mediaType });

/** `POST` a list of questions, as `#protocol/chain-link.ts` writes it: a list of answers comes back, or the first of them. */
export function chainRouter(chain: () => ChainAnswerer | undefined, now = (): number => performance.now()): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let asked = 0;
  router.post("/", parse, async (request, response) => {
    const body: unknown = request.body;
    if (!(body instanceof Uint8Array)) throw new ProtocolError("malformed", "no questions");
    const service = chain();
    if (service === undefined) throw new ProtocolError("room-not-found", "no chain here");
    if (asked >= askedMax) throw new ProtocolError("busy");
    asked += 1;
    try {
      const questions = decodeChainList(new Uint8Array(body), chainLimits.listed);
      const answers = await answerAll(service, questions, now);
      response.type(mediaType).send(Buffer.from(encodeChainList(answers)));
    } finally {
      asked -= 1;
    }
  });
  return router;
}

/**
 * As many as fit, and as are answered before long: the first one always is. Otherwise few requests, each of many questions
 * that wait for something newer, would keep everybody else from asking for minutes.
 */
async function answerAll(
  service: ChainAnswerer,
  questions: readonly Uint8Array[],
  now: () => number,
): Promise<readonly Uint8Array[]> {
  const until = now() + chainLimits.newerMs;
  const answers: Uint8Array[] = [];
  let bytes = 0;
  for (const question of questions) {
    const answer = await service.answerOnce(question);
    bytes += answer.length;
    if (answers.length > 0 && bytes > chainLimits.answer) break;
    answers.push(answer);
    if (now() >= until) break;
  }
  return answers;
}
