import { fromMarkdown } from 'mdast-util-from-markdown'
import { commandText, isMeantAsCommand, looksLikeCommand } from './command-text.ts'
import { parseLine, type Command } from './parse-line.ts'

const mostCommands = 5
const mark = String.raw`(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))`
const deeplyNested = new RegExp(`^(?:(?:[ \\t]*${mark}){13}|(?: {2}|\\t){13}[ \\t]*${mark})`, 'm')
const punctuation = /[!-/:-@[-`{-~]/g

// Reading Markdown takes time by the square of its lines and marks, and by more where it nests.
const isHeavy = (text: string): boolean =>
  text.split(/\r\n|\n|\r/).length > 300 ||
  Array.from(text.matchAll(punctuation)).length > 1000 ||
  deeplyNested.test(text)

/**
 * Reads the commands of a Markdown comment: lines that begin with `/seed` in a plain top-level paragraph. What
 * stands in code, quotes, lists, tables, links or HTML is not a command, but a comment that begins with it is
 * answered. At most five count.
 */
export const parseCommands = (body: string): readonly Command[] => {
  const text = commandText(body)
  if (text === null) return []
  if (isHeavy(text))
    return [unknown('it has too much Markdown before the command; write a comment of its own')]
  const found = fromMarkdown(text).children.flatMap(block => linesIn(text, block))
  const commands = found
    .slice(0, mostCommands)
    .map(line => (line === null ? unknown(asPlainText) : parseLine(line)))
  if (found.length > mostCommands)
    commands.push(unknown('at most five commands count in a comment'))
  return commands.length === 0 && isMeantAsCommand(text) ? [unknown(asPlainText)] : commands
}

const asPlainText =
  'a command is a line of plain text that begins with `/seed`, outside of lists, quotes, headings, code, tables, HTML and emphasis'
const unknown = (reason: string): Command => ({ verb: 'unknown', reason })

type Point = Readonly<{ offset?: number | undefined }>
type Placed = Readonly<{ position?: Readonly<{ start: Point; end: Point }> | undefined }>
type Block = ReturnType<typeof fromMarkdown>['children'][number]

/** Returns where a node stands; a node without a place, which the parser never gives, stands nowhere. */
const rangeOf = ({ position }: Placed): readonly [number, number] => [
  Number(position?.start.offset),
  Number(position?.end.offset),
]

/** GitHub reads tables where plain Markdown sees a paragraph: one of its lines is `|---|`. */
const isTable = (source: string): boolean => /^(?=.*-)(?=.*[|:])[-|: \t\r]+$/m.test(source)

/** Tells whether the line that ends a heading begins the signature of a mail. */
const isSigned = (source: string): boolean => /[\r\n]--[ \t]*$/.test(source)

/** Returns the lines of a block that look like a command; null is one with markup, and comments of HTML are left out. */
const linesIn = (text: string, block: Block): readonly (string | null)[] => {
  const [from, to] = rangeOf(block)
  const source = text.slice(from, to)
  if (block.type !== 'paragraph' && block.type !== 'heading') return []
  if (block.type === 'paragraph' ? isTable(source) : !isSigned(source)) return []
  return Array.from(source.matchAll(/[^\r\n]+/g)).flatMap(({ 0: line, index }) => {
    if (!looksLikeCommand.test(line)) return []
    // A fourth blank makes code of a line, where no paragraph goes on.
    if (/^(?: {4}| {0,3}\t)/.test(line)) return [null]
    const begin = from + index + line.indexOf('/')
    const end = from + index + line.length
    const parts = block.children.filter(child => {
      const [start, stop] = rangeOf(child)
      return start < end && stop > begin
    })
    if (parts[0]?.type !== 'text') return []
    const texts = parts.map(part => {
      const [start, stop] = rangeOf(part)
      if (part.type === 'text') return text.slice(Math.max(start, begin), Math.min(stop, end))
      if (part.type === 'break') return ''
      return part.type === 'html' ? textOfHtml(part.value) : null
    })
    return [texts.includes(null) ? null : texts.join('')]
  })
}

/** The text of HTML in a line: nothing where it is a comment or a break, itself where our help put it around a name. */
const textOfHtml = (html: string): string | null => {
  if (html.startsWith('<!--') || /^<br *\/?>$/i.test(html)) return ''
  return /^<[a-z][-a-z0-9]*>$/.test(html) ? html : null
}
