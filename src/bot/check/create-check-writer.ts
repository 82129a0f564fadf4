import {
  checkAnnotations,
  checkComment,
  checkContext,
  checkMarker,
  checkStatus,
  leavingSection,
  type Checked,
} from '../../core/report/check-status.ts'
import type { ClusterChange } from '../../core/report/change-report.ts'
import { isEnded, isMerged, waitsForDraft, type Run } from '../../core/run/run.ts'
import { describeLeaving } from '../../operations/change/describe-leaving.ts'
import type { Context } from '../../operations/context.ts'
import type { OpenChange } from '../../operations/ports/pull-requests.ts'
import type { Log } from '../log.ts'

/** A commit to be checked: of a pull request, or of a group in a merge queue. */
export type Subject = Readonly<{
  /** `#7`, or the branch of a group. */
  name: string
  headSha: string
  /** Null: it is a group. */
  change: OpenChange | null
}>

/** Writes checks: a status, and a comment where one is bad and no report of a run says so. */
export type CheckWriter = Readonly<{
  write: (
    subject: Subject,
    of: Checked,
    on: Readonly<{ base: string; isRequired: boolean | null }>,
  ) => Promise<void>
  /** Forgets what was written of all subjects but these. */
  keep: (names: ReadonlySet<string>) => void
}>

/** The run under way that a pull request belongs to, before it is merged; undefined: there is none. */
export const runBefore = (runs: readonly Run[], { change }: Subject): Run | undefined =>
  runs.find(
    run =>
      change !== null &&
      run.request.pullRequest === change.number &&
      !isEnded(run.phase) &&
      !isMerged(run),
  )

/** Creates a writer that has written nothing yet. */
export const createCheckWriter = ({
  context,
  log,
}: Readonly<{ context: Context; log: Log }>): CheckWriter => {
  const { forge, runs, clean } = context.ports
  const { branch } = context.settings
  const written = new Map<string, string>()
  const commented = new Set<string>()

  const sectionsOf = async (
    change: OpenChange,
    leaves: readonly ClusterChange[],
  ): Promise<readonly string[]> => {
    const sections: string[] = []
    for (const { cluster } of leaves.slice(0, mostDescribed))
      sections.push(clean(leavingSection(await describeLeaving(context, { change, cluster }))))
    return sections
  }
  const write: CheckWriter['write'] = async (subject, of, { base, isRequired }) => {
    const { name, headSha, change } = subject
    const run = runBefore(await runs.list(), subject)
    const leaves = 'code' in of ? [] : of.clusters.filter(one => one.change === 'leaves')
    const isHeld =
      run?.blocked && !waitsForDraft(run) && leaves.some(({ cluster }) => cluster === run.name)
    const status = checkStatus(of, isHeld ? { name: run.name, code: run.blocked.code } : null)
    // A report of the run on that pull request says it already.
    const isReported =
      run !== undefined &&
      ('code' in of || of.clusters.every(one => one.announced || one.cluster === run.name))
    const said = JSON.stringify([headSha, status, of])
    const isNew = written.get(name) !== said
    const isBad = status.state === 'failure' && !isReported
    const hasComment = change !== null && (isBad || commented.has(name))
    if (!isNew && !hasComment) return
    const leaving = change !== null && !isReported ? await sectionsOf(change, leaves) : []
    const body = checkComment(of, { branch, base, head: headSha, isRequired, leaving })
    if (isNew) {
      const detail = { summary: body, annotations: checkAnnotations(of) }
      await forge.setStatus({ sha: headSha, context: checkContext, ...status, detail })
      log.info({ checked: name, head: headSha, base, ...status }, 'checked a pull request')
      written.set(name, said)
    }
    if (!hasComment) return
    await forge.upsertComment({ pullRequest: change.number, marker: checkMarker, body })
    if (isBad) commented.add(name)
    else commented.delete(name)
  }
  return {
    write,
    keep: names => {
      for (const name of [...written.keys(), ...commented])
        if (!names.has(name)) {
          written.delete(name)
          commented.delete(name)
        }
    },
  }
}

/** Each is proven, and hub and seed are asked. */
const mostDescribed = 3
