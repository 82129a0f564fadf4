const entities = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
] as const

/** A text as HTML shows it, in an element or in a quoted attribute; control characters become U+FFFD. */
export const escapeHtml = (text: string): string =>
  entities.reduce(
    (escaped, [character, entity]) => escaped.replaceAll(character, entity),
    text.replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '\uFFFD'),
  )
