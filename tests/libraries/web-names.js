/** For libraries that list classes of the web platform by name when they are loaded. Nothing is ever one of these. */
for (const name of ["Blob", "FormData", "Headers", "Request", "Response", "URL"]) globalThis[name] ??= class {};
