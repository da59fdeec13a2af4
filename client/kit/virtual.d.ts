/** Made by vite.config.ts from .cache/page/built-in.json; read in main.tsx alone, through built-in.ts. */
declare module "virtual:built-in" {
  const json: unknown;
  // oxlint-disable-next-line import/no-default-export -- what the plugin makes
  export default json;
}
