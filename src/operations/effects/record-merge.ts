import { seedPaths, writeRecord } from '../../core/detach/seed-record.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { type Context } from '../context.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { recordOfRun } from '../../core/detach/record-of-run.ts'
import { bringToBase, type Bringing } from './bring-to-base.ts'
import { requireDetach } from './require-detach.ts'

/**
 * Brings to the base branch that the record belongs to this merge, which a revert of the merge cannot take along.
 * Throws ConflictError GIT_CONFLICT, also where the branch came to list the cluster after the look, and what bringToBase
 * throws.
 */
export const recordMerge = (context: Context, run: Run, mergedAs: Sha): Promise<Bringing> =>
  bringToBase(context, async base => {
    const { cluster } = run.request
    await requireDetach(context, { base, run }, 'recording the merge')
    const { directory } = base.config
    const before = readRecordIfValid(base.checkout.tree, { directory, cluster })
    const now = { status: 'detached', digest: null, finishedAt: null } as const
    const content = writeRecord(recordOfRun(run, before, now))
    return {
      ...{ run, step: 'record-merge' },
      title: `Record the merge of ${cluster}`,
      detail: mergedAs,
      changes: [{ path: seedPaths(directory, cluster).record, content }],
    }
  })
