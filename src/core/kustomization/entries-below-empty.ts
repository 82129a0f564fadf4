import { lineNumber, type Splice } from '../yaml/splice.ts'

/** A list that says `[]`, `{}` or null though entries follow it; lines count from 1. */
export type BelowEmpty = Readonly<{
  key: string
  /** The value as it stands there, brackets without what they hold: `[]`, `{}`, `null`, `~`. */
  value: string
  line: number
  entry: number
  /** Edits that take it out: the brackets or the word, and the blanks before them. */
  splices: readonly Splice[]
}>

// `key: []`, whatever is blank or a comment inside and behind the brackets. Of the blanks before a comment one stays.
const emptyList =
  /^\uFEFF?(?:(\w+)|"(\w+)"|'(\w+)')([ \t]*:(?:[ \t]+[&!]\S*)*)([ \t]+)(?:(null|Null|NULL|~)|([[{])((?:[ \t\r\n]|#[^\r\n]*[\r\n])*)[\]}])(?=[ \t]*(?:#.*)?$)/gm
const entryBelow =
  /[ \t]*(?:#[^\r\n]*(?=[\r\n]))?(?:(?:\r\n|\r|\n)[ \t]*(?:#[^\r\n]*(?=[\r\n]))?)+-(?=[ \t\r\n]|$)/y

/**
 * Finds the first list of a kustomization that says `[]`, `{}` or null though entries follow it, as when somebody puts a
 * cluster below a list that a detach has emptied. git merges such an edit without a conflict, and the file is broken then:
 * no YAML reader takes it, or kustomize gets the text `null - a.yaml`. Takes the text; gives null where there is none.
 */
export const entriesBelowEmpty = (text: string): BelowEmpty | null => {
  for (const match of text.matchAll(emptyList)) {
    const [whole, plain, double, single, colon = '', blanks = '', word = '', bracket, inside = ''] =
      match
    const end = match.index + whole.length
    entryBelow.lastIndex = end
    const below = entryBelow.exec(text)
    if (!below) continue
    const open = end - (word === '' ? inside.length + 2 : word.length)
    const closing = inside.length - inside.replace(/[ \t]+$/, '').length
    // `:#` is no key, and `[]` alone on its line of a longer list leaves that line blank.
    const kept = text.startsWith('#', end) || inside.startsWith('#') ? 1 : 0
    return {
      key: plain ?? double ?? String(single),
      value: bracket === undefined ? word : bracket === '[' ? '[]' : '{}',
      line: lineNumber(text, end - whole.length + whole.indexOf(colon)),
      entry: lineNumber(text, end + below[0].length - 1),
      splices:
        inside.trim() === '' && !/[\r\n]/.test(inside)
          ? [{ start: open - blanks.length + kept, end, text: '' }]
          : [
              { start: open - blanks.length + kept, end: open + 1, text: '' },
              { start: end - 1 - closing, end, text: '' },
            ],
    }
  }
  return null
}

/** Says so, and what to do about it. */
export const sayBelowEmpty = ({
  key,
  value,
  line,
  entry,
}: Omit<BelowEmpty, 'splices'>): Readonly<{ reason: string; fix: string }> => ({
  reason: `line ${line} of the kustomization says \`${key}: ${value}\`, and an entry follows in line ${entry}`,
  fix: `take out the \`${value}\`; the entries stay as they are`,
})
