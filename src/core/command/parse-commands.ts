import { fromMarkdown } from 'mdast-util-from-markdown'
import { clusterName } from '../cluster/cluster-name.ts'
import { beginsLikeCommand, commandText, looksLikeCommand, wordsOf } from './command-text.ts'

/** What a comment asks for. Words that are no command are answered with help, never guessed. */
export type Command =
  | Readonly<{ verb: 'detach' | 'preflight' | 'adopt'; cluster: string }>
  | Readonly<{ verb: 'status' | 'retry' | 'abort' | 'help' }>
  | Readonly<{ verb: 'unknown'; reason: string }>

/** One row of the help, the documentation and the permission table. */
export const verbs = {
  detach: { usage: '/seed detach <cluster>', does: 'starts a run for that cluster' },
  preflight: {
    usage: '/seed preflight <cluster>',
    does: 'asks all that can be asked before a detach, and changes nothing',
  },
  adopt: {
    usage: '/seed adopt <cluster>',
    does: 'says how to ask for a run on a seed that is on no hub any more',
  },
  status: { usage: '/seed status', does: 'brings the report up to date' },
  retry: { usage: '/seed retry', does: 'tries again what the run is blocked on' },
  abort: { usage: '/seed abort', does: 'ends the run; a detach that is merged stays' },
  help: { usage: '/seed help', does: 'shows this list' },
} as const

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
 * stands in code, quotes, lists, tables, links or HTML is no command, but a comment that begins with it is
 * answered. At most five count.
 */
export const parseCommands = (body: string): readonly Command[] => {
  const text = commandText(body)
  if (text === null) return []
  if (isHeavy(text))
    return [unknown('it has too much Markdown before the command; write a comment of its own')]
  const commands = fromMarkdown(text)
    .children.flatMap(block => linesIn(text, block))
    .slice(0, mostCommands)
    .map(line => (line === null ? unknown(asPlainText) : parseLine(line)))
  return commands.length === 0 && beginsLikeCommand(text) ? [unknown(asPlainText)] : commands
}

const asPlainText =
  'a command is a line of plain text, outside of lists, headings, code, tables, HTML and emphasis'
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
      return part.type === 'break' || (part.type === 'html' && part.value.startsWith('<!--'))
        ? ''
        : null
    })
    return [texts.includes(null) ? null : texts.join('')]
  })
}

const parseLine = (line: string): Command => {
  const [, word = '', ...rest] = wordsOf(line)
  const verb = word.toLowerCase()
  const [cluster] = rest
  switch (verb) {
    case 'detach':
    case 'preflight':
    case 'adopt':
      if (cluster === undefined || rest.length > 1) return unknown(`\`${verb}\` takes one cluster`)
      if (!clusterName.test(cluster))
        return unknown('that is no cluster name: lower-case letters, digits and `-`')
      return { verb, cluster }
    case 'status':
    case 'retry':
    case 'abort':
    case 'help':
      return rest.length ? unknown(`\`${verb}\` takes no argument`) : { verb }
    default:
      return unknown('there is no such command')
  }
}
