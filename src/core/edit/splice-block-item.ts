import type { RefusedError } from '../../errors.ts'
import type { CommentStyle } from '../kustomization/commented-entries.ts'
import type { Item } from '../kustomization/read-list.ts'
import type { EditMode } from './edit.ts'
import { lineEnd, lineStart, type Splice } from '../yaml/splice.ts'

type BlockItem = Readonly<{
  text: string
  item: Item
  /** Where the `-` of the item stands. */
  dash: number
  mode: EditMode
  style: CommentStyle
  refuse: (reason: string) => RefusedError
}>

/**
 * How an item of a block list leaves: a `#` goes into each of its lines that is not blank, none deeper than
 * the dash, or its lines go. Throws what `refuse` gives where something else stands on the dash's line.
 */
export const spliceBlockItem = ({
  text,
  item,
  dash,
  mode,
  style,
  refuse,
}: BlockItem): readonly Splice[] => {
  const first = lineStart(text, dash)
  const end = Math.max(item.end, dash + 1)
  if (text.slice(first, dash).trim() !== '')
    throw refuse('something else is before the entry on its line')
  if (mode === 'delete') return [{ start: first, end: lineEnd(text, end), text: '' }]
  const splices: Splice[] = []
  for (let at = first; at < end; at = lineEnd(text, at)) {
    const line = text.slice(at, lineEnd(text, at))
    if (line.trim() === '') continue
    const indent = line.length - line.trimStart().length
    const start = style === 'hash-first' ? at : at + Math.min(indent, dash - first)
    splices.push({ start, end: start, text: style === 'hash-space-dash' ? '# ' : '#' })
  }
  return splices
}
