import { z } from 'zod'
import type { Account } from '../account.ts'
import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { emitPull, headRef } from './close-pull.ts'
import { followedRef } from './create-fork.ts'
import { parseBody, requireWrite, validationFailed } from '../refusal.ts'
import { checkText } from '../routes/check-text.ts'

const NewPull = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
})

const resource = 'PullRequest'

/** The branch's commit, or the 422 of a side that does not exist; a head may lie in a fork. */
const sideOf = async (
  host: Host,
  field: 'head' | 'base',
  name: string,
): Promise<PullRequest['head']> => {
  const [owner = '', branch = ''] = name.includes(':') ? name.split(':', 2) : [host.owner, name]
  const isOwner = (login: string): boolean => login.toLowerCase() === owner.toLowerCase()
  const found = field === 'head' ? [...host.state.forks].find(isOwner) : undefined
  const fork = isOwner(host.owner) ? null : found
  const sha =
    fork === undefined ? null : await host.repository.resolve(followedRef({ branch, fork }))
  if (sha === null || fork === undefined)
    throw validationFailed({ resource, field, code: 'invalid' })
  return { branch, sha, fork }
}

/** Throws what GitHub says to a second open pull request of the same branches, or to one that brings nothing. */
export const refusePointless = async (
  host: Host,
  sides: Pick<PullRequest, 'head' | 'base'>,
  self?: PullRequest,
): Promise<void> => {
  const { head, base } = sides
  const twin = [...host.state.pulls.values()].find(
    pull =>
      pull !== self &&
      pull.state === 'open' &&
      pull.head.branch === head.branch &&
      pull.head.fork === head.fork &&
      pull.base.branch === base.branch,
  )
  const refuse = (message: string): never => {
    throw validationFailed({ resource, code: 'custom', message })
  }
  if (twin) refuse(`A pull request already exists for ${head.fork ?? host.owner}:${head.branch}.`)
  const count = await host.repository.run(['rev-list', '--count', head.sha, `^${base.sha}`])
  if (Number(count) === 0) refuse(`No commits between ${base.branch} and ${head.branch}`)
  const shared = await host.repository.attempt(['merge-base', base.sha, head.sha])
  if (shared === null)
    refuse(`The ${head.branch} branch has no history in common with ${base.branch}`)
}

/** Opens a pull request from a branch of the repository, or of a fork. */
export const openPull = async (
  host: Host,
  account: Account,
  request: unknown,
): Promise<PullRequest> => {
  const wanted = parseBody(NewPull, request)
  checkText(resource, 'title', wanted.title, 256)
  if (wanted.body) checkText(resource, 'body', wanted.body)
  const base = await sideOf(host, 'base', wanted.base)
  const head = await sideOf(host, 'head', wanted.head)
  // Between branches of one private repository only its writers open pull requests.
  if (head.fork === null) requireWrite(account)
  await refusePointless(host, { head, base })
  const number = Math.max(0, ...host.state.pulls.keys()) + 1
  const pull: PullRequest = {
    number,
    id: host.nextId(),
    issueId: host.nextId(),
    user: account.login,
    title: wanted.title,
    body: wanted.body ?? null,
    state: 'open',
    draft: wanted.draft ?? false,
    locked: false,
    head,
    base: { branch: base.branch, sha: base.sha },
    labels: [],
    createdAt: host.now(),
    updatedAt: host.now(),
    closedAt: null,
    closedBy: null,
    merged: null,
    tested: null,
    measured: null,
  }
  await host.repository.run(['update-ref', headRef(number), head.sha])
  host.state.pulls.set(number, pull)
  host.tell('github', `${account.login} opened pull request #${number}: ${pull.title}`, {
    number,
    head: head.branch,
    base: base.branch,
  })
  await emitPull(host, pull, { action: 'opened', by: account })
  return pull
}
