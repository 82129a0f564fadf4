import type { OwnResult, OwnStep } from '../../core/run/own/own-changes.ts'
import type { Run, Sha } from '../../core/run/run.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import type { PullRequest } from '../ports/forge.ts'

/** An open pull request from the branch of a step, and what the step brings now, as a commit on the base. */
type Own = Readonly<{ pullRequest: PullRequest; run: Run; step: OwnStep; planned: Sha }>

/**
 * Merges a pull request of Sower's own that is as Sower made it: opened by its account, headed by the commit that it pushed,
 * and changing exactly what the step brings. What holds it up is kept for people to see. Throws what git and GitHub throw.
 */
export const mergeOwn = async (context: Context, base: Base, own: Own): Promise<OwnResult> => {
  const { step, pullRequest } = own
  const { number, headSha: head } = pullRequest
  const doubt = await doubtIn(context, base, own)
  const refusal = doubt ?? (await context.ports.pulls.merge({ number, head }))
  return { step, refusal }
}

const doubtIn = async (
  { ports: { forge, repository }, settings }: Context,
  { checkout }: Base,
  { pullRequest, run, step, planned }: Own,
): Promise<string | null> => {
  if (pullRequest.by !== (await forge.login()))
    return 'Sower did not open it, so a person merges it'
  if (pullRequest.isFork || pullRequest.base !== settings.branch)
    return 'it is not against the base branch, so a person merges it'
  if (pullRequest.headSha !== run.facts.own?.heads[step])
    return 'Sower does not know its head as its own last push, so a person merges it'
  const merged = await repository.merge(checkout.sha, pullRequest.headSha)
  const changes = merged && (await repository.diff(checkout.sha, merged.sha))
  return changes === (await repository.diff(checkout.sha, planned))
    ? null
    : 'merging it would change something else than is planned now, so a person merges it'
}
