import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { isEnded, isMerged, keptSince, type Run } from '../../core/run/run.ts'
import type { Context } from '../context.ts'
import { savedAccess } from '../hub/saved-access.ts'
import { readBase } from '../read-base.ts'

/**
 * Deletes a run that ended longer ago than runs are kept; resolves to whether it did. Throws what reading the base branch and
 * deleting the run throw.
 */
export type Retention = (run: Run) => Promise<boolean>

const day = 86_400_000
/** How long what holds a deletion up is not asked about again. */
const pause = 3_600_000

/**
 * Creates the retention of ended runs. A run stays while its access is kept, or may be, and while the base branch does not hold
 * its record: they are all that is left of it then.
 */
export const createRetention = ({ ports, settings, now }: Context): Retention => {
  const triedAt = new Map<string, number>()
  const isRecorded = async ({ name: cluster, request }: Run): Promise<boolean> => {
    const { checkout, config } = await readBase({ ports, settings })
    const record = readRecordIfValid(checkout.tree, { directory: config.directory, cluster })
    return record?.request === request.key && record.finishedAt !== null
  }
  return async run => {
    const at = now().getTime()
    const { keepRuns = 0 } = settings
    if (keepRuns === 0 || !isEnded(run.phase) || keptSince(run) !== null) return false
    if (at - Date.parse(run.since) < keepRuns * day) return false
    if (at - (triedAt.get(run.request.key) ?? -Infinity) < pause) return false
    triedAt.set(run.request.key, at)
    // Runs of earlier versions do not say whether access is kept.
    if ((await ports.hub.read(savedAccess({ settings }, run.name))).seen !== 'absent') return false
    if (isMerged(run) && !(await isRecorded(run))) return false
    await ports.runs.remove(run)
    triedAt.delete(run.request.key)
    return true
  }
}
