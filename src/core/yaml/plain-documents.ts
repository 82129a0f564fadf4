import { plainScalar } from './plain-scalar.ts'

const longest = 200_000
const deepest = 40

const isSkipped = /^ *(?:#.*)?$/
const item = /^( *- +)(?=[^ ])/
const field =
  /^ *(?:([A-Za-z][\w./-]{0,200})|"([A-Za-z][\w./-]{0,200})") *:(?: +(?![# ])(.*[^ ])| +#.*|) *$/
// One for all: most texts are plain, and a stack of calls takes longer than the reading.
const notPlain = new Error('more than plain YAML')
const literal = /^\|(-?) *(?: #.*)?$/

/**
 * The values of the documents in a text of plain YAML: mappings and lists in block style whose scalars stand on one line,
 * and literal texts. Undefined for a text with anything more, correct or not: that is for the reader of all of YAML,
 * which gives the same for this one, and takes many times as long.
 */
export const plainDocuments = (text: string): readonly unknown[] | undefined => {
  if (text.length > longest || /[^\n -~]/.test(text)) return undefined
  try {
    return text.split(/^--- *\n/m).map(part => readPart(part.split('\n')))
  } catch {
    // Whatever this one cannot take, the other can.
    return undefined
  }
}

const readPart = (lines: readonly string[]): unknown => {
  let at = 0
  const current = (): string => lines[at] ?? ''

  /** Goes to the next line that says something, and gives its indentation; -1 at the end. */
  const next = (): number => {
    while (at < lines.length && isSkipped.test(current())) at += 1
    return at < lines.length ? indentOf(current()) : -1
  }

  const block = (indent: number, depth: number): unknown => {
    if (depth > deepest) throw notPlain
    return item.test(current()) ? list(indent, depth) : mapping(indent, null, depth)
  }

  const list = (indent: number, depth: number): unknown => {
    const items: unknown[] = []
    while (next() === indent) {
      const dash = item.exec(current())?.[0].length
      if (dash === undefined) break
      const rest = current().slice(dash)
      items.push(
        field.test(rest)
          ? mapping(dash, `${' '.repeat(dash)}${rest}`, depth)
          : scalar(rest, indent),
      )
    }
    return items
  }

  /** Reads a mapping; the line at its beginning may be given without the dash before it. */
  const mapping = (indent: number, first: string | null, depth: number): unknown => {
    const fields = new Map<string, unknown>()
    for (let line = first; line !== null || next() === indent; line = null) {
      const found = field.exec(line ?? current())
      if (!found) throw notPlain
      const [, bare, quoted, rest = ''] = found
      const name = String(bare ?? quoted)
      if (fields.has(name) || isReserved.test(name)) throw notPlain
      fields.set(name, rest === '' ? below(indent, depth) : scalar(rest, indent))
    }
    if (next() > indent) throw notPlain
    return Object.fromEntries(fields)
  }

  /** Reads the value that stands below its key. */
  const below = (indent: number, depth: number): unknown => {
    at += 1
    const inner = next()
    if (inner > indent) return block(inner, depth + 1)
    return inner === indent && item.test(current()) ? list(indent, depth + 1) : null
  }

  const scalar = (rest: string, indent: number): unknown => {
    at += 1
    const [, strip] = literal.exec(rest) ?? []
    if (strip !== undefined) return text(indent, strip === '-')
    const read = plainScalar(rest)
    // A line that is indented further would go on with it.
    if (!read || next() > indent) throw notPlain
    return read.value
  }

  const text = (indent: number, isStripped: boolean): string => {
    const inner = indentOf(current())
    if (inner <= indent || inner === current().length) throw notPlain
    const taken: string[] = []
    for (; at < lines.length; at += 1) {
      const line = current()
      const isBlank = line.trim() === ''
      if (!isBlank && indentOf(line) <= indent) break
      if (!isBlank && indentOf(line) < inner) throw notPlain
      taken.push(line.slice(inner))
    }
    const whole = taken.join('\n')
    // The end of the text may be without a line break, or hold blanks that count.
    if (isStripped ? / \n*$/.test(whole) : at >= lines.length && !whole.endsWith('\n'))
      throw notPlain
    return whole.replace(/(?<!\n)\n*$/, isStripped ? '' : '\n')
  }

  const indent = next()
  if (indent === -1) return null
  const value = block(indent, 0)
  if (next() !== -1) throw notPlain
  return value
}

const isReserved = /^(?:null|true|false)$/i
const indentOf = (line: string): number => line.length - line.trimStart().length
