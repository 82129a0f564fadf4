import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import { entriesBelowEmpty } from '../kustomization/entries-below-empty.ts'
import {
  fieldsBeside,
  listOf,
  parseKustomization,
  type Kustomization,
} from '../kustomization/parse-kustomization.ts'
import type { ItemList } from '../kustomization/read-list.ts'
import { applySplices, lineEnd, lineStart, linesOf, type Splice } from '../yaml/splice.ts'
import type { Edit } from './edit.ts'

/** A kustomization whose empty values (`[]`, `null`, `~`, `{}`) above entries are taken out. */
export type Opened = Readonly<{
  /** Each on the text of the one before. */
  edits: readonly Edit[]
  /** The text as it would be without these entries, every list as `[]`: what they bring is the difference. */
  closed: string
}>

/**
 * Takes the empty value out of every list of a kustomization that entries follow: only it and the blanks before it
 * go, and `? key` without a colon becomes `key:`. Takes the path and the text; gives null where there is no such list, and where the result is not the file
 * that was intended: one that can be read, with these lists as blocks that begin at that entry, and with all else as it
 * is without them.
 */
export const openLists = (path: string, text: string): Opened | null => {
  const edits: Edit[] = []
  const entries: number[] = []
  let now = text
  for (let below = entriesBelowEmpty(now); below; below = entriesBelowEmpty(now)) {
    const { key, value, line, entry, splices } = below
    const opened = applySplices(now, splices)
    const touchedLines = linesOf(now, splices)
    edits.push({
      ...{ path, key, text: opened, hunk: null, line, touchedLines },
      ...{ emptied: false, style: 'repaired', wasEmpty: value },
    })
    entries.push(entry)
    now = opened
  }
  const after = edits.length === 0 ? null : readable(path, now)
  if (!after) return null
  const closing: Splice[] = []
  for (const [index, { key }] of edits.entries()) {
    const list = listOf(after, key)
    if (!list || list.items[0]?.line !== entries[index]) return null
    closing.push(...closeList(now, list))
  }
  const closed = applySplices(now, closing)
  const rest = readable(path, closed)
  const keys = edits.map(({ key }) => key)
  return rest && isDeepEqual(beside(keys, rest), beside(keys, after)) ? { edits, closed } : null
}

const readable = (path: string, text: string): Kustomization | null => {
  try {
    return parseKustomization(path, text)
  } catch {
    return null
  }
}

/** Makes a block list `[]`, without the lines from its first item to its last. */
const closeList = (text: string, { items, afterKey }: ItemList<string>): readonly Splice[] => {
  const places = items.flatMap(({ dash, end }) => [Number(dash), end])
  const [first, last] = [Math.min(...places), Math.max(...places)]
  return [
    { start: afterKey, end: afterKey, text: ' []' },
    { start: lineStart(text, first), end: lineEnd(text, last), text: '' },
  ]
}

const beside = (keys: readonly string[], kustomization: Kustomization): unknown =>
  keys.reduce<Readonly<Record<string, unknown>>>(
    (fields, key) => fieldsBeside(key, { ...kustomization, fields }),
    kustomization.fields,
  )
