import { seedPaths } from '../../core/detach/seed-record.ts'
import type { Run } from '../../core/run/run.ts'
import {
  seedGeneratorManifest,
  seedKustomization,
} from '../../core/seedgen/seed-generator-manifest.ts'
import { type Context } from '../context.ts'
import { bringToBase, type Bringing } from './bring-to-base.ts'
import { requireDetach } from './require-detach.ts'
import { takeOutCompanions } from './take-out-companions.ts'

/**
 * Brings the SeedGenerator and its kustomization to the base branch, and takes the companions of the cluster out in the same
 * commit. Throws ConflictError GIT_CONFLICT also where a base
 * that moved meanwhile does not hold the detach any more, and what bringToBase throws.
 */
export const commitSeedGenerator = async (
  context: Context,
  run: Run,
  image: string,
): Promise<Bringing> =>
  bringToBase(context, async (base, isAgain) => {
    const { cluster } = run.request
    if (isAgain) await requireDetach(context, { base, run }, `generating the image of ${cluster}`)
    const { directory, recertImage } = base.config
    const paths = seedPaths(directory, cluster)
    const companions = await takeOutCompanions(context, base, run)
    return {
      ...{ run, step: 'seed-generator' },
      title: `Generate the seed image of ${cluster}`,
      detail: [image, companions.detail].filter(line => line !== null).join('\n\n'),
      changes: [
        {
          path: paths.seedGenerator,
          content: seedGeneratorManifest({ cluster, image, recertImage }),
        },
        { path: paths.kustomization, content: seedKustomization() },
        ...companions.changes,
      ],
    }
  })
