import { RefusedError } from '../../errors.ts'
import { readText, type RepositoryTree } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { type SeedRecord, seedPaths, readRecord } from './seed-record.ts'

/** The record of a cluster in a commit; absent when there is none. Throws RefusedError RECORD_INVALID. */
export const readRecordAt = (
  tree: RepositoryTree,
  { directory, cluster }: Readonly<{ directory: string; cluster: string }>,
): SeedRecord | undefined => {
  const path = seedPaths(directory, cluster).record
  return tree.entry(path) === 'file'
    ? readRecord(path, readText(tree, path, sizeLimits.settings))
    : undefined
}

/**
 * The same for what must not end at a record that is damaged: it says nothing then, and has to be written again.
 */
export const readRecordIfValid = (
  ...of: Parameters<typeof readRecordAt>
): SeedRecord | undefined => {
  try {
    return readRecordAt(...of)
  } catch (error) {
    if (error instanceof RefusedError) return undefined
    throw error
  }
}
