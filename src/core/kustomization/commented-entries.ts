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

/** A path that a comment may name as taken out; `isEntry` where it is written as an entry, with its dash. */
export type CommentedPath = Readonly<{ line: number; value: string; isEntry: boolean }>

// `- x`, `-x`, `## - x`, `~~- x~~`, `DETACHED: - x  # why`, `x`, `"x",`, `- &a x`: a path, perhaps behind marks, a label,
// a dash, an anchor and a tag, and then anything.
const commentedPath =
  /(?:^|\s)#[^\p{L}\p{N}"'./_-]*(?:[^\s:#][^:#]*:\s+)?(?<dash>-\s*)?(?:[&!]\S*\s+)*(?:"(?<double>[^"]+)"|'(?<single>[^']+)'|(?<plain>[^\s#"'-]\S*?))[,\]~*`]*(?<prose>\s+[^#\s].*)?(?:\s.*)?$/u

/**
 * The paths that comments of a kustomization seem to take out, in any form in which people do that. Prose behind an
 * entry is believed only below the key of a list: above it, lists in comments explain.
 */
export const commentedPaths = (text: string, firstList: number): readonly CommentedPath[] =>
  text.split('\n').flatMap((rawLine, index): readonly CommentedPath[] => {
    const groups = commentedPath.exec(rawLine.replace(/\r$/, ''))?.groups
    if (!groups) return []
    const { dash, double, single, plain, prose } = groups
    const line = index + 1
    const isEntry = dash !== undefined && (prose === undefined || line > firstList)
    return [{ line, value: double ?? single ?? String(plain), isEntry }]
  })

/** The style of the commented entry nearest to a line, or `otherwise` in a file without any. */
export const styleNear = (
  text: string,
  line: number,
  otherwise: CommentStyle = 'hash-dash',
): CommentStyle => {
  const distance = (entry: CommentedEntry): number => Math.abs(entry.line - line)
  const [nearest] = [...commentedEntries(text)].sort((a, b) => distance(a) - distance(b))
  return nearest?.style ?? otherwise
}
