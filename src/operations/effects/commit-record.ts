import { seedPaths, writeRecord, type Detached } from '../../core/record/record.ts'
import type { Run } from '../../core/run/run.ts'
import { RefusedError } from '../../errors.ts'
import { readBase, type Context } from '../context.ts'
import { readRecordAt } from '../seed-files.ts'

/**
 * Commits the end of the run to the base branch: the record with the digest, the SeedGenerator out of Git.
 * Throws ConflictError GIT_CONFLICT.
 */
export const commitRecord = async (
  context: Context,
  run: Run,
  digest: string | null,
): Promise<void> => {
  const { cluster, image, key, pullRequest } = run.request
  const { checkout, config } = await readBase(context)
  const paths = seedPaths(config.directory, cluster)
  const status = run.outcome === 'Completed' ? 'completed' : 'failed'
  const record = {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRecord',
    cluster,
    image,
    status,
    request: key,
    pullRequest,
    detached: readDetached(checkout, { directory: config.directory, cluster }),
    digest,
    finishedAt: context.now().toISOString(),
  } as const
  const sha = await context.ports.repository.commit({
    onto: checkout.sha,
    message: `Record the seed image of ${cluster}: ${status}\n\n${digest ?? 'no image'}\n\nSower-Run: ${key}\n`,
    changes: [
      { path: paths.record, content: writeRecord(record) },
      { path: paths.seedGenerator, content: null },
      { path: paths.kustomization, content: null },
    ],
  })
  await context.ports.repository.push(sha, context.settings.branch)
}

/** What the detach changed; lost where the record was damaged, which must not keep the run from ending. */
const readDetached = (...of: Parameters<typeof readRecordAt>): Detached | null => {
  try {
    return readRecordAt(...of)?.detached ?? null
  } catch (error) {
    if (error instanceof RefusedError) return null
    throw error
  }
}
