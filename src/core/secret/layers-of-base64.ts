const alphabet = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** True if a text is base64 as Go's StdEncoding reads it: standard letters, padded. */
export const isBase64 = (text: string): boolean => alphabet.test(text)

/** True if a text is the one base64 of its bytes: no line breaks, no stray bits at its end. */
export const isCanonicalBase64 = (text: string): boolean =>
  isBase64(text) && Buffer.from(text, 'base64').toString('base64') === text

/** How often a text must be decoded, wrapped or not, until `isFound` holds; null when it never does. */
export const layersOfBase64 = (
  text: string,
  isFound: (decoded: string) => boolean,
): number | null => {
  let decoded = text
  for (const layers of [1, 2, 3]) {
    const packed = decoded.replace(/\s+/g, '')
    if (packed === '' || !isBase64(packed)) return null
    decoded = Buffer.from(packed, 'base64').toString('utf8')
    if (isFound(decoded)) return layers
  }
  return null
}
