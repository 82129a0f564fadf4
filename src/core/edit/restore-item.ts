import { RefusedError } from '../../errors.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import {
  fieldsBeside,
  listOf,
  parseKustomization,
  type Kustomization,
} from '../kustomization/parse-kustomization.ts'
import { undoElsewhere, undoInPlace } from './undo-in-place.ts'
import { type ListChange } from './edit.ts'

/** More places for one line than this are not tried. */
const mostPlaces = 20

/**
 * Undoes an edit of removeItem in the file as it is now: the same bytes come back in place of the lines
 * that the edit left, and a key that it made `[]` opens again.
 * Throws RefusedError EDIT_MOVED where those lines are not found any more or in several places, and
 * EDIT_NOT_PROVEN when the result is not the present file with one more item.
 */
export const restoreItem = (kustomization: Kustomization, change: ListChange): string => {
  const { path } = kustomization
  const { key, hunk } = change
  const fix = `put this back below ${key} by hand, indented as the other entries: ${hunk.before.trim()}`
  const added = (text: string): readonly unknown[] => addedBy(kustomization, text, key)
  const alone = readAlone(change)
  const isSame = (value: unknown): boolean =>
    alone.every(one => withoutEnd(one) === withoutEnd(value))
  const inPlace = undoInPlace(kustomization, change).find(text => added(text).some(isSame))
  if (inPlace !== undefined) return inPlace

  // What is live already must not come back a second time.
  const present = valuesIn(kustomization, key)
  const isNew = (value: unknown): boolean =>
    alone.every(one => isDeepEqual(one, value)) && !present.some(one => isDeepEqual(one, value))
  const ways = [...undoElsewhere(kustomization, change), reindented(kustomization, change)]
  const proven = ways.map(texts =>
    [...new Set(texts)].slice(0, mostPlaces).filter(text => added(text).some(isNew)),
  )
  const only = proven.find(texts => texts.length === 1)?.[0]
  if (only !== undefined) return only
  throw ways.some(texts => texts.length > 0) && !proven.some(texts => texts.length > 0)
    ? new RefusedError(
        'EDIT_NOT_PROVEN',
        `checking the restored ${path}:${hunk.line}: it is not the present file with one more entry`,
        { fix },
      )
    : new RefusedError(
        'EDIT_MOVED',
        `restoring ${path}:${hunk.line}: the line that detaching left there is missing, or is there several times`,
        { fix },
      )
}

/** The texts in which a line that was commented out is live again where the list is indented otherwise now. */
const reindented = (kustomization: Kustomization, { key, hunk }: ListChange): readonly string[] => {
  const lines = kustomization.text.split('\n')
  const [first] = listOf(kustomization, key)?.items ?? []
  const entry = hunk.before.trim()
  if (!first || !hunk.after.includes('#') || entry.includes('\n')) return []
  const live = lines.slice(first.line - 1, first.line).join('')
  const indent = live.slice(0, live.search(/\S/))
  return lines.flatMap((line, at) =>
    bare(line) === entry && line.includes('#')
      ? [
          lines
            .with(
              at,
              line.replace(/^[^\r]*/, () => indent + entry),
            )
            .join('\n'),
        ]
      : [],
  )
}

const bare = (line: string): string => line.replace(/^[\s#]+/, '').trim()

/** The one item that a text has more than the kustomization in one list; none where that is not all. */
const addedBy = (kustomization: Kustomization, text: string, key: string): readonly unknown[] => {
  let restored: Kustomization
  try {
    restored = parseKustomization(kustomization.path, text)
  } catch {
    return []
  }
  const [old, now] = [valuesIn(kustomization, key), valuesIn(restored, key)]
  const at = now.findIndex((value, index) => !isDeepEqual(value, old[index]))
  const isAll =
    isDeepEqual(now.toSpliced(at, 1), old) &&
    isDeepEqual(fieldsBeside(key, restored), fieldsBeside(key, kustomization))
  return isAll ? now.slice(at, at + 1) : []
}

// The item as its lines alone read: below them, a block scalar might take in more. None where that says nothing.
const readAlone = ({ key, hunk }: ListChange): readonly unknown[] => {
  try {
    const values = valuesIn(parseKustomization('', `${key}:\n${hunk.before}\n`), key)
    return values.length === 1 ? values : []
  } catch {
    return []
  }
}

// Blank lines at the end of a block scalar are a part of it, but not of the lines of the item.
const withoutEnd = (value: unknown): string =>
  JSON.stringify(value).replace(/(?<!\\n| )(?:\\n| )+"/g, '"')

const valuesIn = (kustomization: Kustomization, key: string): readonly unknown[] =>
  listOf(kustomization, key)?.items.map(({ value }) => value) ?? []
