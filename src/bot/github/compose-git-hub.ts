import { join } from 'node:path'
import { writeWhole } from '../../adapters/files/write-whole.ts'
import { createAppTokens, refuseUnlessKey } from '../../adapters/github/app-tokens.ts'
import { createGitHubClient } from '../../adapters/github/git-hub-client.ts'
import { gitHub } from '../../adapters/github/git-hub.ts'
import { openChanges } from '../../adapters/github/changes/open-changes.ts'
import { gitHubFeed } from '../../adapters/github/git-hub-feed.ts'
import { pullRequests } from '../../adapters/github/pull-requests.ts'
import { createRepositoryApi } from '../../adapters/github/repository-api.ts'
import type { Feed } from '../../operations/ports/inbox.ts'
import type { OpenChanges } from '../../operations/ports/pull-requests.ts'
import type { Forge } from '../../operations/ports/forge.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import type { Repository } from '../../operations/ports/repository.ts'
import type { BotOptions } from '../bot-options.ts'

/** The parts of a bot that reach GitHub. */
export type AroundGitHub = Readonly<{
  /** Reads a secret in a file that an option names, and conceals it. */
  secret: (file: string) => string
  /** The path of a file that an option names. */
  at: (file: string) => string
  /** The data directory. */
  data: string
  /** A certificate authority beside the built-in ones, PEM; null: none. */
  authority: string | null
  conceal: (value: string) => void
  stopping: AbortSignal
  renamed: (to: string) => void
  now: () => Date
}>

/** GitHub, and the way in that git takes. */
type OnGitHub = Readonly<{
  forge: Forge
  pulls: PullRequests
  feed: Feed
  changes: OpenChanges
  /** The file that git reads its token from. */
  tokenFile: string
  /** A repository whose token is good before git asks for it. */
  withToken: (repository: Repository) => Repository
}>

/**
 * Composes GitHub with a token from a file, which is read again for each call, or with an App, whose tokens end within the
 * hour. Throws InputError FILE_UNREADABLE for a file that cannot be read or holds no key.
 */
export const composeGitHub = (
  { apiUrl, repository, tokenFile, appId, appKeyFile = '' }: BotOptions,
  { secret, at, data, authority, conceal, stopping, renamed, now }: AroundGitHub,
): OnGitHub => {
  const common = { apiUrl, repository, authority, stopping, now, renamed }
  if (appId === undefined) {
    const file = tokenFile ?? ''
    const options = { ...common, token: rereading(() => secret(file)) }
    const api = createRepositoryApi(options)
    return {
      forge: gitHub(options, api),
      pulls: pullRequests(options, api),
      feed: gitHubFeed(api, now),
      changes: openChanges(api),
      tokenFile: at(file),
      withToken: repository => repository,
    }
  }
  const key = rereading(() => secret(appKeyFile))
  refuseUnlessKey(key())
  const app = createAppTokens({ ...common, appId, key, conceal })
  const ofGit = join(data, 'git-token')
  let written = ''
  const token = async (): Promise<string> => {
    const good = await app.token()
    // For git, which asks for it by itself; the data directory is for the bot alone.
    if (good !== written) writeWhole(ofGit, good, { mode: 0o600 })
    written = good
    return good
  }
  const asMember = createGitHubClient({ ...common, token: app.memberToken })
  const options = { ...common, token, app: { login: app.login, asMember } }
  const api = createRepositoryApi(options)
  return {
    forge: gitHub(options, api),
    pulls: pullRequests(options, api),
    feed: gitHubFeed(api, now),
    changes: openChanges(api),
    tokenFile: ofGit,
    withToken: repository => ({
      ...repository,
      fetch: async () => {
        await token()
        await repository.fetch()
      },
      push: async (sha, branch) => {
        await token()
        await repository.push(sha, branch)
      },
    }),
  }
}

/** Reads a value again each time; while it cannot be read, as when it is being replaced, the last one counts. */
const rereading = (read: () => string): (() => string) => {
  let last = read()
  return () => {
    try {
      last = read() || last
    } catch {
      // The last one.
    }
    return last
  }
}
