import { fromMarkdown } from 'mdast-util-from-markdown'
import { clusterName } from '../cluster/cluster-name.ts'

/** What a comment asks for. Words that are no command are answered with help, never guessed. */
export type Command =
  | Readonly<{ verb: 'detach'; cluster: string }>
  | Readonly<{ verb: 'status' | 'retry' | 'abort' | 'help' }>
  | Readonly<{ verb: 'unknown'; reason: string }>

/** One row of the help, the documentation and the permission table. */
export const verbs = {
  detach: { usage: '/seed detach <cluster>', does: 'starts a run for that cluster' },
  status: { usage: '/seed status', does: 'brings the report up to date' },
  retry: { usage: '/seed retry', does: 'tries again what the run is blocked on' },
  abort: { usage: '/seed abort', does: 'ends the run; a detach that is merged stays' },
  help: { usage: '/seed help', does: 'shows this list' },
} as const

const mostCommands = 5
const longestBody = 16 * 1024
const looksLikeCommand = /^\/seed(?=[ \t\r\n]|$)/m
const deeplyNested = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))){13}/m

/**
 * The commands of a Markdown comment: lines that begin with `/seed` in a plain top-level paragraph. What
 * stands in code, quotes, lists, tables, links or HTML is no command. At most five count.
 */
export const parseCommands = (body: string): readonly Command[] => {
  // Reading long or deeply nested Markdown takes up to minutes: what could hold no command is not read.
  if (body.length > longestBody || !looksLikeCommand.test(body) || deeplyNested.test(body))
    return []
  return fromMarkdown(body)
    .children.flatMap(block =>
      block.type === 'paragraph' && !isTable(body, block) ? block.children : [],
    )
    .flatMap(child => (child.type === 'text' ? wholeLines(body, child) : []))
    .filter(line => /^\/seed(?=[ \t]|$)/.test(line))
    .slice(0, mostCommands)
    .map(parseLine)
}

type Point = Readonly<{ offset?: number | undefined }>
type Placed = Readonly<{ position?: Readonly<{ start: Point; end: Point }> | undefined }>

/** Where a node stands; a node without a place, which the parser never gives, stands nowhere. */
const rangeOf = ({ position }: Placed): readonly [number, number] => [
  Number(position?.start.offset),
  Number(position?.end.offset),
]

/** GitHub reads tables where plain Markdown sees a paragraph: one of its lines is `|---|`. */
const isTable = (body: string, block: Placed): boolean =>
  /^(?=.*-)(?=.*[|:])[-|: \t\r]+$/m.test(body.slice(...rangeOf(block)))

/** The lines of the body that lie wholly inside one run of plain text. */
const wholeLines = (body: string, text: Placed): readonly string[] => {
  const [from, to] = rangeOf(text)
  const lines: string[] = []
  for (let at = from; at <= to;) {
    const newline = body.indexOf('\n', at)
    const lineEnd = newline === -1 ? body.length : newline
    const begins = at === 0 || body[at - 1] === '\n'
    if (begins && body.slice(Math.min(lineEnd, to), lineEnd).trim() === '')
      lines.push(body.slice(at, Math.min(lineEnd, to)).trimEnd())
    at = lineEnd + 1
  }
  return lines
}

const parseLine = (line: string): Command => {
  const [, word = '', ...rest] = line.split(/[ \t]+/)
  const verb = word.toLowerCase()
  const [cluster] = rest
  switch (verb) {
    case 'detach':
      if (cluster === undefined || rest.length > 1)
        return { verb: 'unknown', reason: '`detach` takes one cluster' }
      if (!clusterName.test(cluster))
        return {
          verb: 'unknown',
          reason: 'that is no cluster name: lower-case letters, digits and `-`',
        }
      return { verb, cluster }
    case 'status':
    case 'retry':
    case 'abort':
    case 'help':
      return rest.length ? { verb: 'unknown', reason: `\`${verb}\` takes no argument` } : { verb }
    default:
      return { verb: 'unknown', reason: 'there is no such command' }
  }
}
