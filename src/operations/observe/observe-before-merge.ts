import type { Check } from '../../core/preflight/check.ts'
import { affectedBy } from '../../core/proof/affected-by.ts'
import type { Observation } from '../../core/run/observation.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import { holds, mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { fetchBase } from '../read-base.ts'
import type { Context } from '../context.ts'
import { observeManagedCluster } from '../hub/observe-remaining.ts'
import { observeAccessOf } from './observe-access-of.ts'
import type { Base } from '../base.ts'
import type { PullRequest } from '../ports/forge.ts'
import { runChecks } from '../run-checks.ts'
import { asMerged } from './as-merged.ts'
import type { BranchState } from './branch-state.ts'
import { observeBranch } from './observe-branch.ts'

/** Looks at all that Requested and Proposed need: the branch, its proof, the checks, the access. */
export const observeBeforeMerge = async (
  context: Context,
  run: Run,
  phase: 'Requested' | 'Proposed',
): Promise<
  Readonly<{ observation: Observation; branch: BranchState; checks: readonly Check[] }>
> => {
  const { cluster } = run.request
  const { pullRequest, open, branch } = await lookAtBranch(context, run)
  const unread = unknown('unreachable')
  const at = open && { head: open.head, base: open.base.checkout.sha }
  const recalling = at
    ? { ...context, ports: context.recall.portsFor(context.ports, run, at) }
    : context
  const access = open ? await observeAccessOf(recalling, run) : unread
  const checks = open
    ? await runChecks(recalling, {
        run,
        proof: branch.proof,
        ...open,
        edited: filesIn(branch.diff),
      })
    : []
  const managedCluster = open ? await observeManagedCluster(recalling, cluster) : unread
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

/** The files that a diff of git names. */
const filesIn = (diff: string | null): readonly string[] =>
  [...(diff ?? '').matchAll(/^diff --git a\/(.+) b\/\1$/gm)].map(([, file = '']) => file)

type Looked = Readonly<{
  pullRequest: Seen<PullRequest>
  /** The base and head that it is judged by; null when it is not open. */
  open: Readonly<{ base: Base; head: Sha }> | null
  branch: BranchState
}>

/**
 * The pull request, and its branch while it is open. The base is fetched after the pull request was read, so it may hold
 * a merge that was not read: nothing is proven against that.
 */
const lookAtBranch = async (context: Context, run: Run): Promise<Looked> => {
  const read = (): Promise<Seen<PullRequest>> =>
    context.ports.forge.pullRequest(run.request.pullRequest)
  const unread = { detach: unknown('unreachable'), proof: null, diff: null }
  // First of all: a merge must be seen also while Git or the configuration cannot be read.
  const first = await read()
  if (!isOpen(first)) return { pullRequest: first, open: null, branch: unread }
  const base = await fetchBase(context)
  const pullRequest = await asMerged(context, { base, run, pullRequest: first.value })
  if (pullRequest.state !== 'open')
    return { pullRequest: present(pullRequest), open: null, branch: unread }
  const branch = await observeBranch(context, { base, run, pullRequest })
  // A squash of a person's own edit leaves no trace but that the cluster is gone, which is refused.
  const again = isRefused(branch) ? await read() : first
  return isOpen(again)
    ? { pullRequest: first, open: { base, head: pullRequest.headSha }, branch }
    : { pullRequest: again, open: null, branch: unread }
}

const isOpen = (
  read: Seen<PullRequest>,
): read is Readonly<{ seen: 'present'; value: PullRequest }> =>
  read.seen === 'present' && read.value.state === 'open'

const isRefused = ({ detach, proof }: BranchState): boolean =>
  holds(detach, ({ status }) => status === 'refused') || (proof?.refusal ?? null) !== null
