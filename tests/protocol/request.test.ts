/** Which addresses a contract may ask: those below its places, however they are written. */
import { describe, expect, test } from "vitest";
import { isBelow, isPlace } from "#protocol/request.ts";

describe("places", () => {
  test.for(["https://api.example.com/", "https://api.example.com/v1/scores/", "https://a-b.example.co.uk/~x/"])(
    "%s is one",
    (place) => expect(isPlace(place)).toBe(true),
  );

  test.for([
    "http://api.example.com/",
    "https://api.example.com",
    "https://api.example.com/v1",
    "https://API.example.com/",
    "https://user@api.example.com/",
    "https://api.example.com:8443/",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://[::1]/",
    "https://api.example.com/../",
    "https://api.example.com/a/./",
    "https://api.example.com/%2e/",
    "https://api.example.com//",
    "https://api.example.com/?x/",
    "https://api.example.com/#/",
    `https://api.example.com/${"a".repeat(200)}/`,
    "",
  ])("%s is none", (place) => expect(isPlace(place)).toBe(false));
});

describe("addresses", () => {
  const places = ["https://api.example.com/v1/", "https://other.example.org/"];

  test.for([
    "https://api.example.com/v1/",
    "https://api.example.com/v1/scores?of=ann&n=1",
    "https://api.example.com/v1/a%20b",
    "https://api.example.com/v1/?back=../..",
    "https://other.example.org/anything/at/all",
  ])("%s is below one", (url) => expect(isBelow(url, places)).toBe(true));

  test.for([
    "https://api.example.com/v1",
    "https://api.example.com/v2/",
    "https://api.example.com/",
    "https://api.example.com.evil.org/v1/",
    "https://api.example.com@evil.org/v1/",
    "https://evil.org/https://api.example.com/v1/",
    "https://api.example.com:443/v1/",
    "https://api.example.com/v1/../admin",
    "https://api.example.com/v1/./",
    "https://api.example.com/v1/%2e%2e/admin",
    "https://api.example.com/v1/..%2fadmin",
    "https://api.example.com/v1/%5c..%5cadmin",
    "https://api.example.com/v1\\..\\admin",
    "https://api.example.com/v1/a%zz",
    "https://api.example.com/v1/#fragment",
    "https://api.example.com/v1/ ",
    "https://api.example.com/v1/\r\nHost: evil.org",
    "HTTPS://api.example.com/v1/",
    "https://API.example.com/v1/",
    "http://api.example.com/v1/",
    `https://api.example.com/v1/${"a".repeat(1024)}`,
    "",
  ])("%j is not", (url) => expect(isBelow(url, places)).toBe(false));

  test("what is below a place is there for every reader of addresses as well", () => {
    for (const url of ["https://api.example.com/v1/a;b=c/$&+,!'()*", "https://api.example.com/v1/x?y=/../z"]) {
      expect(isBelow(url, places)).toBe(true);
      expect(new URL(url).href).toBe(url);
    }
  });
});
