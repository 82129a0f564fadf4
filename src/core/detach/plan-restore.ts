import posix from 'node:path/posix'
import { kustomizationIn } from '../kustomization/kustomization-in.ts'
import { parseKustomization } from '../kustomization/parse-kustomization.ts'
import { restoreItem } from '../edit/restore-item.ts'
import type { SeedRecord } from './seed-record.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { RefusedError } from '../../errors.ts'
import type { Change } from '../change.ts'

/**
 * The files as they become when everything that a record keeps of a detach is restored, the last edit
 * first. Throws RefusedError RECORD_MISSING where it keeps nothing, KUSTOMIZATION_MISSING where a file is
 * gone, and what restoreItem throws.
 */
export const planRestore = (
  tree: RepositoryTree,
  record: SeedRecord | undefined,
  cluster: string,
): readonly Change[] => {
  const edits = record?.detached?.edits ?? []
  if (edits.length === 0)
    throw new RefusedError(
      'RECORD_MISSING',
      `reattaching ${cluster}: no record says which lines its detach changed`,
      { fix: 'uncomment the lines by hand; Sower can restore only what it detached' },
    )
  const texts = new Map<string, string>()
  for (const { file, key, ...hunk } of [...edits].reverse()) {
    // The file may be called kustomization.yml by now, or the other way round.
    const { path, text } = kustomizationIn(tree, posix.dirname(file))
    const kustomization = parseKustomization(path, texts.get(path) ?? text)
    texts.set(path, restoreItem(kustomization, { key, hunk }))
  }
  return [...texts].map(([path, content]) => ({ path, content }))
}
