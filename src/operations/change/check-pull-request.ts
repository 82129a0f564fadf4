import type { Checked } from '../../core/report/check-status.ts'
import type { ClusterChange } from '../../core/report/change-report.ts'
import { InputError, RefusedError } from '../../errors.ts'
import type { Kustomize } from '../ports/kustomize.ts'
import type { OpenChange, OpenChanges } from '../ports/pull-requests.ts'
import type { Repository } from '../ports/repository.ts'
import { mergeConflict } from '../prove-merge.ts'
import { checkChange } from './check-change.ts'
import { rootsOfChange } from './roots-of-change.ts'
import { mayTouch } from './touched-roots.ts'

/** The means to check a change. */
export type Checking = Readonly<{
  repository: Pick<Repository, 'checkout' | 'merge' | 'mergedPaths'>
  kustomize: Pick<Kustomize, 'build'>
  changes: Pick<OpenChanges, 'files'>
}>

/** The change that is checked: a pull request, or a group of them in a merge queue, whose commit is in the clone also where one is from a fork. */
export type ToCheck = Pick<OpenChange, 'headSha' | 'isFork'> & Readonly<{ number: number | null }>

/**
 * Tells what happens to clusters if a change is merged into `base`, a commit. One that touches nothing that a root
 * reaches costs no checkout and no render; of a fork nothing else is looked at. A detached cluster comes back as announced
 * only where its record says so and somebody who may has said so of this head. Refusals are what it came to; throws what is
 * no answer.
 */
export const checkPullRequest = async (
  checking: Checking,
  {
    base,
    change,
    isConfirmed,
  }: Readonly<{ base: string; change: ToCheck; isConfirmed: (cluster: string) => boolean }>,
): Promise<Checked> => {
  try {
    const found = await clustersIn(checking, base, change)
    return {
      clusters: found.map(of =>
        of.change === 'leaves' || isConfirmed(of.cluster) ? of : { ...of, announced: false },
      ),
    }
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof InputError)) throw error
    return { code: error.code, reason: error.message, fix: error.fix ?? null }
  }
}

const clustersIn = async (
  { repository, kustomize, changes }: Checking,
  base: string,
  { number, headSha, isFork }: ToCheck,
): Promise<readonly ClusterChange[]> => {
  const before = await repository.checkout(base)
  const asked = rootsOfChange({ before })
  const changed =
    isFork && number !== null
      ? await changes.files(number)
      : await repository.mergedPaths(base, headSha)
  if (changed && !mayTouch(before.tree, changed, asked)) return []
  if (isFork)
    throw new RefusedError(
      'FORK_NOT_RENDERED',
      `checking ${number === null ? 'a merge queue' : `#${number}`}: it is from a fork and changes what a root renders; Sower renders nothing of a fork`,
      { fix: 'after a review, push its commits to a branch of this repository' },
    )
  const after = changed && (await repository.merge(base, headSha))
  if (!after) throw mergeConflict(headSha)
  return checkChange(kustomize, { before, after, changed, ...rootsOfChange({ before, after }) })
}
