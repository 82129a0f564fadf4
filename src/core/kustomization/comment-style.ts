/** Where the `#` goes when an entry is commented out; each only inserts characters. */
export type CommentStyle =
  /** `  - x` becomes `  #- x` */
  | 'hash-dash'
  /** `  - x` becomes `  # - x` */
  | 'hash-space-dash'
  /** `  - x` becomes `#  - x` */
  | 'hash-first'

// A commented-out entry is one word, perhaps with a comment: prose and nested fields are not entries.
const commentedEntry = /^(?<indent> *)#(?<gap> *)- +(?<value>[^\s#:<]\S*?)(?: +#.*)?$/

/** One commented-out list entry; the line counts from 1. */
export type CommentedEntry = Readonly<{ line: number; value: string; style: CommentStyle }>

/** All lines of a file that look like commented-out list entries. */
export const commentedEntries = (text: string): readonly CommentedEntry[] =>
  text.split('\n').flatMap((rawLine, index): readonly CommentedEntry[] => {
    const groups = commentedEntry.exec(rawLine.replace(/\r$/, ''))?.groups
    if (!groups) return []
    const { indent = '', gap = '', value = '' } = groups
    const style: CommentStyle =
      gap === '' ? 'hash-dash' : indent === '' && gap.length > 1 ? 'hash-first' : 'hash-space-dash'
    return [{ line: index + 1, value: value.replace(/^(['"])(.*)\1$/, '$2'), style }]
  })

/** The style of the commented entry nearest to a line, or `#` right before the dash in a file without any. */
export const styleNear = (text: string, line: number): CommentStyle => {
  const distance = (entry: CommentedEntry): number => Math.abs(entry.line - line)
  const [nearest] = [...commentedEntries(text)].sort((a, b) => distance(a) - distance(b))
  return nearest?.style ?? 'hash-dash'
}
