import type { Check } from '../../core/preflight/check.ts'
import { affectedBy } from '../../core/proof/affected-by.ts'
import type { Observation } from '../../core/run/observation.ts'
import type { Run } from '../../core/run/run.ts'
import { mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { fetchBase } from '../read-base.ts'
import type { Context } from '../context.ts'
import { observeManagedCluster } from '../hub/observe-remaining.ts'
import { observeAccess } from '../hub/prove-access.ts'
import { runChecks } from '../run-checks.ts'
import { observeBranch, type BranchState } from './observe-branch.ts'

/** Looks at all that Requested and Proposed need: the branch, its proof, the checks, the access. */
export const observeBeforeMerge = async (
  context: Context,
  run: Run,
  phase: 'Requested' | 'Proposed',
): Promise<
  Readonly<{ observation: Observation; branch: BranchState; checks: readonly Check[] }>
> => {
  const { cluster } = run.request
  // First of all: a merge must be seen also while Git or the configuration cannot be read.
  const pullRequest = await context.ports.forge.pullRequest(run.request.pullRequest)
  const isOpen = pullRequest.seen === 'present' && pullRequest.value.state === 'open'
  const unread = unknown('unreachable')
  const base = isOpen ? await fetchBase(context) : null
  const branch: BranchState =
    isOpen && base
      ? await observeBranch(context, { base, run, pullRequest: pullRequest.value })
      : { detach: unread, proof: null, diff: null }
  const access = isOpen ? await observeAccess(context, cluster) : unread
  const head = pullRequest.seen === 'present' ? pullRequest.value.headSha : null
  const checks = base ? await runChecks(context, { base, run, proof: branch.proof, head }) : []
  const managedCluster = isOpen ? await observeManagedCluster(context, cluster) : unread
  const detachHolds: Seen<boolean> = mapSeen(branch.detach, ({ status }) => status === 'detached')
  const { proof } = branch
  const shared = { pullRequest, detachHolds, checks, access, managedCluster }
  const observation: Observation =
    phase === 'Requested'
      ? { phase, ...shared, detach: branch.detach }
      : {
          phase,
          ...shared,
          proof: proof
            ? present({
                allowed: proof.refusal === null,
                reason: proof.refusal ?? '',
                left: affectedBy(proof).left ?? 0,
              })
            : branch.detach.seen === 'present' && branch.detach.value.status === 'refused'
              ? present({ allowed: false, reason: branch.detach.value.reason, left: 0 })
              : unknown('unreachable'),
        }
  return { observation, branch, checks }
}
