import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import {
  recordVersion,
  seedPaths,
  writeRecord,
  type SeedRecord,
} from '../../core/detach/seed-record.ts'
import { isEnded } from '../../core/run/run.ts'
import { RefusedError, UnavailableError } from '../../errors.ts'
import type { Base } from '../base.ts'
import { checkChange } from './check-change.ts'
import { rootsOfChange } from './roots-of-change.ts'
import type { Context } from '../context.ts'
import { mergeConflict } from '../prove-merge.ts'
import type { Checkout } from '../ports/repository.ts'
import { authorise } from '../intake/authorise.ts'
import { openPullRequest } from '../intake/open-pull-request.ts'
import { refuseSharedBranch } from '../intake/refuse-shared-branch.ts'
import { requireHead } from '../intake/require-head.ts'
import type { Answer, Sender } from '../intake/sender.ts'

/**
 * Lets a pull request bring a detached cluster back, as `/seed reattach` asks: the record on its branch says who wants it and
 * of which head, in a commit of Sower's, and the check of that commit may be green. A later commit needs another word. Throws
 * RefusedError; UnavailableError GITHUB_FAILED where nobody knows what else a push to the branch reaches.
 */
export const confirmReattach = async (
  context: Context,
  from: Sender,
  { cluster, sha }: Readonly<{ cluster: string; sha?: string }>,
): Promise<Answer> => {
  const base = await authorise(context, from, 'reattach')
  const { confirmations, repository, runs } = context.ports
  const { pullRequest, sender: by, key } = from
  const { headSha, branch } = await openPullRequest(context, base.config, pullRequest)
  const known = confirmations.list().some(one => one.key === key && one.headSha === headSha)
  if (known) return confirmed(cluster, headSha)
  requireHead(context, from, { head: headSha, sha })
  const run = await runs.get(cluster)
  if (run && !isEnded(run.phase))
    throw new RefusedError(
      'RUN_EXISTS',
      `bringing ${cluster} back: a run of it is under way in #${run.request.pullRequest} (${run.phase})`,
      { fix: 'wait for its end, or comment `/seed abort` there' },
    )
  const merged = await repository.merge(base.checkout.sha, headSha)
  if (!merged) throw mergeConflict(headSha)
  await refuseUnlessBack(context, { base, merged, cluster, pullRequest })
  const committed = await repository.commit({
    onto: headSha,
    message: `Reattach ${cluster}\n\n${by} said in #${pullRequest} that it is meant to come back.\n`,
    changes: [
      {
        path: seedPaths(base.config.directory, cluster).record,
        content: recordOfReattach(base, merged, { cluster, by, head: headSha }),
      },
    ],
  })
  const use = await refuseSharedBranch(context, base.config, branch)
  if (use.seen !== 'present')
    throw new UnavailableError(
      'GITHUB_FAILED',
      `looking at the branch ${branch}: it is not known what else a push to it reaches`,
      { retryAt: new Date(context.now().getTime() + 30_000).toISOString() },
    )
  // Before the push: once it is there, nobody has to say it again.
  confirmations.add({ key, pullRequest, cluster, headSha: committed, by })
  if (committed !== headSha) await repository.push(committed, branch)
  return confirmed(cluster, committed)
}

const confirmed = (cluster: string, headSha: string): Answer => ({
  text: `${cluster} may come back with ${headSha.slice(0, 12)}, and its record says so: its host may be reinstalled once this is merged. After another commit, write the command again.`,
  code: null,
})

const refuseUnlessBack = async (
  { ports }: Context,
  {
    base,
    merged,
    cluster,
    pullRequest,
  }: Readonly<{ base: Base; merged: Checkout; cluster: string; pullRequest: number }>,
): Promise<void> => {
  const sides = { before: base.checkout, after: merged }
  const found = await checkChange(ports.kustomize, { ...sides, ...rootsOfChange(sides) })
  if (found.some(one => one.cluster === cluster && one.change === 'comes-back')) return
  throw new RefusedError(
    'REQUEST_INVALID',
    `reading #${pullRequest}: it does not bring back ${cluster}, or the repository does not say that it is detached`,
    {
      fix: 'comment on the pull request that does, with the name that the check `sower/check` shows',
    },
  )
}

/** The record as it was, where it can be read, with who brings the cluster back. */
const recordOfReattach = (
  { checkout, config: { directory } }: Base,
  merged: Checkout,
  { cluster, by, head }: Readonly<{ cluster: string; by: string; head: string }>,
): string => {
  const before =
    readRecordIfValid(merged.tree, { directory, cluster }) ??
    readRecordIfValid(checkout.tree, { directory, cluster }) ??
    blank(cluster)
  return writeRecord({
    ...{ ...before, apiVersion: recordVersion, status: 'reattached', detached: null },
    reattached: { by, head },
  })
}

const blank = (cluster: string): SeedRecord => ({
  ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster, image: null, status: 'reattached' },
  ...{ request: null, pullRequest: null, mergedAs: null, detached: null },
  ...{ digest: null, finishedAt: null },
})
