import { readInput } from '../../adapters/files/read-input.ts'
import type { RepositoryApiOptions } from '../../adapters/github/repository-api.ts'
import type { Redactor } from '../../redact/redactor.ts'
import type { Surroundings } from '../../surroundings.ts'
import type { GitHubOptions } from './git-hub-options.ts'

/**
 * Reads the token and the certificate authority that the options name, for calls of GitHub's API; null where no repository and
 * token are named. Throws InputError FILE_UNREADABLE.
 */
export const apiOptionsFrom = async (
  { directory }: Pick<Surroundings, 'directory'>,
  { repository, tokenFile, apiUrl, caFile }: GitHubOptions,
  redactor: Redactor,
): Promise<RepositoryApiOptions | null> => {
  if (tokenFile === null || repository === null) return null
  const textOf = async (file: string): Promise<string> =>
    (await readInput(directory, file)).toString('utf8')
  const token = (await textOf(tokenFile)).trim()
  redactor.add(token)
  const { readAuthority } = await import('../../bot/read-authority.ts')
  const authority = caFile === null ? null : readAuthority(caFile, await textOf(caFile))
  return {
    ...{ apiUrl, repository, token: () => token, now: () => new Date(), authority },
    stopping: new AbortController().signal,
  }
}
