/** GitHub takes comments four times as long; a command stands early, or in a comment of its own. */
const longest = 16 * 1024

// Phones, chats and word processors put spaces that nobody sees, some without a width.
const blank = String.raw`[\s\u200B\u2060]`
const blanks = new RegExp(`${blank}+`)

/** A line that begins with `/seed`, in any case and after blanks. */
export const looksLikeCommand = new RegExp(`^${blank}*/seed(?=${blank}|$)`, 'i')

/** Splits a line at blanks. */
export const wordsOf = (line: string): readonly string[] =>
  line.split(blanks).filter(word => word !== '')

// Neither a quote, which repeats what somebody else has written, nor what is indented as code is.
const decorated = new RegExp(
  `^(?! {4}| {0,3}\t)(?:[-+*#_~.()\\[\\]\`\\d]|${blank})*/seed(?=[\`*_~)\\]]|${blank}|$)`,
  'i',
)
const isEmpty = (line: string): boolean => /^[ \t\r\n]*$/.test(line)

/** Tells whether a comment begins like a command, be it in a list, in a heading, in emphasis or in code. */
export const beginsLikeCommand = (text: string): boolean =>
  decorated.test(text.split(/[\r\n]/).find(line => !isEmpty(line)) ?? '')

/**
 * Cuts a comment to what decides on its commands: whole lines of the first 16 KiB, up to the end of the paragraph
 * with the last line that looks like one. Returns null where no line does. Takes time in proportion to the length.
 */
export const commandText = (body: string): string | null => {
  // Without a byte order mark, which the Markdown parser leaves out when it counts.
  const whole = body.replace(/^\uFEFF/, '')
  const cut = whole.length > longest ? whole.slice(0, whole.lastIndexOf('\n', longest) + 1) : whole
  const lines = cut.split(/(?<=\n|\r(?!\n))/)
  const last = lines.findLastIndex(line => looksLikeCommand.test(line.trimEnd()))
  if (last === -1 && !beginsLikeCommand(cut)) return null
  // A blank line ends every paragraph, and what follows it changes nothing before it.
  const from = Math.max(
    last,
    lines.findIndex(line => !isEmpty(line)),
  )
  const end = lines.findIndex((line, index) => index > from && isEmpty(line))
  return lines.slice(0, end === -1 ? undefined : end).join('')
}
