import type { DetachState } from '../../core/run/observation.ts'
import { isAdopted } from '../../core/run/detaching/is-adopted.ts'
import type { Run } from '../../core/run/run.ts'
import { present, type Seen } from '../../core/seen.ts'
import { SowerError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Base } from '../base.ts'
import { isListed } from '../names/is-listed.ts'
import { openListsAt } from '../repair/open-lists-at.ts'
import { proveMerge } from '../prove-merge.ts'
import type { BranchState } from './branch-state.ts'
import { observeAdoption } from './observe-adoption.ts'
import { refuseDraft, refuseUnlessOurs } from '../intake/refuse-unless-ours.ts'
import { refuseUnlessSeed } from '../../core/settings/refuse-unless-seed.ts'
import type { PullRequest } from '../ports/forge.ts'
import { readRecordAt } from '../../core/detach/read-record-at.ts'

const refused = (error: SowerError): DetachState => ({
  status: 'refused',
  code: error.code,
  reason: error.message,
  fix: error.fix ?? 'fix it; Sower looks at the branch again by itself',
})

/**
 * Looks at the branch of a pull request: still to be edited (then the edit is made and proven, unpushed),
 * edited, or refused. What is refused is a value; only an unreachable git throws.
 */
export const observeBranch = async (
  context: Context,
  { base, run, pullRequest }: Readonly<{ base: Base; run: Run; pullRequest: PullRequest }>,
): Promise<BranchState> => {
  const { repository } = context.ports
  const { cluster } = run.request
  try {
    refuseUnlessOurs(context, base.config, pullRequest)
    refuseUnlessSeed(base.config, cluster)
    refuseDraft(pullRequest)
    if (isAdopted(run)) return await observeAdoption(context, { base, run, pullRequest })
    const { config, checkout } = base
    const { directory } = config
    const head = await repository.checkout(pullRequest.headSha)
    const record = readRecordAt(head.tree, { directory, cluster })
    const { edits: repairs } = await openListsAt(repository, head, config.roots)
    const isEdited =
      repairs.length === 0 &&
      !(await isListed(context, head, { config, cluster })) &&
      record?.request === run.request.key &&
      record.status === 'detached'
    if (!isEdited) {
      const { proof, sha } = await context.detachCommits(run.request, { onto: head, base })
      return {
        detach: present({ status: 'detachable', commit: sha }),
        proof,
        diff: await repository.diff(head.sha, sha),
      }
    }
    const proof = await proveMerge(
      { repository, prove: context.prove },
      { base: checkout, head: head.sha, config, cluster },
    )
    return {
      detach: present({ status: 'detached' }),
      proof,
      diff: await repository.diff(checkout.sha, head.sha),
    }
  } catch (error) {
    if (error instanceof SowerError && error.exitCode !== 75)
      return { detach: present(refused(error)), proof: null, diff: null }
    throw error
  }
}

/** After the merge: whether the base branch still holds the merge and does not list the cluster. */
export const observeDetachHolds = async (
  context: Context,
  { base, run }: Readonly<{ base: Base; run: Run }>,
): Promise<Seen<boolean>> => {
  const { mergedAs } = run.facts
  const contains =
    mergedAs !== null && (await context.ports.repository.isAncestor(mergedAs, base.checkout.sha))
  const { cluster } = run.request
  return present(
    contains && !(await isListed(context, base.checkout, { config: base.config, cluster })),
  )
}
