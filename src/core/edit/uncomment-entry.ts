import { RefusedError } from '../../errors.ts'
import { parseKustomization, type Kustomization } from '../kustomization/parse-kustomization.ts'
import { lineStart } from '../yaml/splice.ts'
import { restoreItem } from './restore-item.ts'

/**
 * Takes the `#` from a commented-out entry (its line counts from 1), and a `[]` behind its key away. Gives the text of the
 * file, or null where no way to do so gives the present file with this one entry more.
 */
export const uncommentEntry = (
  kustomization: Kustomization,
  { line, value }: Readonly<{ line: number; value: string }>,
): string | null => {
  const after = (kustomization.text.split('\n')[line - 1] ?? '').replace(/\r$/, '')
  const groups = /^(?<indent> *)#+(?<gap> *)(?<item>- .*)$/.exec(after)?.groups
  if (!groups) return null
  const { indent, gap, item } = groups
  const tries = [`${indent}${item}`, `${gap}${item}`, `${indent}${gap}${item}`]
  for (const { key, entries } of kustomization.lists) {
    const [first] = entries
    const inList = ' '.repeat(columnOf(kustomization.text, first?.dash ?? 0))
    for (const before of new Set([...tries, `${inList}${item}`])) {
      const text = restored(kustomization, { key, hunk: { line, before, after, follows: '' } })
      if (text !== null && listsAt(kustomization.path, text, { line, value })) return text
    }
  }
  return null
}

const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset)

/** Prose behind an entry would become a part of it. */
const listsAt = (
  path: string,
  text: string,
  { line, value }: Readonly<{ line: number; value: string }>,
): boolean =>
  parseKustomization(path, text).lists.some(({ entries }) =>
    entries.some(entry => entry.line === line && entry.value === value),
  )

const restored = (...[kustomization, change]: Parameters<typeof restoreItem>): string | null => {
  try {
    return restoreItem(kustomization, change)
  } catch (error) {
    if (error instanceof RefusedError) return null
    throw error
  }
}
