import { join } from 'node:path'
import { gitRepository } from '../../adapters/git/git-repository.ts'
import { InputError } from '../../errors.ts'
import type { Feed } from '../../operations/ports/inbox.ts'
import type { Ports } from '../../operations/ports/ports.ts'
import type { OpenChanges } from '../../operations/ports/pull-requests.ts'
import type { RunStore } from '../../operations/ports/run-store.ts'
import { gitUrlOf, type BotOptions } from '../bot-options.ts'
import { composeGitHub, type AroundGitHub } from '../github/compose-git-hub.ts'
import { composeByGit } from './compose-by-git.ts'
import type { Alone } from './drive-alone.ts'

type Around = AroundGitHub &
  Readonly<{
    alone: Pick<Alone, 'cluster' | 'pullRequest' | 'byGit'> | null
    /** Directories for finding git. */
    path: string
    /** The socket of the person's ssh agent; null: none. */
    agent: string | null
  }>

/** The way to the repository, and to the people who look at it. */
type Way = Pick<Ports, 'repository' | 'forge' | 'pulls'> &
  Readonly<{
    feed: Feed
    /** Null without a forge, which knows nothing of other pull requests. */
    changes: OpenChanges | null
  }>

/**
 * Composes GitHub with its repository, or git alone. All files are read at once; the mirror is opened by the function that it
 * returns. Throws InputError as `composeGitHub`, and ARGUMENT_INVALID for git alone without a number.
 */
export const composeWay = (
  data: BotOptions,
  { alone, path, agent, ...around }: Around,
): ((runs: RunStore) => Way) => {
  const { authority, at } = around
  const url = gitUrlOf(data)
  const mirror = { url, directory: join(around.data, 'git'), authority, path }
  const { byGit, pullRequest, cluster } = alone ?? {}
  if (!byGit || cluster === undefined) {
    const { withToken, tokenFile, ...gitHub } = composeGitHub(data, around)
    return () => ({ ...gitHub, repository: withToken(gitRepository({ ...mirror, tokenFile })) })
  }
  if (pullRequest === undefined || pullRequest === null)
    throw new InputError('ARGUMENT_INVALID', 'reading --pull-request: it is needed with --head', {
      fix: 'give the number of the pull or merge request of that branch; where the server has none, any number of your own',
    })
  if (data.tokenFile !== undefined) around.secret(data.tokenFile)
  const tokenFile = data.tokenFile === undefined ? null : at(data.tokenFile)
  return runs => {
    const repository = gitRepository({ ...mirror, tokenFile, agent })
    const { branch } = data
    const of = { cluster, pullRequest, repository, runs, branch, url, path, now: around.now }
    return { ...composeByGit(byGit, { ...of, data: around.data }), changes: null }
  }
}
