import { z } from 'zod'
import { absent, present, type Seen } from '../../core/seen.ts'
import type { PullRequest } from '../../operations/ports/forge.ts'
import { issueEvents } from './issue-events.ts'
import { pullRequestAnswer } from './pull-request-answer.ts'
import type { RepositoryApi } from './repository-api.ts'

const repository = z.looseObject({ id: z.number() })
const listed = z.looseObject({
  number: z.number(),
  state: z.enum(['open', 'closed']),
  head: z.looseObject({ ref: z.string(), repo: repository.nullish() }),
  base: z.looseObject({ ref: z.string(), repo: repository }),
})

/**
 * The number of the open pull request from a branch of this repository against a base, else of the newest one. Throws
 * UnavailableError where GitHub sends us somewhere else.
 */
export const findPullRequest = async (
  { see, owner }: Pick<RepositoryApi, 'see' | 'owner'>,
  { branch, base }: Readonly<{ branch: string; base: string }>,
): Promise<Seen<number>> => {
  const found = await see(
    {
      activity: `looking for the pull request from ${branch}`,
      route: 'GET /pulls',
      // Newest first; GitHub compares the head without case, and an owner may have forks.
      parameters: { state: 'all', head: `${owner()}:${branch}`, base, per_page: 100 },
      isAboutToken: true,
    },
    z.array(listed),
  )
  if (found.seen !== 'present') return found
  const ours = found.value.filter(
    ({ head, base: to }) => head.ref === branch && to.ref === base && head.repo?.id === to.repo.id,
  )
  const [first] = [...ours.filter(({ state }) => state === 'open'), ...ours]
  return first ? present(first.number) : absent
}

/** Reads a pull request. Throws UnavailableError where GitHub sends us somewhere else. */
export const readPullRequest = async (
  api: RepositoryApi,
  number: number,
): Promise<Seen<PullRequest>> => {
  const read = await api.see(
    {
      activity: `reading pull request ${number}`,
      route: 'GET /pulls/{number}',
      parameters: { number },
    },
    pullRequestAnswer.refine(answer => answer.number === number),
  )
  if (read.seen !== 'present' || read.value.state !== 'merged' || read.value.mergedAs !== null)
    return read
  // Where the API leaves the commit out, the event of the merge has it.
  const merged = (await issueEvents(api, number)).findLast(({ event }) => event === 'merged')
  return present({ ...read.value, mergedAs: merged?.commit_id ?? null })
}
