/** Somebody else's Noise understands ours: noise-c, in both roles, through the handshake and on into the transport. */
import { x25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { utf8ToBytes } from "#protocol/bytes.ts";
import { Handshake, type Role } from "#protocol/noise.ts";
import { missing, NoiseC } from "../oracles/noise-c.ts";
import { suites, type NamedSuite } from "./support/suites.ts";

const prologue = utf8ToBytes("interop");
const protocol = "Noise_NX_25519_ChaChaPoly_SHA256";
const none = new Uint8Array(0);
const staticPrivate = new Uint8Array(32).fill(0x42);

let oracle: NoiseC | undefined;
beforeAll(async () => {
  if (missing === undefined) oracle = await NoiseC.start();
});
afterAll(() => oracle?.close());

const title = missing === undefined ? "noise-c and $name" : `noise-c and $name (${missing})`;

describe.skipIf(missing !== undefined).for(suites)(title, ({ suite, importKeyPair }) => {
  test.for<Role>(["initiator", "responder"])("agree on NX when ours is the %s", async (role) => {
    const { ours, theirHash, payload } = await meet(role, { suite, importKeyPair });
    expect(payload).toEqual(utf8ToBytes("evidence"));
    const secrets = ours.finish();
    expect(theirHash).toEqual(secrets.hash);

    for (let i = 0; i < 3; i++) {
      const [sent, returned] = [utf8ToBytes(`there ${i}`), utf8ToBytes(`and back ${i}`)];
      expect(await oracle!.ask({ ask: "decrypt", bytes: secrets.send.encryptWithAd(none, sent) })).toEqual(sent);
      expect(secrets.receive.decryptWithAd(none, await oracle!.ask({ ask: "encrypt", bytes: returned }))).toEqual(
        returned,
      );
    }
    await expect(oracle!.ask({ ask: "decrypt", bytes: new Uint8Array(32) })).rejects.toThrow("NOISE_ERROR_MAC_FAILURE");
  });

  test("do not agree on another prologue", async () => {
    await oracle!.ask({ ask: "start", protocol, role: "initiator", prologue: utf8ToBytes("another") });
    const ours = await ourSide("responder", { suite, importKeyPair });
    await ours.read(await oracle!.ask({ ask: "write", bytes: none }));
    const second = await ours.write(none);
    await expect(oracle!.ask({ ask: "read", bytes: second })).rejects.toThrow("NOISE_ERROR_MAC_FAILURE");
  });
});

type Primitives = Pick<NamedSuite, "suite" | "importKeyPair">;

async function ourSide(role: Role, { suite, importKeyPair }: Primitives): Promise<Handshake> {
  const staticKey = role === "responder" ? { staticKey: await importKeyPair(staticPrivate) } : {};
  return new Handshake({ pattern: "NX", role, prologue, suite, ...staticKey });
}

/** The handshake with ours in one role and noise-c in the other. The responder's payload is "evidence". */
async function meet(role: Role, primitives: Primitives) {
  const ours = await ourSide(role, primitives);
  const evidence = utf8ToBytes("evidence");
  if (role === "responder") {
    await oracle!.ask({ ask: "start", protocol, role: "initiator", prologue });
    await ours.read(await oracle!.ask({ ask: "write", bytes: none }));
    const payload = await oracle!.ask({ ask: "read", bytes: await ours.write(evidence) });
    expect(await oracle!.ask({ ask: "remote" })).toEqual(x25519.getPublicKey(staticPrivate));
    return { ours, payload, theirHash: await oracle!.ask({ ask: "finish" }) };
  }
  await oracle!.ask({ ask: "start", protocol, role: "responder", prologue, staticKey: staticPrivate });
  await oracle!.ask({ ask: "read", bytes: await ours.write(none) });
  const payload = await ours.read(await oracle!.ask({ ask: "write", bytes: evidence }));
  expect(ours.remoteStatic).toEqual(x25519.getPublicKey(staticPrivate));
  return { ours, payload, theirHash: await oracle!.ask({ ask: "finish" }) };
}
