import { seedPaths, writeRecord } from '../../core/detach/seed-record.ts'
import type { Run } from '../../core/run/run.ts'
import { type Context } from '../context.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { recordOfRun } from '../../core/detach/record-of-run.ts'
import { bringToBase, type Bringing } from './bring-to-base.ts'

/**
 * Brings the end of the run to the base branch: the record with the digest, the SeedGenerator out of Git.
 * Throws what bringToBase throws.
 */
export const commitRecord = async (
  context: Context,
  run: Run,
  digest: string | null,
): Promise<Bringing> => {
  const { cluster, key } = run.request
  const ended = run.outcome === 'Completed' ? 'completed' : 'failed'
  // The same at each try, so that a pull request of an earlier one is known by its content.
  const finishedAt = run.since
  return bringToBase(context, async ({ checkout, config: { directory } }) => {
    const paths = seedPaths(directory, cluster)
    // That somebody let the cluster come back is what the plugin's guard goes by; the digest names the image.
    const before = readRecordIfValid(checkout.tree, { directory, cluster })
    const isBack = before?.request === key && before.status === 'reattached'
    const status = isBack ? 'reattached' : ended
    const record = recordOfRun(run, before, { status, digest, finishedAt })
    return {
      ...{ run, step: 'record' },
      title: `Record the seed image of ${cluster}: ${ended}`,
      detail: digest ?? 'no image',
      changes: [
        { path: paths.record, content: writeRecord(record) },
        { path: paths.seedGenerator, content: null },
        { path: paths.kustomization, content: null },
      ],
    }
  })
}
