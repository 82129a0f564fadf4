import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import {
  seedGeneratorManifest,
  seedKustomization,
} from '../../core/seedgen/seed-generator-manifest.ts'
import { type Context } from '../context.ts'
import { readBase } from '../read-base.ts'
import { commitToBase } from './commit-to-base.ts'

/** Commits the SeedGenerator and its kustomization to the base branch. Throws ConflictError GIT_CONFLICT. */
export const commitSeedGenerator = async (
  context: Context,
  run: Run,
  image: string,
): Promise<Sha> => {
  const { cluster } = run.request
  const base = await readBase(context)
  const { directory, recertImage } = base.config
  const paths = seedPaths(directory, cluster)
  return commitToBase(context, base, {
    run,
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
