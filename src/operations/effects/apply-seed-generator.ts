import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import {
  compareSeedGenerator,
  seedGeneratorOf,
} from '../../core/seedgen/seed-generator-manifest.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { readText } from '../../core/repository-tree.ts'
import { seedGeneratorKey } from '../seed/observe-seed-generator.ts'

/**
 * Creates the SeedGenerator of a commit on the seed, where that commit holds, field by field, what Sower writes for the
 * run: anybody may have put another one there. Throws RefusedError SEED_GENERATOR_DIFFERS, UnavailableError
 * CLUSTER_UNAVAILABLE or what creating it throws.
 */
export const applySeedGenerator = async (context: Context, run: Run, from: Sha): Promise<void> => {
  const { cluster, image } = run.request
  const { config } = await readBase(context)
  const { directory, recertImage } = config
  const committed = await context.ports.repository.checkout(from)
  const { seedGenerator: path } = seedPaths(directory, cluster)
  const wanted = { cluster, image, recertImage }
  const differs = compareSeedGenerator(readText(committed.tree, path), wanted)
  if (differs !== null)
    throw new RefusedError(
      'SEED_GENERATOR_DIFFERS',
      `applying ${path} of ${from.slice(0, 12)}: it is not what Sower writes for this run; it differs in ${differs}`,
      {
        fix: 'put `recertImage` in sower.yaml back if it was changed meanwhile, else comment `/seed abort`',
      },
    )
  const seed = await connectSeed(context, cluster)
  if (!seed)
    throw new UnavailableError(
      'ACCESS_MISSING',
      `applying the SeedGenerator of ${cluster}: there is no saved access`,
    )
  const { apiVersion, kind, name } = seedGeneratorKey
  const { spec } = seedGeneratorOf(wanted)
  await seed.create({ apiVersion, kind, metadata: { name }, spec })
}
