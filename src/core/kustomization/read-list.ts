import {
  isScalar,
  isSeq,
  Scalar,
  type CST,
  type Document,
  type LineCounter,
  type Pair,
  type ParsedNode,
} from 'yaml'
import type { RefusedError } from '../../errors.ts'

/** One item of a list. Offsets count UTF-16 units of the text, lines from 1. */
export type Item = Readonly<{
  index: number
  value: unknown
  /** A scalar without quotes. */
  isPlain: boolean
  /** Where the `-` stands; null in a flow list. */
  dash: number | null
  /** Of the value, with its anchor and tag. */
  start: number
  /** After the last character that is not white space. */
  end: number
  line: number
  /** In a flow list, the offset of the comma right after the item. */
  comma: number | null
}>

export type ItemList<Key extends string> = Readonly<{
  key: Key
  items: readonly Item[]
  style: 'block' | 'flow' | 'null'
  /** Where ` []` goes when the list has become empty: after the colon, and after an anchor or tag. */
  afterKey: number
  /** The written null (`~`, `null`) that `[]` replaces; null where nothing is written. */
  writtenNull: Readonly<{ start: number; end: number }> | null
  line: number
}>

type ReadList<Key> = Readonly<{
  key: Key
  pair: Pair<ParsedNode, ParsedNode | null>
  line: number
  text: string
  lines: LineCounter
  document: Document.Parsed
  refuse: (line: number | null, reason: string) => RefusedError
}>

/** Reads one list of a kustomization with the places of its items. Throws what `refuse` gives. */
export const readList = <Key extends string>(reading: ReadList<Key>): ItemList<Key> => {
  const { key, pair, line, text, lines, document, refuse } = reading
  const separator = pair.srcToken?.sep ?? []
  const colon = separator.find(token => token.type === 'map-value-ind')
  if (!colon) throw refuse(line, `the field ${key} has no colon`)
  const properties = separator.filter(({ type }) => type === 'anchor' || type === 'tag')
  const afterKey = Math.max(
    ...[colon, ...properties].map(token => token.offset + token.source.length),
  )
  const { value } = pair
  if (value === null || (isScalar(value) && value.value === null)) {
    const [start, end] = value?.range ?? [afterKey, afterKey]
    const writtenNull = text.slice(start, end).trim() === '' ? null : { start, end }
    return { key, items: [], style: 'null', afterKey, writtenNull, line }
  }
  if (!isSeq(value)) throw refuse(line, `the field ${key} is not a list`)

  const source = value.srcToken
  const style = source?.type === 'block-seq' ? 'block' : 'flow'
  const tokens =
    source?.type === 'block-seq' || source?.type === 'flow-collection' ? source.items : []
  const dashes =
    style === 'block' ? tokens.flatMap(({ start }) => offsetsOf(start, 'seq-item-ind')) : []
  const items = value.items.map((item, index): Item => {
    const dash = dashes[index] ?? null
    const start = Math.min(
      item.range[0],
      ...offsetsOf(tokens[index]?.start ?? [], 'anchor'),
      ...offsetsOf(tokens[index]?.start ?? [], 'tag'),
    )
    let end = item.range[1]
    while (end > start && /\s/.test(text.charAt(end - 1))) end -= 1
    return {
      index,
      value: isScalar(item) ? item.value : item.toJS(document),
      isPlain: isScalar(item) && item.type === Scalar.PLAIN,
      dash,
      start,
      end,
      line: lines.linePos(dash ?? start).line,
      comma: offsetsOf(tokens[index + 1]?.start ?? [], 'comma')[0] ?? null,
    }
  })
  return { key, items, style, afterKey, writtenNull: null, line }
}

const offsetsOf = (tokens: readonly CST.SourceToken[], type: string): readonly number[] =>
  tokens.filter(token => token.type === type).map(({ offset }) => offset)
