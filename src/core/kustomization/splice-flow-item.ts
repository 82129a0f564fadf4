import type { Item, ItemList } from './read-list.ts'
import type { EditMode } from './remove-item.ts'
import { lineEnd, lineStart, type Splice } from './splice.ts'

type FlowItem = Readonly<{ text: string; list: ItemList<string>; item: Item; mode: EditMode }>

/**
 * How an item of a flow list (`[a, b]`) leaves: where it has its lines for itself, one `#` on each or the
 * lines go; otherwise the item goes with one comma.
 */
export const spliceFlowItem = ({ text, list, item, mode }: FlowItem): readonly Splice[] => {
  const { start, end, comma } = item
  const [previous, next] = [list.items[item.index - 1], list.items[item.index + 1]]
  const [first, last] = [lineStart(text, start), lineEnd(text, comma ?? end)]
  const isAlone =
    text.slice(first, start).trim() === '' &&
    /^\s*(?:#.*)?$/.test(text.slice(comma === null ? end : comma + 1, last)) &&
    !text.slice(start, comma ?? end).includes('\n')
  if (isAlone && mode === 'comment') return [{ start, end: start, text: '#' }]
  // JSON knows no comma behind the last item.
  const leading =
    comma === null && previous?.comma != null
      ? [{ start: previous.comma, end: previous.comma + 1, text: '' }]
      : []
  if (isAlone) return [...leading, { start: first, end: last, text: '' }]
  const between = next ? text.slice(end, next.start) : ''
  if (next && comma !== null && /^[ ,]*$/.test(between))
    return [{ start, end: next.start, text: '' }]
  if (previous && comma === null && /^[ ,]*$/.test(text.slice(previous.end, start)))
    return [{ start: previous.end, end, text: '' }]
  const own = { start, end: comma === null ? end : comma + 1, text: '' }
  return [...leading.filter(splice => splice.end <= start), own]
}
