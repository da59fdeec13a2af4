/**
 * Puts a world's collections on a chain with pallet-nfts: the cold owner creates them, appoints the enclave's account as
 * their issuer, and says which numbers the chain gave them. It looks first and does what is missing, so that it can be
 * stopped at any moment and asked again.
 */
import type { View } from "#enclave/ledger/follow/follower.ts";
import type { CollectionState } from "#enclave/ledger/nfts/collection.ts";
import { createCall, setTeamCall } from "#enclave/ledger/nfts/calls.ts";
import { collectionsNamed } from "#enclave/ledger/nfts/items.ts";
import { NamedCollections, namingRemark } from "#enclave/ledger/nfts/naming.ts";
import { readNfts } from "#enclave/ledger/nfts/reading.ts";
import { batchCall, remarkCall, transferCall } from "#enclave/ledger/runtime/calls.ts";
import type { AccountId } from "#rmrk/account.ts";
import type { FollowedChain } from "../items/followed-chain.ts";
import { ItemsError } from "../items/items-error.ts";
import type { ItemKey } from "../items/key.ts";
import { inRounds, type Found, type InitOptions, type Rounds, type Told } from "./rounds.ts";
import type { IssuedCollection, WorldItems } from "./world-file.ts";

export type NftsChain = Pick<FollowedChain, "view" | "words" | "source" | "send">;

/** What is to be said in the next transaction. */
interface Step extends Told {
  readonly calls: readonly Uint8Array[];
}

/**
 * @returns whether all of it is there now.
 * @throws ItemsError if what is there cannot become what is wanted, or the chain does not take it in time.
 */
export async function initNfts(
  chain: NftsChain,
  wanted: WorldItems,
  key: ItemKey,
  options: InitOptions,
): Promise<boolean> {
  if (wanted.issued.size === 0)
    throw new ItemsError('"issued" names no collections, like { "dot4/DOT4": { "max": 1000 } }.');
  const rounds: Rounds<Step> = {
    view: () => chain.view(),
    survey: (view) => survey(chain, view, wanted),
    choose: (missing) => missing,
    send(steps, view, done) {
      const calls = steps.flatMap((step) => step.calls);
      return chain.send(batchCall(view.runtime.metadata, calls), key, view, done);
    },
  };
  return inRounds(rounds, options);
}

/**
 * Ends what an issuer may do: nothing that it signed counts from then on. @returns whether anything had to be done.
 * @throws ItemsError.
 */
export async function revokeNfts(
  chain: NftsChain,
  { owner, issued }: WorldItems,
  contract: string,
  key: ItemKey,
): Promise<boolean> {
  const view = await chain.view();
  const { metadata } = view.runtime;
  const named = namedBy(owner, chain);
  const calls: Uint8Array[] = [];
  const numbers: [number, AccountId][] = [];
  for (const [name, { id, issuer }] of issued) {
    const number = named.numberOf(id);
    if (!name.startsWith(`${contract}/`) || number === undefined) continue;
    if ((await stateOf(chain, view, number, issuer))?.issues !== true) continue;
    numbers.push([number, issuer]);
    calls.push(setTeamCall(metadata, number, owner, owner));
  }
  if (calls.length === 0) return false;
  await chain.send(batchCall(metadata, calls), key, view, async (now) => {
    const states = await Promise.all(numbers.map(([number, issuer]) => stateOf(chain, now, number, issuer)));
    return states.every((state) => state?.issues !== true);
  });
  return true;
}

/** First collections that are not there, as one transaction; then what is missing of those that are. */
async function survey(chain: NftsChain, view: View, wanted: WorldItems): Promise<Found<Step>> {
  const { owner, issued } = wanted;
  const { metadata } = view.runtime;
  const named = namedBy(owner, chain);
  const there: string[] = [];
  const steps: Step[] = [];
  const creations: Step[] = [];
  const unnamed = await unnamedOf(chain, view, owner, named);
  for (const [name, { id, issuer, max }] of issued) {
    const number = named.numberOf(id);
    if (number !== undefined) {
      const state = await stateOf(chain, view, number, issuer);
      const found = checked(name, number, { id, issuer, max }, state, owner);
      if (found.issues)
        there.push(`The collection ${name} is there, as number ${number}, and its issuer is appointed.`);
      else steps.push({ says: `Appoint the issuer of ${name}`, calls: [setTeamCall(metadata, number, issuer, owner)] });
      continue;
    }
    // One that was created when something stopped.
    const at = unnamed.findIndex(({ state }) => state.max === max && state.minted === 0);
    if (at < 0) creations.push({ says: `Create the collection ${name}`, calls: [createCall(metadata, owner, max)] });
    else {
      const [{ number: found }] = unnamed.splice(at, 1) as [Unnamed];
      const calls = [setTeamCall(metadata, found, issuer, owner), remarkCall(metadata, namingRemark(found, id))];
      steps.push({ says: `Appoint the issuer of ${name}, and say which number it has`, calls });
    }
  }
  for (const [contract, account] of wanted.issuers) {
    const funds = view.funds.get(account) ?? 0n;
    // Fees make it less with each transaction: half is enough.
    if (funds * 2n >= wanted.funds) there.push(`The issuer of ${contract} can pay fees.`);
    else {
      const call = transferCall(metadata, account, wanted.funds - funds);
      steps.push({ says: `Pay the issuer of ${contract} what it needs for fees`, calls: [call] });
    }
  }
  return { there, missing: [...creations, ...steps] };
}

const namedBy = (owner: AccountId, { words }: NftsChain): NamedCollections => {
  const named = new NamedCollections(owner);
  named.read(words);
  return named;
};

async function stateOf(
  { source }: NftsChain,
  view: View,
  number: number,
  issuer: AccountId,
): Promise<CollectionState | undefined> {
  const { collections } = await readNfts(source, view, issuer, { collections: [number] });
  return collections[0];
}

interface Unnamed {
  readonly number: number;
  readonly state: CollectionState;
}

/** The owner's collections that have no name yet, the oldest first. */
async function unnamedOf(chain: NftsChain, view: View, owner: AccountId, named: NamedCollections): Promise<Unnamed[]> {
  const numbers = [...new Set(await collectionsNamed(chain.source, view, owner))].filter((one) => !named.all.has(one));
  if (numbers.length === 0) return [];
  const { collections } = await readNfts(chain.source, view, owner, { collections: numbers });
  return numbers
    .flatMap((number, i): Unnamed[] => {
      const state = collections[i];
      return state?.owner === owner ? [{ number, state }] : [];
    })
    .sort((a, b) => a.number - b.number);
}

function checked(
  name: string,
  number: number,
  { max }: IssuedCollection,
  state: CollectionState | undefined,
  owner: AccountId,
): CollectionState {
  if (state === undefined) throw new ItemsError(`${name} was number ${number}, which is there no more.`);
  if (state.owner !== owner) throw new ItemsError(`${name}, number ${number}, is another account's now.`);
  if (state.max !== max) throw new ItemsError(`${name} is there with another size. Choose another symbol.`);
  return state;
}
