import { RefusedError } from '../errors.ts'
import { readRecord, seedPaths, type SeedRecord } from '../core/detach/seed-record.ts'
import { absent, present, type Seen } from '../core/seen.ts'
import type { Run, Sha } from '../core/run/run.ts'
import { readSeedGenerator } from '../core/seedgen/seed-generator-manifest.ts'
import type { Checkout } from './ports/repository.ts'
import { type Base, type Context } from './context.ts'
import { readText } from '../core/repository-tree.ts'

/** The record of a cluster in a commit; absent when there is none. Throws RefusedError RECORD_INVALID. */
export const readRecordAt = (
  checkout: Checkout,
  { directory, cluster }: Readonly<{ directory: string; cluster: string }>,
): SeedRecord | undefined => {
  const path = seedPaths(directory, cluster).record
  return checkout.tree.entry(path) === 'file'
    ? readRecord(path, readText(checkout.tree, path))
    : undefined
}

/**
 * The same for what must not end at a record that is damaged: it says nothing then, and is to be written anew.
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

/**
 * The roots that listed a cluster before its detach, from the record on the base branch; all of them where
 * there is none that can be read, as after a human merged an edit of their own.
 */
export const rootsAt = ({ checkout, config }: Base, cluster: string): readonly string[] =>
  readRecordIfValid(checkout, { directory: config.directory, cluster })?.detached?.roots ??
  config.roots

/**
 * What the record of a run says, now: it is written whole, so that it comes to be also where there was none, or a
 * damaged one. What the detach changed is kept, whoever wrote it down; it is lost where it cannot be read.
 */
export const recordOfRun = (
  { request, facts }: Run,
  before: SeedRecord | undefined,
  now: Pick<SeedRecord, 'status' | 'digest' | 'finishedAt'>,
): SeedRecord => {
  const { cluster, image, key, pullRequest } = request
  return {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRecord',
    cluster,
    image,
    status: now.status,
    request: key,
    pullRequest,
    mergedAs: facts.mergedAs,
    detached: before?.detached ?? null,
    digest: now.digest,
    finishedAt: now.finishedAt,
  }
}

/** The SeedGenerator of a cluster on the base branch, with the commit that brought it there. */
export const readSeedGeneratorAt = async (
  { ports }: Context,
  { checkout, config }: Base,
  cluster: string,
): Promise<Seen<Readonly<{ sha: Sha; image: string }>>> => {
  const path = seedPaths(config.directory, cluster).seedGenerator
  if (checkout.tree.entry(path) !== 'file') return absent
  const { image } = readSeedGenerator(readText(checkout.tree, path), cluster)
  const sha = await ports.repository.lastChange(checkout.sha, path)
  return sha === undefined ? absent : present({ sha, image })
}

/**
 * When a generation of any seed last ended, for which the one push credential was used; null when none did.
 * A record that cannot be read says nothing.
 */
export const lastUse = (
  checkout: Checkout,
  { directory, seeds }: Readonly<{ directory: string; seeds: readonly string[] }>,
): string | null => {
  const times = seeds.flatMap(
    cluster => readRecordIfValid(checkout, { directory, cluster })?.finishedAt ?? [],
  )
  return times.sort().at(-1) ?? null
}
