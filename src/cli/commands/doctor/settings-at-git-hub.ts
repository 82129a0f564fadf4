import { readInput } from '../../../adapters/files/read-input.ts'
import type { SettingsOnGitHub } from '../../../core/doctor/installation.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import type { GitHubOptions } from '../../clone/git-hub-options.ts'

/**
 * Reads the repository's settings on GitHub with a token; null where no repository and token are named. Throws InputError
 * FILE_UNREADABLE.
 */
export const settingsAtGitHub = async (
  { directory }: Surroundings,
  { repository, tokenFile, apiUrl, caFile, branch }: GitHubOptions,
  redactor: Redactor,
): Promise<SettingsOnGitHub | null> => {
  if (repository === null || tokenFile === null) return null
  const textOf = async (file: string): Promise<string> =>
    (await readInput(directory, file)).toString('utf8')
  const token = (await textOf(tokenFile)).trim()
  redactor.add(token)
  const { readAuthority } = await import('../../../bot/read-authority.ts')
  const { createRepositoryApi } = await import('../../../adapters/github/repository-api.ts')
  const { readSettings } = await import('../../../adapters/github/settings/read-settings.ts')
  const authority = caFile === null ? null : readAuthority(caFile, await textOf(caFile))
  const api = createRepositoryApi({
    ...{ apiUrl, repository, token: () => token, now: () => new Date(), authority },
    stopping: new AbortController().signal,
  })
  return readSettings(api, { repository, branch })
}
