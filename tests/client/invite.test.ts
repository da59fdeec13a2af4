import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64url, encodeBase64url } from "#client/base64url.ts";
import { inviteLink, newInviteSecret, parseInvite } from "#client/invite.ts";
import { roomId } from "../protocol/support/arbitraries.ts";

const secret = fc.uint8Array({ minLength: 16, maxLength: 32 });

test("an invitation is read back from its link", () => {
  fc.assert(
    fc.property(
      roomId,
      fc.option(secret, { nil: undefined }),
      fc.webUrl({ withFragments: true }),
      (room, invite, page) => {
        const written = invite === undefined ? { room } : { room, invite };
        const link = inviteLink(page, written);
        expect(parseInvite(link)).toEqual(written);
        expect(parseInvite(new URL(link).hash)).toEqual(written);
      },
    ),
  );
});

test("what a browser sends for a link says nothing about the invitation", () => {
  fc.assert(
    fc.property(roomId, secret, (room, invite) => {
      const url = new URL(inviteLink("https://play.example.org/dot4?lang=en#old", { room, invite }));
      url.hash = "";
      expect(url.href).toBe("https://play.example.org/dot4?lang=en");
    }),
  );
});

test("a page without an invitation is none", () => {
  for (const link of ["", "#", "https://play.example.org/", "#rules", "https://play.example.org/?room=1"]) {
    expect(parseInvite(link)).toBeUndefined();
  }
});

test.for([
  "#room=",
  "#room=abc",
  "#room=ABCDEF0123456789ABCD",
  "#room=0123456789abcdef01234&invite=AAAAAAAAAAAAAAAAAAAAAA",
  "#room=0123456789abcdef0123&invite=",
  "#room=0123456789abcdef0123&invite=AAAA",
  "#room=0123456789abcdef0123&invite=AAAAAAAAAAAAAAAAAAAAA!",
  `#room=0123456789abcdef0123&invite=${"A".repeat(44)}`,
])("%s is an invitation that was cut or changed", (link) => {
  expect(() => parseInvite(link)).toThrow(expect.objectContaining({ code: "invite-malformed" }));
});

test("new secrets are new", () => {
  const secrets = Array.from({ length: 100 }, () => encodeBase64url(newInviteSecret()));
  expect(new Set(secrets).size).toBe(100);
});

test("base64url agrees with Node's, and reads only what it would write", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    }),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (text) => {
      const bytes = decodeBase64url(text);
      if (bytes !== undefined) expect(encodeBase64url(bytes)).toBe(text);
    }),
  );
});
