import { RefusedError } from '../errors.ts'
import { readRecord, seedPaths, type SeedRecord } from '../core/record/record.ts'
import { absent, present, type Seen } from '../core/run/seen.ts'
import type { Sha } from '../core/run/run.ts'
import { readSeedGenerator } from '../core/seedgen/manifests.ts'
import type { Checkout } from './ports.ts'
import { readText, type Base, type Context } from './context.ts'

/** The record of a cluster in a commit; absent when there is none. Throws RefusedError RECORD_INVALID. */
export const readRecordAt = (
  checkout: Checkout,
  { directory, cluster }: Readonly<{ directory: string; cluster: string }>,
): SeedRecord | undefined => {
  const path = seedPaths(directory, cluster).record
  return checkout.tree.entry(path) === 'file'
    ? readRecord(path, readText(checkout, path))
    : undefined
}

/**
 * The roots that listed a cluster before its detach, from the record on the base branch; all of them where
 * there is no record, as after a human merged an edit of their own.
 */
export const rootsAt = ({ checkout, config }: Base, cluster: string): readonly string[] =>
  readRecordAt(checkout, { directory: config.directory, cluster })?.detached?.roots ?? config.roots

/** The SeedGenerator of a cluster on the base branch, with the commit that brought it there. */
export const readSeedGeneratorAt = async (
  { ports }: Context,
  { checkout, config }: Base,
  cluster: string,
): Promise<Seen<Readonly<{ sha: Sha; image: string }>>> => {
  const path = seedPaths(config.directory, cluster).seedGenerator
  if (checkout.tree.entry(path) !== 'file') return absent
  const { image } = readSeedGenerator(readText(checkout, path), cluster)
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
  const times = seeds.flatMap(cluster => {
    try {
      return readRecordAt(checkout, { directory, cluster })?.finishedAt ?? []
    } catch (error) {
      if (error instanceof RefusedError) return []
      throw error
    }
  })
  return times.sort().at(-1) ?? null
}
