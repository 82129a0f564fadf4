import { z } from 'zod'
import type { MergeGroup } from '../../../operations/ports/pull-requests.ts'
import { valueOf, type RepositoryApi } from '../repository-api.ts'

const sha = z.string().regex(/^[0-9a-f]{40,64}$/)
const reference = z.looseObject({ ref: z.string(), object: z.looseObject({ sha }) })

/**
 * Reads the groups of a branch's merge queue ("List matching references"). Their branches are called
 * `gh-readonly-queue/<base>/pr-<number>-<the commit below>`; a group on top of another one merges the pull requests of both. Throws
 * UnavailableError GITHUB_FAILED without an answer, FailedError GITHUB_FAILED for GitHub's no.
 */
export const mergeGroups = async (
  { ask }: Pick<RepositoryApi, 'ask'>,
  base: string,
): Promise<readonly MergeGroup[]> => {
  const prefix = `refs/heads/gh-readonly-queue/${base}/`
  const answer = await ask(
    {
      activity: `reading the merge queue of ${base}`,
      route: 'GET /git/matching-refs/{ref}',
      parameters: { ref: prefix.slice('refs/'.length), per_page: 100 },
    },
    z.array(reference),
  )
  if (answer.got === 'missing') return []
  const groups = valueOf(answer).flatMap(({ ref, object }) => {
    const [, number, below] =
      /^pr-(\d{1,15})-([0-9a-f]{40,64})$/.exec(ref.slice(prefix.length)) ?? []
    return ref.startsWith(prefix) && number !== undefined && below !== undefined
      ? [
          {
            branch: ref.slice('refs/heads/'.length),
            headSha: object.sha,
            number: Number(number),
            below,
          },
        ]
      : []
  })
  const membersOf = (below: string, seen: readonly string[]): readonly number[] => {
    const under = groups.find(({ headSha }) => headSha === below)
    return under && !seen.includes(below)
      ? [...membersOf(under.below, [...seen, below]), under.number]
      : []
  }
  return groups.map(({ branch, headSha, number, below }) => ({
    ...{ branch, headSha, pullRequests: [...membersOf(below, [headSha]), number] },
  }))
}
