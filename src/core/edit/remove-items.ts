import { parseKustomization, type Kustomization } from '../kustomization/parse-kustomization.ts'
import { removeItem, repairNull } from './remove-item.ts'
import { type Edit } from './edit.ts'
import { type EditMode } from './edit.ts'

/** An item that is to leave its list, and its line. */
export type Removal = Readonly<{
  kustomization: Kustomization
  key: string
  index: number
  line: number
}>

/**
 * Takes several items out, in any number of kustomizations: each edit stands on the text that the one before
 * left of its file, first of all those made `already`. Their lines are those of the files before all edits.
 * `modeOf` says how those of a file leave. Throws what removeItem throws.
 */
export const removeItems = (
  removals: readonly Removal[],
  modeOf: (path: string) => EditMode,
  already: readonly Edit[] = [],
): readonly Edit[] => {
  const texts = new Map(already.map(({ path, text }) => [path, text]))
  const edits: Edit[] = []
  // From the end of each list, so that the other items keep their places.
  for (const { kustomization, key, index, line } of [...removals].sort(
    (a, b) => b.index - a.index,
  )) {
    const { path } = kustomization
    const text = texts.get(path)
    const now = text === undefined ? kustomization : parseKustomization(path, text)
    const edit = removeItem(now, { key, index, mode: modeOf(path) })
    texts.set(path, edit.text)
    edits.push({ ...edit, line })
  }
  return edits
}

/** Turns every list key that is null into `key: []`; none where another list has entries or is `[]`, beside which a null does no harm. */
export const repairNulls = (kustomization: Kustomization): readonly Edit[] => {
  const { path, lists } = kustomization
  if (lists.some(({ style }) => style !== 'null')) return []
  const edits: Edit[] = []
  for (const { key } of lists) {
    const text = edits.at(-1)?.text
    edits.push(repairNull(text === undefined ? kustomization : parseKustomization(path, text), key))
  }
  return edits
}

/** The files as a series of edits leaves them. */
export const editedFiles = (
  edits: readonly Edit[],
): readonly Readonly<{ path: string; content: string }>[] => [
  ...new Map(edits.map(({ path, text }) => [path, { path, content: text }])).values(),
]
