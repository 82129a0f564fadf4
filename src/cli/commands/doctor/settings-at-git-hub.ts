import type { SettingsOnGitHub } from '../../../core/doctor/installation.ts'
import type { Redactor } from '../../../redact/redactor.ts'
import type { Surroundings } from '../../../surroundings.ts'
import { apiOptionsFrom } from '../../clone/api-options-from.ts'
import type { GitHubOptions } from '../../clone/git-hub-options.ts'

/**
 * Reads the repository's settings on GitHub with a token; null where no repository and token are named. Throws InputError
 * FILE_UNREADABLE.
 */
export const settingsAtGitHub = async (
  surroundings: Surroundings,
  options: GitHubOptions,
  redactor: Redactor,
): Promise<SettingsOnGitHub | null> => {
  const api = await apiOptionsFrom(surroundings, options, redactor)
  if (api === null) return null
  const { createRepositoryApi } = await import('../../../adapters/github/repository-api.ts')
  const { readSettings } = await import('../../../adapters/github/settings/read-settings.ts')
  const { repository } = api
  return readSettings(createRepositoryApi(api), { repository, branch: options.branch })
}
