import { planCompanions } from '../../../core/detach/plan-detach.ts'
import { recordWithEdits } from '../../../core/detach/record-of-detach.ts'
import type { Explored } from '../../clone/finish.ts'
import { describeCompanion, describeProof } from '../../output/describe-proof.ts'
import { emptiedRoots, heldByArgoCd, proveEdits, type Exploring, type Found } from './exploring.ts'

/** Adds a step that takes the cluster's companions out of Git, for when its ManagedCluster is gone. */
export const withCompanions = async (
  exploring: Exploring,
  { report, steps, path, after, record }: Found,
): Promise<Explored> => {
  const { clone, cluster, mode } = exploring
  const { roots, directory } = clone
  const { companions, edits } = planCompanions(after.tree, { cluster, roots, mode })
  const described = companions.map(one => describeCompanion(clone, one, true))
  if (edits.length === 0) return { report: { ...report, companions: described }, steps, path }
  const message = `Remove the companions of ${cluster}`
  const { proof, diff, changes } = await proveEdits(exploring, {
    ...{ onto: after, edits, message },
    companions: true,
  })
  return {
    report: {
      ...report,
      status: 'detachable',
      ...describeProof(clone, proof, report),
      companions: described,
      warnings: [
        ...report.warnings,
        ...heldByArgoCd(proof),
        ...emptiedRoots(clone, proof),
        'the companions may leave only when the ManagedCluster is gone: ACM needs the namespace until then',
      ],
      diffs: [...report.diffs, diff],
    },
    steps: [
      ...steps,
      { message, changes: [...changes, ...recordWithEdits(record, edits, directory)] },
    ],
    path,
  }
}
