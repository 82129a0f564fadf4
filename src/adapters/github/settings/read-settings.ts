import { z } from 'zod'
import type { SettingsOnGitHub } from '../../../core/doctor/installation.ts'
import { checkContext } from '../../../core/report/check-status.ts'
import { mapSeen, present, unknown, type Seen } from '../../../core/seen.ts'
import { SowerError, UnavailableError } from '../../../errors.ts'
import { openChanges } from '../changes/open-changes.ts'
import type { RepositoryApi } from '../repository-api.ts'

const repositoryShape = z.looseObject({
  id: z.number(),
  archived: z.boolean().default(false),
  permissions: z.looseObject({ push: z.boolean() }).optional(),
})

/**
 * Reads what GitHub says of a repository's settings to a token ("Get a repository", "List repository webhooks", "Get a branch", "Get
 * rules for a branch"); writes nothing. No answer is one of
 * the answers.
 */
export const readSettings = async (
  api: Pick<RepositoryApi, 'ask' | 'see'>,
  { repository, branch }: Readonly<{ repository: string; branch: string }>,
): Promise<SettingsOnGitHub> => {
  const access = await api.see(
    { activity: `reading ${repository}`, route: 'GET ' },
    repositoryShape,
  )
  const hooks = await api.see(
    { activity: 'listing the webhooks', route: 'GET /hooks', parameters: { per_page: 100 } },
    z.array(z.unknown()),
  )
  return {
    ...{ repository, branch },
    access: mapSeen(access, ({ archived, permissions }) => ({
      ...{ isArchived: archived, mayPush: permissions?.push === true },
    })),
    // GitHub hides them with a 404.
    hooks: hooks.seen === 'absent' ? unknown('forbidden') : hooks,
    isRequired: await requiredOn(api, branch),
  }
}

const requiredOn = async (
  api: Pick<RepositoryApi, 'ask'>,
  branch: string,
): Promise<Seen<boolean>> => {
  try {
    return present(await openChanges(api).requires(branch, checkContext))
  } catch (error) {
    if (error instanceof UnavailableError) return unknown('unreachable')
    if (error instanceof SowerError) return unknown('forbidden')
    throw error
  }
}
