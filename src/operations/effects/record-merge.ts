import { seedPaths, writeRecord } from '../../core/record/record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { holds } from '../../core/run/seen.ts'
import { ConflictError } from '../../errors.ts'
import { readBase, type Context } from '../context.ts'
import { observeDetachHolds } from '../observe/pull-request.ts'
import { recordOfRun } from '../seed-files.ts'

/**
 * Commits to the base branch that the record belongs to this merge, which a revert of the merge cannot take along.
 * Throws ConflictError GIT_CONFLICT, also where the branch came to list the cluster after the look.
 */
export const recordMerge = async (context: Context, run: Run, mergedAs: Sha): Promise<void> => {
  const { cluster, key } = run.request
  const base = await readBase(context)
  if (!holds(await observeDetachHolds(context, { base, run }), held => held))
    throw new ConflictError('GIT_CONFLICT', 'recording the merge: the branch moved meanwhile')
  const record = recordOfRun(base, run, { status: 'detached', digest: null, finishedAt: null })
  const sha = await context.ports.repository.commit({
    onto: base.checkout.sha,
    message: `Record the merge of ${cluster}\n\n${mergedAs}\n\nSower-Run: ${key}\n`,
    changes: [
      {
        path: seedPaths(base.config.directory, cluster).record,
        content: writeRecord({ ...record, mergedAs }),
      },
    ],
  })
  await context.ports.repository.push(sha, context.settings.branch)
}
