import { resolve } from 'node:path'
import { temporaryDirectory } from '../../adapters/files/temporary-directory.ts'
import { gitRepository } from '../../adapters/git/git-repository.ts'
import type { Base } from '../../operations/base.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import { fetchBase } from '../../operations/read-base.ts'
import type { Redactor } from '../../redact/redactor.ts'
import { during, type Surroundings } from '../../surroundings.ts'
import { apiOptionsFrom } from './api-options-from.ts'
import type { GitHubOptions } from './git-hub-options.ts'

/** The base branch as GitHub has it, and what opens a pull request against it. */
export type AtGitHub = Readonly<{ repository: Repository; pulls: PullRequests; base: Base }>

/**
 * Does a work at GitHub with a person's token, on a mirror that goes when it ends. False without a token and a repository: nothing
 * was done. Throws InputError FILE_UNREADABLE, what the work throws, and what git and GitHub throw.
 */
export const atGitHub = async (
  surroundings: Surroundings,
  options: GitHubOptions,
  { redactor, work }: Readonly<{ redactor: Redactor; work: (at: AtGitHub) => Promise<void> }>,
): Promise<boolean> => {
  const { directory, environment, progress } = surroundings
  const { tokenFile, apiUrl, gitUrl, branch } = options
  const api = await apiOptionsFrom(surroundings, options, redactor)
  if (api === null || tokenFile === null) return false
  const { repository: name, authority = null } = api
  const { gitUrlOf } = await import('../../bot/bot-options.ts')
  const { pullRequests } = await import('../../adapters/github/pull-requests.ts')
  const mirror = temporaryDirectory('sower-mirror-')
  try {
    const repository = gitRepository({
      url: gitUrlOf({ apiUrl, gitUrl: gitUrl ?? undefined, repository: name }),
      directory: mirror.directory,
      tokenFile: resolve(directory, tokenFile),
      path: environment['PATH'] ?? '',
      authority,
    })
    const pulls = pullRequests(api)
    const base = await during({ progress }, `fetching ${name}`, () =>
      fetchBase({ ports: { repository }, settings: { branch } }),
    )
    await during({ progress }, 'asking GitHub', () => work({ repository, pulls, base }))
    return true
  } finally {
    mirror.remove()
  }
}
