import { createHash } from 'node:crypto'
import type { Tell } from '../world.ts'
import type { Account } from './account.ts'
import type { BareRepository } from './git/bare-repository.ts'
import type { Identities } from './create-identities.ts'
import type { GitHubState } from './github-state.ts'
import type { Identity } from './git/merged-tree.ts'

/** A commit that reached a branch, by push or by merge. */
export type PushedCommit = Readonly<{
  repository: string
  branch: string
  sha: string
  parents: readonly string[]
  author: string
  subject: string
  message: string
  trailers: Readonly<Record<string, string>>
  /** Login of the account that pushed or merged. */
  pusher: string
}>

/** Everything that the routes of the simulated GitHub share: one repository, its state, and whom to notify. */
export type Host = Readonly<{
  /** Base of the REST API, without a slash at the end. */
  url: string
  gitUrl: string
  owner: string
  name: string
  accounts: readonly Account[]
  /** Whose token is whose. */
  identities: Identities
  repository: BareRepository
  state: GitHubState
  requiredStatus: string | null
  createdAt: string
  /** It stands for a fork of the repository. */
  isFork?: boolean
  /** Now, in whole seconds, as GitHub writes it. */
  now: () => string
  nextId: () => number
  /** Sends a webhook event; repository and sender are added. */
  emit: (
    event: string,
    sender: Account,
    payload: Readonly<{ action?: string; [field: string]: unknown }>,
  ) => void
  tell: Tell
  onPush: (commits: readonly PushedCommit[]) => void
}>

/** URL of something in the repository, in the REST API. */
export const apiUrl = (host: Host, path = ''): string =>
  `${host.url}/repos/${host.owner}/${host.name}${path}`

/** URL of something in the repository, for a browser. */
export const webUrl = (host: Host, path = ''): string =>
  `${host.url}/${host.owner}/${host.name}${path}`

/** The id of an account: the same in every sandbox. */
export const userId = (login: string): number =>
  createHash('sha256').update(login.toLowerCase()).digest().readUIntBE(0, 3) + 1

/** The author of commits that an account makes through the API. */
export const identityOf = (login: string): Identity => ({
  name: login,
  email: `${userId(login)}+${login}@users.noreply.github.com`,
})

/** Finds the account of a login, whatever its case. */
export const accountOf = (host: Host, login: string): Account | undefined =>
  host.accounts.find(account => account.login.toLowerCase() === login.toLowerCase())
