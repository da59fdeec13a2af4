/** SETPROPERTY: by the issuer, or by the owner where the issuer said so; never by anybody else. */
import type { AccountId } from "../account.ts";
import { checkPropertyValue, typeOfValue, type Property, type SetProperty } from "../codec/property.ts";
import { RmrkError, type RefusalCode } from "../errors.ts";
import { propertiesMax } from "../limits.ts";
import type { Nft } from "../state/state.ts";
import { ownerRefusal } from "../state/tree.ts";
import { voucherProperty } from "./mint.ts";
import type { Rule } from "./rule.ts";

/**
 * The property by which an issuer says that an item is used up: true, and nobody takes it back. Such an item is worn nowhere
 * and not for sale any more; all else of it is its owner's, who may burn it.
 */
export const usedProperty = "used-up";

export function isUsed({ properties }: Pick<Nft, "properties">): boolean {
  const property = properties?.get(usedProperty);
  return property?.value === true && property.writer === "nobody";
}

export const setProperty: Rule<SetProperty> = (state, { caller }, { nft: id, key, value, freeze }) => {
  const nft = state.nfts.get(id);
  if (nft === undefined) return "nft-unknown";
  if (key === voucherProperty) return "property-reserved";
  const before = nft.properties?.get(key);
  const refused = before === undefined ? additionRefusal(nft, caller) : writeRefusal(nft, before, caller);
  if (refused !== undefined) return refused;
  const type = before?.type ?? typeOfValue(value);
  try {
    checkPropertyValue(type, value, state.prefix);
  } catch (error) {
    if (error instanceof RmrkError) return "property-type";
    throw error;
  }
  const writer = freeze ? "nobody" : (before?.writer ?? "issuer");
  nft.properties = new Map(nft.properties ?? []).set(key, { type, value, writer });
  return [{ event: "property-set", nft: id, key }];
};

/** A game finds out later what it wants to know of an item: its issuer may add properties, for itself to write. */
function additionRefusal(nft: Nft, caller: AccountId): RefusalCode | undefined {
  if (nft.collection.issuer !== caller) return "not-issuer";
  return nft.properties !== undefined && nft.properties.size >= propertiesMax ? "properties-too-many" : undefined;
}

function writeRefusal(nft: Nft, { writer }: Property, caller: AccountId): RefusalCode | undefined {
  if (writer === "nobody") return "property-immutable";
  if (writer === "owner") return ownerRefusal(nft, caller);
  return nft.collection.issuer === caller ? undefined : "not-issuer";
}
