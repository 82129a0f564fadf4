import { beginsSo, isWhole, undecorated } from './undecorated.ts'

/** GitHub takes comments four times as long; a command stands early, or in a comment of its own. */
const longest = 16 * 1024

// Phones, chats and word processors put no-break and wide spaces that nobody tells from others.
const blank = String.raw`[ \t\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]`
const blanks = new RegExp(`${blank}+`)

/** A line that begins with `/seed`, in any case and after blanks. */
export const looksLikeCommand = new RegExp(`^${blank}*/seed(?=${blank}|$)`, 'i')

/** Splits a line at blanks. */
export const wordsOf = (line: string): readonly string[] =>
  line.split(blanks).filter(word => word !== '')

const isEmpty = (line: string): boolean => /^[ \t\r\n]*$/.test(line)
const fence = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))([^`]*)$/
const isCodeOrQuote = (line: string): boolean => /^(?: {4}| {0,3}[\t>])/.test(line)
const linesOf = (text: string): readonly string[] => text.split(/(?<=\n|\r(?!\n))/)

/** Replaces the comments of HTML by blanks, and leaves the lines as they are. */
const withoutHidden = (text: string): string =>
  text.replace(/<!--[^]*?(?:-->|$)/g, hidden => hidden.replace(/[^\r\n]/g, ' '))

/**
 * Says for each line whether a person means a command with it, obeyed or not: the first line that says anything, be it in a
 * list, a quote or code or spelt with look-alikes; and each later one that looks like a command, or is one within marks
 * and nothing else, outside of quotes and code.
 */
const meantLines = (text: string): readonly boolean[] => {
  // A comment of our own shows commands; whoever pastes one means none of them.
  if (/^\s*<!-- sower:/.test(text)) return linesOf(text).map(() => false)
  let open: string | null = null
  let hasBegun = false
  return linesOf(withoutHidden(text)).map(each => {
    const line = each.trimEnd()
    const [, mark = '', info = ''] = fence.exec(line) ?? []
    const isInside = open !== null
    if (open === null && mark !== '') open = mark
    else if (open !== null && mark.startsWith(open) && info.trim() === '') open = null
    const said = mark === '' ? undecorated(line) : ''
    if (said === '') return false
    const isFirst = !hasBegun
    hasBegun = true
    if (isFirst) return beginsSo(said)
    if (isInside || isCodeOrQuote(line)) return false
    return looksLikeCommand.test(line) || (said.startsWith('/') && isWhole(said))
  })
}

/** Tells whether a person means some line of a comment as a command, whatever is obeyed of it. */
export const isMeantAsCommand = (text: string): boolean => meantLines(text).includes(true)

/**
 * Cuts a comment to what decides on its commands: whole lines of the first 16 KiB, up to the end of the paragraph
 * with the last line that looks like one or is meant so. Returns null where no line is. Takes time in proportion to the
 * length.
 */
export const commandText = (body: string): string | null => {
  // Without a byte order mark, which the Markdown parser leaves out when it counts.
  const whole = body.replace(/^\uFEFF/, '')
  const cut = whole.length > longest ? whole.slice(0, whole.lastIndexOf('\n', longest) + 1) : whole
  const lines = linesOf(cut)
  const meant = meantLines(cut)
  const last = lines.findLastIndex(
    (line, index) => looksLikeCommand.test(line.trimEnd()) || meant[index] === true,
  )
  if (last === -1) return null
  // A blank line ends every paragraph, and what follows it changes nothing before it.
  const end = lines.findIndex((line, index) => index > last && isEmpty(line))
  return lines.slice(0, end === -1 ? undefined : end).join('')
}
