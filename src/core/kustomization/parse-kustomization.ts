import { isScalar } from 'yaml'
import { RefusedError } from '../../errors.ts'
import { isTaggedOtherThan, readDocument, type Refuse } from '../yaml/read-document.ts'
import { foldCase } from '../yaml/fold-case.ts'
import { entriesBelowEmpty, sayBelowEmpty } from './entries-below-empty.ts'
import { readList, type Item, type ItemList } from './read-list.ts'

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
export type Entry = Item<ListKey> & Readonly<{ value: string }>

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
  const refuse: Refuse = (line, reason) => {
    // What the YAML reader says of such a list names neither of its lines.
    const below = entriesBelowEmpty(text)
    const at = below?.line ?? line
    const said = below
      ? sayBelowEmpty(below)
      : { reason, fix: 'correct the file, or edit it by hand' }
    return new RefusedError(
      'KUSTOMIZATION_UNREADABLE',
      `reading ${path}${at === null ? '' : `:${at}`}: ${said.reason}`,
      { fix: said.fix },
    )
  }
  const { root, fields, lineOf } = readDocument(text, refuse)
  const seenKeys = new Set<string>()
  const named = root.items.map(pair => {
    const { key } = pair
    const line = lineOf(key.range[0])
    if (!isScalar(key) || typeof key.value !== 'string' || isTaggedOtherThan('str', key))
      throw refuse(line, 'a field has a name that is not a text')
    const name = key.value
    if (name === '<<') throw refuse(line, 'a merge key may bring in lists that are not seen here')
    // The last of two wins in silence.
    if (seenKeys.has(foldCase(name))) throw refuse(line, `the field ${name} is there twice`)
    seenKeys.add(foldCase(name))
    return { pair, name, line }
  })
  const lists: EntryList[] = []
  const dependents: ItemList<DependentKey>[] = []
  for (const { pair, name, line } of named) {
    const isNamed = (known: string): boolean => foldCase(known) === foldCase(name)
    const reading = { pair, line, text, lineOf, refuse, value: fields[name] }
    const key = listKeys.find(isNamed)
    if (key) lists.push(entriesOf(readList({ ...reading, key }), refuse))
    const dependent = dependentKeys.find(isNamed)
    if (dependent) dependents.push(readList({ ...reading, key: dependent }))
  }
  return { path, text, lists, dependents, fields, isFlow: root.flow === true }
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

/** All fields but one, for comparing. */
export const fieldsBeside = (
  key: string,
  { fields }: Kustomization,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => foldCase(name) !== foldCase(key)))

const entriesOf = ({ items, ...list }: ItemList<ListKey>, refuse: Refuse): EntryList => {
  const other = items.find(item => !isEntry(item))
  if (other)
    throw refuse(
      other.line,
      `entry ${other.index + 1} of ${list.key} is not a text, or not the same one for kustomize`,
    )
  return { ...list, entries: items.filter(isEntry) }
}

const isEntry = (item: Item<ListKey>): item is Entry =>
  item.isText && typeof item.value === 'string'
