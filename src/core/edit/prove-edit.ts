import { RefusedError } from '../../errors.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import {
  fieldsBeside,
  listOf,
  parseKustomization,
  type Kustomization,
} from '../kustomization/parse-kustomization.ts'
import type { Item, ItemList } from '../kustomization/read-list.ts'
import type { Edit } from './edit.ts'
import { undoInPlace } from './undo-in-place.ts'

type ToProve = Readonly<{
  kustomization: Kustomization
  list: ItemList<string>
  item: Item | null
  edit: Edit
}>

/**
 * Reads the edited text again: the list less the item, every other field equal, and the way back is exact.
 * Throws RefusedError EDIT_NOT_PROVEN.
 */
export const proveEdit = ({ kustomization, list, item, edit }: ToProve): void => {
  const { path, text } = kustomization
  const { key, line, hunk } = edit
  const wrong = (reason: string, fix: string, cause?: unknown): RefusedError =>
    new RefusedError('EDIT_NOT_PROVEN', `checking the edit of ${path}:${line}: ${reason}`, {
      fix,
      cause,
    })
  const byHand = 'edit the file by hand'
  let after: Kustomization
  try {
    after = parseKustomization(path, edit.text)
  } catch (error) {
    const reason = String(error).replace(/^\w+: /, '')
    throw wrong(`nothing could read the result: ${reason}`, byHand, error)
  }
  const found = listOf(after, key)
  const wanted = list.items.filter(other => other !== item)
  const others = wanted.filter(
    ({ value }, index) => !isDeepEqual(value, found?.items[index]?.value),
  )
  if (others.length > 0 || found?.style === 'null' || found?.items.length !== wanted.length)
    throw wrong(
      `other entries would change their meaning: line ${others.map(other => other.line).join(', ')}`,
      `leave out --delete if you gave it, or ${byHand}`,
    )
  // The way back gives the old bytes, so no other line differs.
  const isExact = !hunk || undoInPlace(after, { key, hunk })[0] === text
  if (!isExact || !isDeepEqual(fieldsBeside(key, after), fieldsBeside(key, kustomization)))
    throw wrong('another field would change', byHand)
}
