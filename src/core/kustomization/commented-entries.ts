/** Where the `#` goes when an entry is commented out; each only inserts characters. */
export type CommentStyle =
  /** `  - x` becomes `  #- x` */
  | 'hash-dash'
  /** `  - x` becomes `  # - x` */
  | 'hash-space-dash'
  /** `  - x` becomes `#  - x` */
  | 'hash-first'

// A commented-out entry is one word or quoted, perhaps with a comment: prose, placeholders (`<name>`) and
// nested fields (`files:`) are not entries.
const commentedEntry =
  /^(?<indent> *)#(?<gap> *)- +(?:"(?<double>[^"]+)"|'(?<single>[^']+)'|(?<plain>[^\s#:<"'](?:\S*[^\s:])?))(?: +#.*| *)$/

/** One commented-out list entry; the line counts from 1. */
export type CommentedEntry = Readonly<{ line: number; value: string; style: CommentStyle }>

/** All lines of a file that look like commented-out list entries. */
export const commentedEntries = (text: string): readonly CommentedEntry[] =>
  text.split('\n').flatMap((rawLine, index): readonly CommentedEntry[] => {
    const groups = commentedEntry.exec(rawLine.replace(/\r$/, ''))?.groups
    if (!groups) return []
    const { indent, gap, double, single, plain } = groups
    const style: CommentStyle =
      gap === '' ? 'hash-dash' : indent === '' && gap !== ' ' ? 'hash-first' : 'hash-space-dash'
    return [{ line: index + 1, value: double ?? single ?? String(plain), style }]
  })

/** The style of the commented entry nearest to a line, or `#` right before the dash in a file without any. */
export const styleNear = (text: string, line: number): CommentStyle => {
  const distance = (entry: CommentedEntry): number => Math.abs(entry.line - line)
  const [nearest] = [...commentedEntries(text)].sort((a, b) => distance(a) - distance(b))
  return nearest?.style ?? 'hash-dash'
}
