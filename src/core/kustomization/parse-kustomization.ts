import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type Pair,
  type ParsedNode,
} from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { unlikeGo } from './unlike-go.ts'

/** The fields of a kustomization that bring objects in by reference. */
const listKeys = ['resources', 'generators', 'bases', 'components'] as const
export type ListKey = (typeof listKeys)[number]

/** One live entry of a list. Offsets count UTF-16 units of the text, lines from 1. */
export type Entry = Readonly<{
  key: ListKey
  index: number
  /** The entry's value: a path, a URL or inline YAML. */
  value: string
  /** Where the `-` stands; null in a flow list. */
  dash: number | null
  start: number
  end: number
  line: number
}>

export type EntryList = Readonly<{
  key: ListKey
  entries: readonly Entry[]
  style: 'block' | 'flow' | 'null'
  /** The offset right after the key's colon. */
  afterColon: number
  line: number
}>

export type Kustomization = Readonly<{
  path: string
  text: string
  lists: readonly EntryList[]
  /** All fields as plain values, for comparing before and after. */
  fields: Readonly<Record<string, unknown>>
}>

/**
 * Reads a kustomization file so that it can be edited by offsets.
 * Throws RefusedError KUSTOMIZATION_UNREADABLE, with file and line, where it is not one YAML mapping or
 * where Go's YAML reader would read it otherwise than we do.
 */
export const parseKustomization = (path: string, text: string): Kustomization => {
  const refuse = (line: number | null, reason: string): RefusedError =>
    new RefusedError(
      'KUSTOMIZATION_UNREADABLE',
      `reading ${path}${line === null ? '' : `:${line}`}: ${reason}`,
      { fix: 'correct the file, or edit it by hand' },
    )
  const difference = unlikeGo(text)
  if (difference) throw refuse(difference.line, difference.reason)

  const lines = new LineCounter()
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
    keepSourceTokens: true,
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const [document] = documents
  if (!document) throw refuse(null, 'it holds no YAML mapping')
  if (documents.length > 1)
    throw refuse(null, 'it holds several YAML documents, and kustomize reads only the first')
  const [error] = document.errors
  if (error) throw refuse(lines.linePos(error.pos[0]).line, error.message.replace(/\n[^]*$/, ''))
  if (!isMap(document.contents)) throw refuse(null, 'it is not a YAML mapping')

  let fields: Kustomization['fields']
  try {
    fields = z.record(z.string(), z.unknown()).parse(document.toJS())
  } catch {
    throw refuse(null, 'an alias in it leads nowhere, or too many stand in it')
  }

  const seenKeys = new Set<string>()
  const lists: EntryList[] = []
  for (const pair of document.contents.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : ''
    const line = lines.linePos(pair.key.range[0]).line
    // encoding/json matches field names in any case, and the last of two wins in silence.
    if (seenKeys.has(name.toLowerCase())) throw refuse(line, `the field ${name} stands there twice`)
    seenKeys.add(name.toLowerCase())
    if (name === '<<') throw refuse(line, 'a merge key may bring in lists that are not seen here')
    const key = listKeys.find(known => known === name.toLowerCase())
    if (key) lists.push(readList({ key, pair, line, lines, document, refuse }))
  }
  return { path, text, lists, fields }
}

type ReadList = Readonly<{
  key: ListKey
  pair: Pair<ParsedNode, ParsedNode | null>
  line: number
  lines: LineCounter
  document: Document.Parsed
  refuse: (line: number | null, reason: string) => RefusedError
}>

const readList = ({ key, pair, line, lines, document, refuse }: ReadList): EntryList => {
  const separator = pair.srcToken?.sep
  const colon = separator?.find(token => token.type === 'map-value-ind')
  if (!colon) throw refuse(line, `the field ${key} has no colon`)
  if (separator?.some(token => token.type === 'anchor' || token.type === 'tag'))
    throw refuse(line, `the list ${key} carries an anchor or a tag`)
  const afterColon = colon.offset + 1
  const { value } = pair
  if (value === null || (isScalar(value) && value.value === null))
    return { key, entries: [], style: 'null', afterColon, line }
  if (!isSeq(value)) throw refuse(line, `the field ${key} is not a list`)

  const source = value.srcToken
  const dashes =
    source?.type === 'block-seq'
      ? source.items.flatMap(item =>
          item.start.filter(token => token.type === 'seq-item-ind').map(token => token.offset),
        )
      : []
  const entries = value.items.map((item, index): Entry => {
    const itemLine = lines.linePos(item.range[0]).line
    const text: unknown = item.toJS(document)
    if (typeof text !== 'string')
      throw refuse(itemLine, `entry ${index + 1} of ${key} is not a text, so kustomize refuses it`)
    return {
      key,
      index,
      value: text,
      dash: dashes[index] ?? null,
      start: item.range[0],
      end: item.range[1],
      line: itemLine,
    }
  })
  return { key, entries, style: source?.type === 'block-seq' ? 'block' : 'flow', afterColon, line }
}
