import { seedPaths } from '../core/detach/seed-record.ts'
import { absent, present, type Seen } from '../core/seen.ts'
import type { Request, Sha } from '../core/run/run.ts'
import { compareSeedGenerator } from '../core/seedgen/seed-generator-manifest.ts'
import { type Context } from './context.ts'
import type { Base } from './base.ts'
import { readText } from '../core/repository-tree.ts'

/**
 * The SeedGenerator of a run on the base branch, with the commit that brought it there, and the fields in which it
 * differs from what Sower would write for the run.
 */
export const readSeedGeneratorAt = async (
  { ports }: Context,
  { checkout, config: { directory, recertImage } }: Base,
  { cluster, image }: Pick<Request, 'cluster' | 'image'>,
): Promise<Seen<Readonly<{ sha: Sha; differs: string | null }>>> => {
  const path = seedPaths(directory, cluster).seedGenerator
  if (checkout.tree.entry(path) !== 'file') return absent
  const text = readText(checkout.tree, path)
  const differs = compareSeedGenerator(text, { cluster, image, recertImage })
  const sha = await ports.repository.lastChange(checkout.sha, path)
  return sha === undefined ? absent : present({ sha, differs })
}
