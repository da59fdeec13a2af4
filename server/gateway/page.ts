/** Serves the client's files, and tells the browser to believe nothing else on this origin. */
import { join } from "node:path";
import { static as serveFiles, Router, type RequestHandler } from "express";

/**
 * Scripts, styles and sockets from this origin only; no inline code, no frames, no plug-ins, no forms, no other base.
 * `wasm-unsafe-eval` lets the client compile WebAssembly, which it gets from this origin like everything else.
 */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** For every answer of the gateway. Transport security is the business of whoever terminates TLS in front. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "Content-Security-Policy": contentPolicy,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  });
  next();
};

/** File names with a hash of their content, as vite writes them: these never change. */
const hashed = /[/\\]assets[/\\][^/\\]+-[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$/;

/** @param directory built by `vite build`: an index.html and its assets. */
export function pageRouter(directory: string): Router {
  const router = Router();
  router.use(
    serveFiles(directory, {
      dotfiles: "ignore",
      // Pages link to their files relatively, so a folder without its slash would be another page.
      redirect: true,
      setHeaders(response, path) {
        const immutable = hashed.test(path);
        response.setHeader("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
      },
    }),
  );
  // Addresses of rooms are the page's own business: they all get the page.
  router.get(/^\/[^.]*$/, (request, response, next) => {
    if (request.accepts("html") === false) {
      next();
      return;
    }
    response.set("Cache-Control", "no-cache");
    response.sendFile(join(directory, "index.html"), { cacheControl: false }, (error?: Error) => {
      if (error !== undefined && error !== null) next();
    });
  });
  return router;
}
