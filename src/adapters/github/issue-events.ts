import { z } from 'zod'
import { UnavailableError } from '../../errors.ts'
import { readPages, type RepositoryApi } from './repository-api.ts'

const issueEvent = z.looseObject({
  id: z.number(),
  event: z.string(),
  created_at: z.string(),
  actor: z.looseObject({ login: z.string().min(1), type: z.string() }).nullish(),
  commit_id: z.string().nullish(),
  label: z.looseObject({ name: z.string() }).nullish(),
})

/** Something that was done to a pull request: by whom, and when. */
export type IssueEvent = z.infer<typeof issueEvent>

const mostPages = 20

/**
 * Reads all that was done to a pull request, oldest first ("List issue events"). Throws what the answer throws, and
 * UnavailableError GITHUB_FAILED for more than 2000 events.
 */
export const issueEvents = async (
  { ask }: Pick<RepositoryApi, 'ask'>,
  number: number,
): Promise<readonly IssueEvent[]> => {
  const activity = `reading what was done to #${number}`
  const call = { activity, route: 'GET /issues/{number}/events', parameters: { number } }
  const all = await readPages({ ask }, call, { shape: issueEvent, most: mostPages })
  if (all) return all
  throw new UnavailableError(
    'GITHUB_FAILED',
    `${activity}: GitHub gave more than ${mostPages} pages`,
    { fix: 'open a new pull request' },
  )
}
