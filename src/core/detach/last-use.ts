import type { RepositoryTree } from '../repository-tree.ts'
import { readRecordIfValid } from './read-record-at.ts'

/**
 * When a generation of any seed last ended, for which the one push credential was used; null when none did.
 * A record that cannot be read says nothing.
 */
export const lastUse = (
  tree: RepositoryTree,
  { directory, seeds }: Readonly<{ directory: string; seeds: readonly string[] }>,
): string | null => {
  const times = seeds.flatMap(
    cluster => readRecordIfValid(tree, { directory, cluster })?.finishedAt ?? [],
  )
  return times.sort().at(-1) ?? null
}
