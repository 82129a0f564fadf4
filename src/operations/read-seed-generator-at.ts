import { seedPaths } from '../core/detach/seed-record.ts'
import { absent, present, type Seen } from '../core/seen.ts'
import type { Sha } from '../core/run/run.ts'
import { readSeedGenerator } from '../core/seedgen/seed-generator-manifest.ts'
import { type Context } from './context.ts'
import type { Base } from './base.ts'
import { readText } from '../core/repository-tree.ts'

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
