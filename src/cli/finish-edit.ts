import { emptyReport, renderPlan, type PlanReport } from '../core/report/plan-report.ts'
import { RefusedError } from '../errors.ts'
import type { Change } from '../operations/ports.ts'
import type { Clone } from './clone.ts'
import type { Surroundings } from './compose.ts'
import { isWritten, refuseUncommitted, writeEdits } from './write-edits.ts'

/** What commands that edit the work tree have in common. */
export type EditOptions = Readonly<{
  cluster: string
  directory: string
  roots: readonly string[]
  json: boolean
  /** `look` changes nothing; `try` also refuses what writing would refuse. */
  act: 'look' | 'try' | 'write' | 'commit'
}>

/** Files that are written together, and committed with this message. */
export type Step = Readonly<{
  message: string
  changes: readonly Change[]
  /** The files become what is committed, so uncommitted changes are what is meant to go. */
  takesBack?: true
}>

type Explored = Readonly<{ report: PlanReport; steps: readonly Step[] }>

/**
 * Prints what a command found, and writes it where it may. A refusal is printed as a report too with
 * --json, and thrown on.
 */
export const finish = async (
  { print }: Surroundings,
  { clone, options }: Readonly<{ clone: Clone; options: EditOptions }>,
  explore: () => Promise<Explored>,
): Promise<void> => {
  const { cluster, json, act } = options
  const toJson = (report: PlanReport): string => `${JSON.stringify(report, null, 2)}\n`
  try {
    const report = await carryOut(clone, act, await explore())
    print(json ? toJson(report) : renderPlan(report))
  } catch (error) {
    if (json && error instanceof RefusedError) {
      const { code, message: reason, fix = null } = error
      print(toJson({ ...emptyReport(cluster), code, reason, fix, warnings: clone.warnings }))
    }
    throw error
  }
}

const carryOut = async (
  clone: Clone,
  act: EditOptions['act'],
  { report, steps }: Explored,
): Promise<PlanReport> => {
  const changes = [
    ...new Map(
      steps.flatMap(step => step.changes.map(change => [change.path, change] as const)),
    ).values(),
  ]
  const isDone = changes.length > 0 && isWritten(clone, changes)
  if (act !== 'look' && !isDone && steps.every(({ takesBack }) => takesBack !== true))
    await refuseUncommitted(clone, changes)
  if (act === 'look' || act === 'try' || steps.length === 0) return report
  const comesBack = report.status === 'reattachable' || report.status === 'attached'
  const status = comesBack ? 'attached' : 'detached'
  if (isDone && act === 'write') {
    const warning = 'the work tree holds the edit already; it is not committed yet'
    return { ...report, status, warnings: [...report.warnings, warning], diffs: [] }
  }
  const commits: string[] = []
  for (const { changes, message, takesBack } of steps) {
    const isCommitted = act === 'commit' && takesBack !== true
    const commit = await writeEdits(clone, {
      changes,
      message: isCommitted ? `${message}\n` : null,
    })
    if (commit !== null) commits.push(commit)
  }
  return { ...report, status, written: changes.map(({ path }) => clone.shown(path)), commits }
}
