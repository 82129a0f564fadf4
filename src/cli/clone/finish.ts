import { emptyReport, type PlanReport } from '../../core/report/plan-report.ts'
import { RefusedError } from '../../errors.ts'
import type { Change } from '../../core/change.ts'
import type { Clone } from './clone.ts'
import { openClone } from './open-clone.ts'
import { requireClusterName } from './require-cluster-name.ts'
import { uncommitted } from './uncommitted.ts'
import { refuseLinks, refuseUncommitted } from './refuse-uncommitted.ts'
import { isColoured, type Surroundings } from '../../surroundings.ts'
import { isForPrograms, type OutputForm } from '../output-flag.ts'
import { printAs } from '../output/print-as.ts'
import { printPlan } from '../output/print-plan.ts'

/** Options of the commands that edit the work tree. */
export type EditOptions = Readonly<{
  cluster: string
  directory: string
  roots: readonly string[]
  output: OutputForm
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

/** The findings of a command: its report, the files to write, and the file that it is about. */
export type Explored = Readonly<{
  report: PlanReport
  steps: readonly Step[]
  path: string | null
}>

/**
 * Opens the clone, prints what a command finds in it, and writes it where it may. A refusal is printed as a
 * report too where a program reads it, and thrown on. Throws InputError ARGUMENT_INVALID for what is not a valid cluster name.
 */
export const finish = async (
  surroundings: Surroundings,
  options: EditOptions,
  explore: (clone: Clone) => Promise<Explored>,
): Promise<void> => {
  const { print, isTerminal, columns } = surroundings
  const { cluster, output, act } = options
  requireClusterName(cluster, cluster)
  const show = (report: PlanReport): void => {
    print(
      printAs(output, report, () =>
        printPlan(report, isTerminal ? columns : undefined, isColoured(surroundings)),
      ),
    )
  }
  const clone = await openClone(surroundings, options)
  try {
    show(await carryOut(clone, act, await explore(clone)))
  } catch (error) {
    if (isForPrograms(output) && error instanceof RefusedError) {
      const { code, message: reason, fix = null } = error
      show({ ...emptyReport(cluster), code, reason, fix, warnings: clone.warnings })
    }
    throw error
  } finally {
    clone.close()
  }
}

const carryOut = async (
  clone: Clone,
  act: EditOptions['act'],
  { report, steps, path }: Explored,
): Promise<PlanReport> => {
  const changes = [
    ...new Map(
      steps.flatMap(step => step.changes.map(change => [change.path, change] as const)),
    ).values(),
  ]
  const isTakingBack = steps.some(({ takesBack }) => takesBack === true)
  const isDone = changes.length > 0 && clone.workTree.holds(changes)
  const warned = (warning: string): PlanReport => ({
    ...report,
    warnings: [...report.warnings, warning],
  })
  if (act === 'look' || steps.length === 0) {
    const paths = [...changes.map(change => change.path), ...(path === null ? [] : [path])]
    const other = paths.find(file => clone.workTree.differs(file, clone.checkout.tree))
    if (isDone) return warned(uncommitted.alreadyWritten)
    if (other === undefined || isTakingBack) return report
    return warned(uncommitted.notLookedAt(clone.shown(other)))
  }
  refuseLinks(clone, changes)
  if (!isDone && !isTakingBack) await refuseUncommitted(clone, changes)
  if (act === 'try') return isDone ? warned(uncommitted.alreadyWritten) : report
  const comesBack = report.status === 'reattachable' || report.status === 'attached'
  const status = comesBack ? 'attached' : 'detached'
  if (isDone && act === 'write')
    return { ...warned(uncommitted.alreadyWritten), status, diffs: [], roots: [] }
  const removed = changes.filter(
    ({ path, content }) => content === null && clone.workTree.tree.entry(path) === 'file',
  )
  const commits: string[] = []
  const warnings = [...report.warnings]
  for (const { changes, message, takesBack } of steps) {
    const isCommitted = act === 'commit' && takesBack !== true
    const { commit, isOnBranch, unlike } = await clone.workTree.write({
      changes,
      message: isCommitted ? `${message}\n` : null,
    })
    if (commit !== null) commits.push(commit)
    if (!isOnBranch && commits.length === 1) warnings.push(onNoBranch)
    if (unlike.length > 0) warnings.push(uncommitted.leftOtherwise(unlike.map(clone.shown)))
  }
  return {
    ...report,
    status,
    warnings,
    written: changes.map(change => clone.shown(change.path)),
    removed: removed.map(change => clone.shown(change.path)),
    commits,
  }
}

const onNoBranch =
  'HEAD is detached, so no branch holds the commit: keep it with `git switch --create <branch>`'
