/** Where `npm run build` leaves things. */
import { fileURLToPath } from "node:url";

const root = new URL("../..", import.meta.url);

export const rootFolder = fileURLToPath(root);
export const contractsFolder = fileURLToPath(new URL(".cache/contracts", root));
export const pageFolder = fileURLToPath(new URL("dist/page", root));
/** Before the browser stage, by tests/support/build-rehearsal.ts. */
export const rehearsalFolder = fileURLToPath(new URL(".cache/world-page", root));
/** Before stages that open pages, by tests/support/build-page-templates.ts. */
export const templatesFolder = fileURLToPath(new URL(".cache/page-templates", root));
