import { seedPaths } from '../../core/record/record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { seedGeneratorManifest, seedKustomization } from '../../core/seedgen/manifests.ts'
import { readBase, type Context } from '../context.ts'

/** Commits the SeedGenerator and its kustomization to the base branch. Throws ConflictError GIT_CONFLICT. */
export const commitSeedGenerator = async (
  context: Context,
  run: Run,
  image: string,
): Promise<Sha> => {
  const { cluster, key } = run.request
  const { checkout, config } = await readBase(context)
  const paths = seedPaths(config.directory, cluster)
  const sha = await context.ports.repository.commit({
    onto: checkout.sha,
    message: `Generate the seed image of ${cluster}\n\n${image}\n\nSower-Run: ${key}\n`,
    changes: [
      {
        path: paths.seedGenerator,
        content: seedGeneratorManifest({ cluster, image, recertImage: config.recertImage }),
      },
      { path: paths.kustomization, content: seedKustomization() },
    ],
  })
  await context.ports.repository.push(sha, context.settings.branch)
  return sha
}
