/** A text from a file or a name as one line that does nothing to a terminal or a page. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/gu,
    character => `\\u{${Number(character.codePointAt(0)).toString(16)}}`,
  )
