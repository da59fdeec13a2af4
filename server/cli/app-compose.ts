/**
 * From a compose file to what a policy names: images by digest, the compose file in `app-compose.json`, and the SHA-256
 * of that file's bytes, which dstack measures.
 */
import { createHash } from "node:crypto";

/** `registry.example/phatroom-worker@sha256:…`: a name that stands for exactly these bytes. */
export const isByDigest = (image: string): boolean => /^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/.test(image);

/**
 * The compose file with the images that are to run. Everything else in it stays as it is, byte for byte.
 *
 * @param images by service.
 * @throws Error if an image is not named by its digest, or a service has no image to replace.
 */
export function withImages(compose: string, images: Readonly<Record<string, string>>): string {
  let text = compose;
  for (const [service, image] of Object.entries(images)) {
    if (!isByDigest(image)) throw new Error(`${image} is no image by digest: name@sha256:…`);
    const line = new RegExp(`^(  ${service}:\\n(?:    .*\\n|\\n)*?    image: ).*$`, "m");
    if (!line.test(text)) throw new Error(`the compose file has no image of ${service}`);
    text = text.replace(line, `$1${image}`);
  }
  return text;
}

/** What dstack starts the machine with. Whatever is not said here is not allowed: no scripts, no variables, no logs. */
export const appComposeOf = (name: string, compose: string): string =>
  `${JSON.stringify(
    {
      manifest_version: 2,
      name,
      runner: "docker-compose",
      docker_compose_file: compose,
      kms_enabled: true,
      gateway_enabled: true,
      local_key_provider_enabled: false,
      public_logs: false,
      public_sysinfo: false,
      public_tcbinfo: true,
      allowed_envs: [],
      no_instance_id: false,
      secure_time: true,
    },
    undefined,
    2,
  )}\n`;

/** Of the file's raw bytes, 64 hex digits. */
export const composeHashOf = (appCompose: string): string => createHash("sha256").update(appCompose).digest("hex");
