/**
 * The text of a file of whatever encoding, for looking only: UTF-16 and UTF-32 keep their ASCII when the
 * zeros are left out, and of anything else what is ASCII stays. Line breaks stay where they are.
 */
export const decodeBytes = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes)
    .replaceAll('\0', '')
    .replace(/^[\uFEFF\uFFFD]+/, '')
