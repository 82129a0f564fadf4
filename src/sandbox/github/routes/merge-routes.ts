import { z } from 'zod'
import type { Account } from '../account.ts'
import { announceMoves } from '../git/moves-between.ts'
import { requiredResult } from '../shapes/combined-state.ts'
import { listCommits } from '../git/list-commits.ts'
import { findPull } from '../pulls/find-pull.ts'
import { identityOf, type Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { commitTree, mergedTree, webFlow } from '../git/merged-tree.ts'
import { markMerged } from '../pulls/close-pull.ts'
import { parseBody, Refusal, requireWrite } from '../refusal.ts'
import type { Route } from '../route.ts'

const Merge = z.object({
  commit_title: z.string().nullish(),
  commit_message: z.string().nullish(),
  sha: z.string().nullish(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
})

type Wanted = z.output<typeof Merge>

const refuseMerge = (host: Host, pull: PullRequest, wanted: Wanted): void => {
  if (wanted.merge_method === 'rebase')
    throw new Refusal(405, 'Rebase merges are not allowed on this repository.')
  if (pull.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable')
  if (pull.draft) throw new Refusal(405, 'Pull Request is still a draft')
  if (wanted.sha && wanted.sha !== pull.head.sha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
  if (host.requiredStatus === null) return
  const result = requiredResult(host.state, pull.head.sha, host.requiredStatus) ?? 'expected'
  if (result !== 'success')
    throw new Refusal(405, `Required status check "${host.requiredStatus}" is ${result}.`)
}

/** Title and message of the commit, with GitHub's defaults for what the caller left out. */
const messageOf = async (host: Host, pull: PullRequest, wanted: Wanted): Promise<string> => {
  const { number, title, head, base } = pull
  const paragraphs = (first: string, rest: string): string => `${first}\n\n${rest}`.trimEnd()
  if (wanted.merge_method === 'merge')
    return paragraphs(
      wanted.commit_title ?? `Merge pull request #${number} from ${host.owner}/${head.branch}`,
      wanted.commit_message ?? title,
    )
  const commits = await listCommits(host.repository, [head.sha, `^${base.sha}`])
  const [only] = commits
  const [subject = '', ...body] = commits.length === 1 && only ? only.message.split('\n') : []
  const bullets = commits.map(commit => `* ${commit.message}`).join('\n\n')
  return paragraphs(
    wanted.commit_title ?? `${subject || title} (#${number})`,
    wanted.commit_message ?? (subject ? body.join('\n').trim() : bullets),
  )
}

const merge = async (
  host: Host,
  pull: PullRequest,
  by: Account,
  wanted: Wanted,
): Promise<string> => {
  const { repository } = host
  const { branch } = pull.base
  const base = await repository.resolve(`refs/heads/${branch}`)
  const head = pull.head.sha
  const tree = base === null ? null : await mergedTree(repository, { base, head })
  if (base === null || tree === null) throw new Refusal(405, 'Pull Request is not mergeable')
  const isSquash = wanted.merge_method === 'squash'
  const sha = await commitTree(repository, {
    tree,
    parents: isSquash ? [base] : [base, head],
    message: await messageOf(host, pull, wanted),
    author: identityOf(isSquash ? pull.user : by.login),
    committer: webFlow,
  })
  await repository.moveRef({ ref: `refs/heads/${branch}`, from: base, to: sha })
  await markMerged(host, pull, { by, as: sha })
  await announceMoves(host, [{ branch, from: base, to: sha }], by)
  return sha
}

/** Merging, and whether it has been done. */
export const mergeRoutes = (host: Host): readonly Route[] => [
  {
    method: 'PUT',
    path: '/repo/pulls/:number/merge',
    handle: async call => {
      const pull = findPull(host, call)
      requireWrite(call.account)
      const wanted = parseBody(Merge, call.body ?? {})
      refuseMerge(host, pull, wanted)
      const sha = await merge(host, pull, call.account, wanted)
      return {
        status: 200,
        body: { sha, merged: true, message: 'Pull Request successfully merged' },
      }
    },
  },
  {
    method: 'GET',
    path: '/repo/pulls/:number/merge',
    handle: call => {
      if (findPull(host, call).merged === null) throw new Refusal(404, 'Not Found')
      return { status: 204 }
    },
  },
]
