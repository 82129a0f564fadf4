import { lineNumber, type Splice } from '../yaml/splice.ts'

/** A list that says that it is empty though entries follow it; lines count from 1. */
export type BelowEmpty = Readonly<{
  key: string
  /** The empty value as it is written: `[]`, `null`, `~`, `{}`, `""`; null for `? key` without a colon. */
  value: string | null
  line: number
  entry: number
  /** Edits that take the value out, with the blanks before it; of `? key` they make `key:`. */
  splices: readonly Splice[]
}>

const anyKey = String.raw`(?:(\w+)|"(\w+)"|'(\w+)')`
// The rest of a line that holds nothing but blanks or a comment, and its end.
// A line has one end only: with two ways to read `\r\n`, a short file would take for ever.
const lineEnd = String.raw`(?:\r\n|\r(?!\n)|\n)`
const restOfLine = String.raw`[ \t]*(?:#[^\r\n]*)?${lineEnd}`
const inside = String.raw`((?:[ \t\r\n]|#[^\r\n]*[\r\n])*)`

// `key: []`, `key: null` and the like, whatever is blank or a comment inside and behind it; `? key` and below it `: []`, too.
// Of the blanks before a comment one stays.
const emptyList = new RegExp(
  String.raw`^\uFEFF?(\?[ \t]+)?${anyKey}((?:${restOfLine})*[ \t]*:(?:[ \t]+[&!]\S*)*)(?:(?:${restOfLine})+|(?=[ \t]))([ \t]*)(\[${inside}\]|\{${inside}\}|null|Null|NULL|~|""|'')(?=[ \t]*(?:#.*)?$)`,
  'gm',
)
const keyAlone = new RegExp(String.raw`^\uFEFF?(\?[ \t]+)${anyKey}(?=[ \t]*(?:#.*)?$)`, 'gm')
const entryBelow = new RegExp(
  String.raw`[ \t]*(?:#[^\r\n]*(?=[\r\n]))?(?:${lineEnd}[ \t]*(?:#[^\r\n]*(?=[\r\n]))?)+-(?=[ \t\r\n]|$)`,
  'y',
)

/**
 * Finds the first list of a kustomization that says that it is empty though entries follow it, as when somebody puts a
 * cluster below a list that a detach has emptied. git merges such an edit without a conflict, and the file is broken then:
 * no YAML reader takes it, or kustomize gets the text `null - a.yaml`. Takes the text; gives null where there is none.
 */
export const entriesBelowEmpty = (text: string): BelowEmpty | null => {
  const found = [emptyValue(text), withoutColon(text)].filter(one => one !== null)
  return found.sort((a, b) => a.line - b.line)[0] ?? null
}

const emptyValue = (text: string): BelowEmpty | null => {
  for (const match of text.matchAll(emptyList)) {
    const [whole, question, plain, double, single, colon = '', blanks = '', value = ''] = match
    const within = match[8] ?? match[9] ?? ''
    const end = match.index + whole.length
    const entry = entryAfter(text, end)
    // Without `?` the colon stands on the line of its key.
    if (entry === null || (question === undefined && /[\r\n]/.test(colon))) continue
    const open = end - value.length
    // `:#` is not a key, and `[]` alone on its line of a longer list leaves that line blank.
    const isTight = text.startsWith('#', end) || within.startsWith('#')
    const start = open - blanks.length + (isTight ? Math.min(1, blanks.length) : 0)
    const closing = within.length - within.replace(/[ \t]+$/, '').length
    return {
      key: plain ?? double ?? String(single),
      value: value.replace(within, ''),
      line: lineNumber(text, match.index + whole.indexOf(colon) + colon.indexOf(':')),
      entry,
      splices:
        within.trim() === '' && !/[\r\n]/.test(within)
          ? [{ start, end, text: '' }]
          : [
              { start, end: open + 1, text: '' },
              { start: end - 1 - closing, end, text: '' },
            ],
    }
  }
  return null
}

const withoutColon = (text: string): BelowEmpty | null => {
  for (const match of text.matchAll(keyAlone)) {
    const [whole, question = '', plain, double, single] = match
    const end = match.index + whole.length
    const entry = entryAfter(text, end)
    if (entry === null) continue
    const start = match.index + whole.indexOf('?')
    return {
      ...{ key: plain ?? double ?? String(single), value: null, entry },
      line: lineNumber(text, start),
      splices: [
        { start, end: start + question.length, text: '' },
        { start: end, end, text: ':' },
      ],
    }
  }
  return null
}

/** The line of the entry that is the next thing behind a place; null where something else is. */
const entryAfter = (text: string, place: number): number | null => {
  entryBelow.lastIndex = place
  const below = entryBelow.exec(text)
  return below && lineNumber(text, place + below[0].length - 1)
}

/** Says so, and what to do about it. */
export const sayBelowEmpty = ({
  key,
  value,
  line,
  entry,
}: Omit<BelowEmpty, 'splices'>): Readonly<{ reason: string; fix: string }> => ({
  reason: `line ${line} of the kustomization says \`${saysEmpty(key, value)}\`, and an entry follows in line ${entry}`,
  fix: `${value === null ? `write \`${key}:\` instead` : `take out the \`${value}\``}; the entries stay as they are`,
})

/** The key and its empty value as a person reads them. */
export const saysEmpty = (key: string, value: string | null): string =>
  value === null ? `? ${key}` : `${key}: ${value}`
