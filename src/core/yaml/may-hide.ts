/**
 * A tag of base64: in short, whole, or with letters of it in hex, as go-yaml takes it (scannerc.go, scan_tag_uri). At most
 * `tag:yaml.org,2002:binar` stands before the letters that tell; without a bound, a file of exclamation marks alone would
 * take the square of its length.
 */
export const binaryTag = /!(?:!\S{0,32}?(?:binary\b|%)|<[^\s>]{0,32}?(?:binary>|%))/

/** True if a text may hold any word without showing it. */
export const mayHide = (text: string): boolean => hiding.test(text)

// Escapes, base64 and UTF-16, in which a name does not stand as it is.
const hiding = new RegExp(String.raw`\\(?:[xuU]|\r?\n)|${binaryTag.source}|\0`)
