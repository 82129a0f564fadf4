import { isMap, isScalar, LineCounter, parseAllDocuments, type Document } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { readList, type ItemList } from './read-list.ts'
import { unlikeGo } from './unlike-go.ts'

/** The fields of a kustomization that bring objects in by reference. */
const listKeys = ['resources', 'generators', 'bases', 'components'] as const
export type ListKey = (typeof listKeys)[number]

/** The other lists whose items may name a cluster's objects. */
const dependentKeys = [
  'transformers',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'vars',
  'configMapGenerator',
  'secretGenerator',
] as const
export type DependentKey = (typeof dependentKeys)[number]

/** One live entry of a list: a path, a URL or inline YAML. */
export type Entry = ItemList<ListKey>['items'][number] & Readonly<{ key: ListKey; value: string }>

export type EntryList = Omit<ItemList<ListKey>, 'items'> & Readonly<{ entries: readonly Entry[] }>

export type Kustomization = Readonly<{
  path: string
  text: string
  lists: readonly EntryList[]
  dependents: readonly ItemList<DependentKey>[]
  /** All fields as plain values, for comparing before and after. */
  fields: Readonly<Record<string, unknown>>
  /** The whole file is written in flow style, as JSON is. */
  isFlow: boolean
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
  const [document, ...more] = documents
  if (!document) throw refuse(null, 'it holds no YAML mapping')
  if (more.some(({ contents, errors }) => contents !== null || errors.length > 0))
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
  const dependents: ItemList<DependentKey>[] = []
  for (const pair of document.contents.items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : ''
    const line = lines.linePos(pair.key.range[0]).line
    // encoding/json matches field names in any case, and the last of two wins in silence.
    if (seenKeys.has(name.toLowerCase())) throw refuse(line, `the field ${name} stands there twice`)
    seenKeys.add(name.toLowerCase())
    if (name === '<<') throw refuse(line, 'a merge key may bring in lists that are not seen here')
    const isNamed = (known: string): boolean => known.toLowerCase() === name.toLowerCase()
    const reading = { pair, line, text, lines, document, refuse }
    const key = listKeys.find(isNamed)
    if (key) lists.push(entriesOf(readList({ ...reading, key }), refuse))
    const dependent = dependentKeys.find(isNamed)
    if (dependent) dependents.push(readList({ ...reading, key: dependent }))
  }
  const isFlow = document.contents.flow === true
  return { path, text, lists, dependents, fields, isFlow }
}

/** A list of a kustomization by its key, whatever it holds. */
export const listOf = (
  { lists, dependents }: Kustomization,
  key: string,
): ItemList<string> | undefined => {
  const entryList = lists.find(list => list.key === key)
  return entryList
    ? { ...entryList, items: entryList.entries }
    : dependents.find(list => list.key === key)
}

/** All fields but one, for comparing: kustomize knows fields in any case. */
export const fieldsBeside = (
  key: string,
  { fields }: Kustomization,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).filter(([name]) => name.toLowerCase() !== key.toLowerCase()),
  )

// What YAML 1.1, which kustomize reads, takes for something else than a text.
const notText = /^(?:y|yes|n|no|on|off|true|false|null|~)$/i

const entriesOf = (
  { items, ...list }: ItemList<ListKey>,
  refuse: (line: number | null, reason: string) => RefusedError,
): EntryList => ({
  ...list,
  entries: items.map(item => {
    const { value, isPlain, line, index } = item
    if (typeof value !== 'string' || (isPlain && notText.test(value)))
      throw refuse(line, `entry ${index + 1} of ${list.key} is not a text, so kustomize refuses it`)
    return { ...item, key: list.key, value }
  }),
})
