import { z } from 'zod'
import type { GitHubClient } from '../git-hub-client.ts'
import { valueOf } from '../repository-api.ts'

/**
 * Tells whether somebody is in a team, child teams included ("Get team membership for a user"). GitHub answers 404 for
 * a team that the token may not see as well: then nobody is in it. Throws FailedError or UnavailableError GITHUB_FAILED.
 */
export const isTeamMember = async (
  { ask }: Pick<GitHubClient, 'ask'>,
  { organization, team, login }: Readonly<{ organization: string; team: string; login: string }>,
): Promise<boolean> => {
  const found = await ask(
    {
      activity: `reading whether ${login} is in the team ${team}`,
      route: 'GET /orgs/{organization}/teams/{team}/memberships/{login}',
      parameters: { organization, team, login },
    },
    z.looseObject({ state: z.enum(['active', 'pending']) }),
  )
  return found.got !== 'missing' && valueOf(found).state === 'active'
}
