import type { Already } from '../../../core/detach/already-detached.ts'
import { readRecordAt } from '../../../core/detach/read-record-at.ts'
import { emptyReport, type PlanReport } from '../../../core/report/plan-report.ts'
import { confirmGone } from '../../../operations/names/confirm-gone.ts'
import { describeProof } from '../../output/describe-proof.ts'
import { proveEdits, type Exploring, type Found } from './exploring.ts'

/** Reports a cluster that is detached already, and writes `[]` behind the keys that this left null. */
export const exploreRepair = async (
  exploring: Exploring,
  { file, line, entry, edits }: Already,
): Promise<Found> => {
  const { clone, cluster } = exploring
  const { checkout, directory } = clone
  const report: PlanReport = {
    ...emptyReport(cluster),
    status: 'detached',
    file: clone.shown(file),
    entry,
    line,
    warnings: clone.warnings,
  }
  const record = readRecordAt(checkout.tree, { directory, cluster })
  const confirm = async (commit: typeof checkout): Promise<readonly string[]> => {
    const asked = { cluster, roots: clone.roots, file }
    const unknown = await confirmGone(exploring.preparing.namer, commit, asked)
    return unknown.map(
      ({ root, error }) =>
        `${clone.shown(root)} cannot be rendered, so only its files say that ${cluster} is out of it, and Argo CD removes nothing where it cannot render it either: ${error.message}`,
    )
  }
  const [edit] = edits
  if (!edit) {
    const warnings = [...clone.warnings, ...(await confirm(checkout))]
    return { report: { ...report, warnings }, steps: [], path: file, after: checkout, record }
  }
  const message = `Write an empty list for ${cluster}`
  const { proof, diff, changes, after } = await proveEdits(exploring, {
    ...{ onto: checkout, edits, message },
    companions: false,
  })
  return {
    report: {
      ...report,
      status: 'detachable',
      key: edit.key,
      emptied: true,
      style: edit.style,
      ...describeProof(clone, proof),
      warnings: [
        ...clone.warnings,
        `${cluster} is commented out at ${clone.shown(file)}:${line ?? ''} already, which left ${edit.key} null: kustomize from 5.1 on refuses that, so Argo CD removes nothing; it becomes \`${edit.key}: []\``,
        ...(await confirm(after)),
      ],
      diffs: [diff],
    },
    steps: [{ message, changes }],
    ...{ path: file, after, record },
  }
}
