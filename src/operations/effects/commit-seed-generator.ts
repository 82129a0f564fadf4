import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import {
  seedGeneratorManifest,
  seedKustomization,
} from '../../core/seedgen/seed-generator-manifest.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { bringToBase } from './bring-to-base.ts'

/**
 * Brings the SeedGenerator and its kustomization to the base branch. Returns their commit there; null where a pull request
 * brings it. Throws what bringToBase throws.
 */
export const commitSeedGenerator = async (
  context: Context,
  run: Run,
  image: string,
): Promise<Sha | null> => {
  const { cluster } = run.request
  const base = await readBase(context)
  const { directory, recertImage } = base.config
  const paths = seedPaths(directory, cluster)
  return bringToBase(context, base, {
    ...{ run, step: 'seed-generator' },
    title: `Generate the seed image of ${cluster}`,
    detail: image,
    changes: [
      {
        path: paths.seedGenerator,
        content: seedGeneratorManifest({ cluster, image, recertImage }),
      },
      { path: paths.kustomization, content: seedKustomization() },
    ],
  })
}
