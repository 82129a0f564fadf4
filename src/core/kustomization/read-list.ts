import { isCollection, isPair, isScalar, isSeq, type CST, type Pair, type ParsedNode } from 'yaml'
import { isTaggedOtherThan, type Refuse } from '../yaml/read-document.ts'
import { lineEnd, lineStart } from '../yaml/splice.ts'

/** One item of a list. Offsets count UTF-16 units of the text, lines from 1. */
export type Item<Key extends string = string> = Readonly<{
  key: Key
  index: number
  value: unknown
  /** The same text for kustomize, which reads YAML 1.1. */
  isText: boolean
  /** Where the `-` stands; null in a flow list. */
  dash: number | null
  /** Start of the value, with its anchor and tag. */
  start: number
  /** After the last character that is neither white space nor a comment. */
  end: number
  line: number
  /** In a flow list, the offset of the comma that follows the item. */
  comma: number | null
}>

export type ItemList<Key extends string> = Readonly<{
  key: Key
  items: readonly Item<Key>[]
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
  /** The value that the pair stands for. */
  value: unknown
  line: number
  text: string
  lineOf: (offset: number) => number
  refuse: Refuse
}>

/** Reads one list of a kustomization with the places of its items. Throws what `refuse` gives. */
export const readList = <Key extends string>(reading: ReadList<Key>): ItemList<Key> => {
  const { key, pair, line, text, lineOf, refuse } = reading
  const afterKey = pair.srcToken?.sep
    ?.filter(({ type }) => type === 'map-value-ind' || type === 'anchor' || type === 'tag')
    .reduce((end, token) => Math.max(end, token.offset + token.source.length), 0)
  const node = pair.value
  if (!afterKey || node === null) throw refuse(line, `the field ${key} has no colon`)
  if (isScalar(node) && node.value === null) {
    const [start, end] = node.range
    const writtenNull = end > start ? { start, end } : null
    return { key, items: [], style: 'null', afterKey, writtenNull, line }
  }
  if (
    !isSeq(node) ||
    isTaggedOtherThan('seq', node) ||
    (node.srcToken?.type !== 'block-seq' && node.srcToken?.type !== 'flow-collection')
  )
    throw refuse(line, `the field ${key} is not a list`)

  const values = [reading.value].flat()
  const isBlock = node.srcToken.type === 'block-seq'
  const tokens = node.srcToken.items
  const items = node.items.map((item, index): Item<Key> => {
    const before = tokens[index]?.start
    const dash = offsetOf(before, 'seq-item-ind')
    const start = Math.min(
      item.range[0],
      offsetOf(before, 'anchor') ?? Infinity,
      offsetOf(before, 'tag') ?? Infinity,
    )
    const end = endOf(item, text)
    const shallow = dash === null ? undefined : shallowLine(text, dash, end)
    if (shallow !== undefined)
      throw refuse(lineOf(shallow), 'this line belongs to the entry above for some readers only')
    return {
      key,
      index,
      value: values[index],
      isText: isText(item, values[index], text),
      dash,
      start,
      end,
      line: lineOf(dash ?? start),
      comma: offsetOf(tokens[index + 1]?.start, 'comma'),
    }
  })
  return { key, items, style: isBlock ? 'block' : 'flow', afterKey, writtenNull: null, line }
}

const offsetOf = (
  tokens: readonly CST.SourceToken[] | undefined,
  type: CST.SourceToken['type'],
): number | null => tokens?.find(token => token.type === type)?.offset ?? null

// The range of a block collection reaches over the comments below it, which may belong to the next item.
const endOf = (node: ParsedNode, text: string): number => {
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined
  if (last) return endOf(isPair(last) ? (last.value ?? last.key) : last, text)
  let end = node.range[1]
  while (' \t\r\n'.includes(text.charAt(end - 1))) end -= 1
  return end
}

// After comments behind a dash the yaml package takes in lines that are not deeper than the dash.
const shallowLine = (text: string, dash: number, end: number): number | undefined => {
  const depth = dash - lineStart(text, dash)
  for (let at = lineEnd(text, dash); at < end; at = lineEnd(text, at)) {
    const indent = text.slice(at, end).search(/[^ ]/)
    if (indent <= depth && !'#\r\n'.includes(text.charAt(at + indent))) return at
  }
  return undefined
}

/** True if a node with this value is a text, and the same text for kustomize, which reads YAML 1.1. */
const isText = (node: ParsedNode, value: unknown, text: string): boolean => {
  if (typeof value !== 'string' || isTaggedOtherThan('str', node)) return false
  const type = isScalar(node) ? node.type : 'PLAIN'
  if (type === 'PLAIN' && node.tag === undefined) return !isOtherInGo(value)
  // A blank line below an escaped line break is a line break for kustomize, and a space for the yaml package.
  if (type === 'QUOTE_DOUBLE') return !/\\\r?\n\s*\n/.test(text.slice(node.range[0], node.range[1]))
  if (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED') return true
  // Of spaces alone, and of a line break where the file ends without one, the two keep different ones.
  const isCut = node.range[1] === text.length && !text.endsWith('\n')
  return value.trim() !== '' && !(isCut && value.endsWith('\n'))
}

// What goyaml.v2/resolve.go takes for a boolean or a number, and the yaml package for a text.
const isOtherInGo = (plain: string): boolean =>
  /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$/.test(plain) ||
  (/^[-+0-9]/.test(plain) && number.test(plain.replaceAll('_', '')))

const number =
  /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/
