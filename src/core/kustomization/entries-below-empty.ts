import { lineNumber, type Splice } from '../yaml/splice.ts'

/** A list that says `[]` though entries follow it; lines count from 1. */
export type BelowEmpty = Readonly<{
  key: string
  line: number
  entry: number
  /** Edits that take the `[]` out: its brackets, and the blanks before them. */
  brackets: readonly Splice[]
}>

// `key: []`, whatever is blank or a comment inside and behind the brackets. Of the blanks before a comment one stays.
const emptyList =
  /^\uFEFF?(?:(\w+)|"(\w+)"|'(\w+)')([ \t]*:(?:[ \t]+[&!]\S*)*)([ \t]+)\[((?:[ \t\r\n]|#[^\r\n]*[\r\n])*)\](?=[ \t]*(?:#.*)?$)/gm
const entryBelow =
  /[ \t]*(?:#[^\r\n]*(?=[\r\n]))?(?:(?:\r\n|\r|\n)[ \t]*(?:#[^\r\n]*(?=[\r\n]))?)+-(?=[ \t\r\n]|$)/y

/**
 * Finds the first list of a kustomization that says `[]` though entries follow it, as when somebody puts a cluster
 * below a list that a detach has emptied. git merges such an edit without a conflict, and no YAML reader takes the
 * file then. Takes the text; gives null where there is none.
 */
export const entriesBelowEmpty = (text: string): BelowEmpty | null => {
  for (const match of text.matchAll(emptyList)) {
    const [whole, plain, double, single, colon = '', blanks = '', inside = ''] = match
    const end = match.index + whole.length
    entryBelow.lastIndex = end
    const below = entryBelow.exec(text)
    if (!below) continue
    const open = end - inside.length - 2
    const closing = inside.length - inside.replace(/[ \t]+$/, '').length
    // `:#` is no key, and `[]` alone on its line of a longer list leaves that line blank.
    const kept = text.startsWith('#', end) || inside.startsWith('#') ? 1 : 0
    return {
      key: plain ?? double ?? String(single),
      line: lineNumber(text, end - whole.length + whole.indexOf(colon)),
      entry: lineNumber(text, end + below[0].length - 1),
      brackets:
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
  line,
  entry,
}: Pick<BelowEmpty, 'key' | 'line' | 'entry'>): Readonly<{ reason: string; fix: string }> => ({
  reason: `line ${line} of the kustomization says \`${key}: []\`, and an entry follows in line ${entry}`,
  fix: 'take out the `[]`; the entries stay as they are',
})
