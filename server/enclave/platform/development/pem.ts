/** Writes certificates in PEM (RFC 7468, 64 columns). The strict reader is `#attestation/x509/pem.ts`. */
export function encodePem(der: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...der)).replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
