import type { Item, ItemList } from '../kustomization/read-list.ts'
import type { EditMode } from './edit.ts'
import { lineEnd, lineStart, type Splice } from '../yaml/splice.ts'

type FlowItem = Readonly<{
  text: string
  list: ItemList<string>
  item: Item
  mode: EditMode
  /** JSON knows neither comments nor a comma behind the last item. */
  isJson: boolean
}>

/**
 * How an item of a flow list (`[a, b]`) leaves: where it has a line for itself, that line gets a `#` or goes;
 * otherwise the item goes with one comma.
 */
export const spliceFlowItem = (flowItem: FlowItem): readonly Splice[] => {
  const { text, item, mode, isJson } = flowItem
  const { start, end, comma } = item
  const [first, last] = [lineStart(text, start), lineEnd(text, end)]
  const [before, behind] = [text.slice(first, start), text.slice(end, last)]
  const isLed = before.includes(',')
  const hasOwnLine =
    /^ *(?:, *)?$/.test(before) &&
    (isLed ? /^ *(?:#.*)?\r?\n$/ : /^ *(?:, *)?(?:#.*)?\r?\n$/).test(behind) &&
    !text.slice(start, end).includes('\n')
  if (!hasOwnLine) return takeOut(flowItem)
  const sign = first + before.search(/[^ ]|$/)
  const own =
    mode === 'delete' || isJson
      ? { start: first, end: last, text: '' }
      : { start: sign, end: sign, text: mode === 'comment-spaced' ? '# ' : '#' }
  // Its comma may stand on the line of the next item.
  const isElsewhere = !isLed && (comma === null || comma >= last)
  return isElsewhere ? [own, ...commaOf(flowItem)] : [own]
}

// Of the spaces around the item those before it go, at the beginning of a list or line those behind it.
const takeOut = (flowItem: FlowItem): readonly Splice[] => {
  const { text, list, item } = flowItem
  const commas = commaOf(flowItem)
  const own = commas.find(
    ({ start }) => start >= item.end && /^ *$/.test(text.slice(item.end, start)),
  )
  let end = own?.end ?? item.end
  const before = text.slice(lineStart(text, item.start), item.start)
  const isInside = before.trim() !== ''
  const isFirst = item.index === 0
  if (isFirst || !isInside) end += /^ +(?=[^ #\r\n])/.exec(text.slice(end))?.[0].length ?? 0
  const isOnly = list.items.length === 1 && text.charAt(end) === ']'
  const spaces = isInside && (isOnly || !isFirst) ? before.length - before.trimEnd().length : 0
  return [{ start: item.start - spaces, end, text: '' }, ...commas.filter(comma => comma !== own)]
}

/** The comma that leaves with an item: its own, or the one before the last item. */
const commaOf = ({ text, list, item, isJson }: FlowItem): readonly Splice[] => {
  const previous = list.items[item.index - 1]?.comma ?? null
  const isNear = previous !== null && previous >= lineStart(text, item.start)
  const comma = item.comma ?? (isNear || isJson ? previous : null)
  if (comma === null) return []
  // A comma that leads its line leaves the rest of the line in its column.
  const leads = /^ *$/.test(text.slice(lineStart(text, comma), comma))
  return [{ start: comma, end: comma + 1, text: leads ? ' ' : '' }]
}
