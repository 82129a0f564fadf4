import { z } from 'zod'
import type { Account } from '../account.ts'
import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { emitPull, headRef } from './close-pull.ts'
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

/** The branch's commit, or the 422 of a side that does not exist. */
const sideOf = async (
  host: Host,
  field: 'head' | 'base',
  name: string,
): Promise<Readonly<{ branch: string; sha: string }>> => {
  const [owner, branch] = name.includes(':') ? name.split(':', 2) : [host.owner, name]
  const isHere = owner?.toLowerCase() === host.owner.toLowerCase()
  const sha = isHere ? await host.repository.resolve(`refs/heads/${branch ?? ''}`) : null
  if (sha === null || branch === undefined)
    throw validationFailed({ resource, field, code: 'invalid' })
  return { branch, sha }
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
      pull.base.branch === base.branch,
  )
  const refuse = (message: string): never => {
    throw validationFailed({ resource, code: 'custom', message })
  }
  if (twin) refuse(`A pull request already exists for ${host.owner}:${head.branch}.`)
  const count = await host.repository.run(['rev-list', '--count', head.sha, `^${base.sha}`])
  if (Number(count) === 0) refuse(`No commits between ${base.branch} and ${head.branch}`)
  const shared = await host.repository.attempt(['merge-base', base.sha, head.sha])
  if (shared === null)
    refuse(`The ${head.branch} branch has no history in common with ${base.branch}`)
}

/** Opens a pull request between two branches of the repository. */
export const openPull = async (
  host: Host,
  account: Account,
  request: unknown,
): Promise<PullRequest> => {
  // Between branches of one private repository only its writers open pull requests.
  requireWrite(account)
  const wanted = parseBody(NewPull, request)
  checkText(resource, 'title', wanted.title, 256)
  if (wanted.body) checkText(resource, 'body', wanted.body)
  const base = await sideOf(host, 'base', wanted.base)
  const head = await sideOf(host, 'head', wanted.head)
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
    base,
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
