import { RefusedError } from '../../errors.ts'
import { isDeepEqual } from './deep-equal.ts'
import {
  fieldsBeside,
  listOf,
  parseKustomization,
  type Kustomization,
} from './parse-kustomization.ts'
import type { Hunk } from './splice.ts'
import { undoHunk } from './undo-hunk.ts'

/**
 * Undoes an edit of removeItem in the file as it is now: the same bytes come back in place of the lines
 * that the edit left, and a key that it made `[]` opens again.
 * Throws RefusedError EDIT_MOVED where those lines are not found any more, and EDIT_NOT_PROVEN when the
 * result is not the present file with one more item.
 */
export const restoreItem = (
  kustomization: Kustomization,
  change: Readonly<{ key: string; hunk: Hunk }>,
): string => {
  const { path } = kustomization
  const { key, hunk } = change
  const fix = `put this back below ${key} by hand: ${hunk.before.trim()}`
  const text = undoHunk(kustomization, change)
  if (text === undefined)
    throw new RefusedError(
      'EDIT_MOVED',
      `restoring ${path}:${hunk.line}: the line that detaching left there is not to be found, or stands there several times`,
      { fix },
    )
  const restored = parseKustomization(path, text)
  const valuesIn = (of: Kustomization): readonly unknown[] =>
    listOf(of, key)?.items.map(({ value }) => value) ?? []
  const [old, now] = [valuesIn(kustomization), valuesIn(restored)]
  const at = now.findIndex((value, index) => !isDeepEqual(value, old[index]))
  const isOneMore = at !== -1 && isDeepEqual([...now.slice(0, at), ...now.slice(at + 1)], old)
  if (!isOneMore || !isDeepEqual(fieldsBeside(key, restored), fieldsBeside(key, kustomization)))
    throw new RefusedError(
      'EDIT_NOT_PROVEN',
      `checking the restored ${path}:${hunk.line}: it is not the old file with one more entry`,
      { fix },
    )
  return text
}
