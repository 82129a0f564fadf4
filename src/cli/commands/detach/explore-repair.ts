import type { Already } from '../../../core/detach/already-detached.ts'
import { rootsReaching } from '../../../core/detach/plan-detach.ts'
import { readRecordAt } from '../../../core/detach/read-record-at.ts'
import { emptyReport, type PlanReport } from '../../../core/report/plan-report.ts'
import { prepareEdits } from '../../../operations/prepare-edits.ts'
import { describeProof, notProven } from '../../output/describe-proof.ts'
import { editByHand, type Exploring, type Found } from './exploring.ts'

/** Reports a cluster that is detached already, and writes `[]` behind the keys that this left null. */
export const exploreRepair = async (
  { clone, cluster, preparing, config }: Exploring,
  { file, line, entry, edits }: Already,
): Promise<Found> => {
  const { checkout, directory, roots } = clone
  const report: PlanReport = {
    ...emptyReport(cluster),
    status: 'detached',
    file: clone.shown(file),
    entry,
    line,
    warnings: clone.warnings,
  }
  const record = readRecordAt(checkout.tree, { directory, cluster })
  const [edit] = edits
  if (!edit) return { report, steps: [], path: file, after: checkout, record }
  const message = `Write an empty list for ${cluster}`
  const paths = edits.map(({ path }) => path)
  const { proof, diff, changes, after } = await prepareEdits(preparing, {
    ...{ onto: checkout, edits, message },
    roots: rootsReaching(checkout.tree, { roots, paths }),
    expected: { cluster, object: false, companions: false },
    acceptStatic: config.acceptStaticProof,
  })
  if (proof.refusal !== null) throw notProven(proof, editByHand(cluster))
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
      ],
      diffs: [diff],
    },
    steps: [{ message, changes }],
    ...{ path: file, after, record },
  }
}
