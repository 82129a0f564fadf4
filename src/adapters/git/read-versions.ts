import { UnavailableError } from '../../errors.ts'
import type { FileVersion } from '../../operations/ports/repository.ts'
import { blobsIn } from './blobs-in.ts'
import type { Version } from './list-versions.ts'
import { runGit, type GitPlace } from './run-git.ts'

/** Larger files are told of and not read. */
const largest = 5 * 1024 * 1024
const largestBatch = 32 * 1024 * 1024

/**
 * Reads versions with a handful of processes, however many there are, and few of them in memory. Throws
 * UnavailableError GIT_FAILED, also for an object that a partial clone left out.
 */
export const readVersions = async function* (
  place: GitPlace,
  entries: readonly Version[],
): AsyncGenerator<FileVersion> {
  const sizes = await sizesOf(place, entries)
  let batch: Version[] = []
  let size = 0
  for (const entry of entries) {
    const bytes = sizes.get(entry.id) ?? 0
    if (bytes > largest) {
      yield { ...entry, bytes: null }
      continue
    }
    if (size + bytes > largestBatch) {
      yield* readBatch(place, batch)
      batch = []
      size = 0
    }
    batch.push(entry)
    size += bytes
  }
  yield* readBatch(place, batch)
}

const sizesOf = async (
  place: GitPlace,
  entries: readonly Version[],
): Promise<ReadonlyMap<string, number>> => {
  const ids = [...new Set(entries.map(({ id }) => id))]
  if (ids.length === 0) return new Map()
  const told = await runGit(place, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
    input: ids.map(id => `${id}\n`).join(''),
  })
  return new Map(
    told
      .toString()
      .split('\n')
      .map(line => {
        const [id = '', size] = line.split(' ')
        return [id, Number(size) || 0]
      }),
  )
}

const readBatch = async function* (
  place: GitPlace,
  batch: readonly Version[],
): AsyncGenerator<FileVersion> {
  if (batch.length === 0) return
  const told = await runGit(place, ['cat-file', '--batch'], {
    input: batch.map(({ id }) => `${id}\n`).join(''),
  })
  const ids = batch.map(({ id }) => id)
  let at = 0
  const missing = (reason: string): UnavailableError => new UnavailableError('GIT_FAILED', reason)
  for (const bytes of blobsIn(told, ids, missing)) {
    const entry = batch[at]
    at += 1
    if (entry) yield { ...entry, bytes }
  }
}
