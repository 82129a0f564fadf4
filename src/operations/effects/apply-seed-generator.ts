import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { readSeedGenerator } from '../../core/seedgen/seed-generator-manifest.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { readText } from '../../core/repository-tree.ts'
import { seedGeneratorKey } from '../seed/observe-seed-generator.ts'

/**
 * Creates the SeedGenerator of a commit on the seed: what was merged, not what is on a branch now. Throws
 * RefusedError SEED_GENERATOR_DIFFERS, UnavailableError CLUSTER_UNAVAILABLE or what creating it throws.
 */
export const applySeedGenerator = async (context: Context, run: Run, from: Sha): Promise<void> => {
  const { cluster, image } = run.request
  const { config } = await readBase(context)
  const committed = await context.ports.repository.checkout(from)
  const manifest = readSeedGenerator(
    readText(committed.tree, seedPaths(config.directory, cluster).seedGenerator),
    cluster,
  )
  if (manifest.image !== image)
    throw new RefusedError(
      'SEED_GENERATOR_DIFFERS',
      `applying the SeedGenerator of ${from.slice(0, 12)}: it is for ${manifest.image}`,
    )
  const seed = await connectSeed(context, cluster)
  if (!seed)
    throw new UnavailableError(
      'ACCESS_MISSING',
      `applying the SeedGenerator of ${cluster}: there is no saved access`,
    )
  const { apiVersion, kind, name } = seedGeneratorKey
  await seed.create({
    apiVersion,
    kind,
    metadata: { name },
    spec: {
      seedImage: image,
      ...(manifest.recertImage === undefined ? {} : { recertImage: manifest.recertImage }),
    },
  })
}
