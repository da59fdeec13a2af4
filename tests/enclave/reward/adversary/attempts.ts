/** Every way that is tried to gain an item, in one table. */
import type { Attempt } from "./attempt.ts";
import { hosts } from "./hosts.ts";
import { insiders } from "./insiders.ts";
import { owners } from "./owners.ts";
import { strangers } from "./strangers.ts";
import { users } from "./users.ts";

export const attempts: readonly Attempt[] = [...strangers, ...insiders, ...hosts, ...owners, ...users];
