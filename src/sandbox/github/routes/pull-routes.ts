import { z } from 'zod'
import { changedFiles } from '../git/changed-files.ts'
import { changedFileShape, commitShape } from '../shapes/commit-shape.ts'
import { listCommits } from '../git/list-commits.ts'
import { editPull } from '../pulls/edit-pull.ts'
import { findPull } from '../pulls/find-pull.ts'
import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { openPull } from '../pulls/open-pull.ts'
import { testMerge } from '../pulls/close-pull.ts'
import { pullDetail, pullSummary, startOf } from '../shapes/pull-detail.ts'
import { parseBody, requireWrite } from '../refusal.ts'
import type { Route } from '../route.ts'

const ListQuery = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  head: z.string().optional(),
  base: z.string().optional(),
  sort: z.enum(['created', 'updated', 'popularity', 'long-running']).default('created'),
  direction: z.enum(['asc', 'desc']).optional(),
})

const listPulls = (host: Host, query: URLSearchParams): readonly PullRequest[] => {
  const wanted = parseBody(ListQuery, Object.fromEntries(query))
  // `created` alone counts down by default.
  const direction = wanted.direction ?? (wanted.sort === 'created' ? 'desc' : 'asc')
  const key = (pull: PullRequest): string =>
    wanted.sort === 'updated' ? pull.updatedAt : pull.createdAt
  return [...host.state.pulls.values()]
    .filter(pull => wanted.state === 'all' || pull.state === wanted.state)
    .filter(pull => wanted.base === undefined || pull.base.branch === wanted.base)
    .filter(
      pull =>
        // GitHub ignores a head without an owner.
        !wanted.head?.includes(':') ||
        `${pull.head.fork ?? host.owner}:${pull.head.branch}` === wanted.head,
    )
    .sort((a, b) => {
      const order = key(a).localeCompare(key(b)) || a.number - b.number
      return direction === 'asc' ? order : -order
    })
}

/** Pull requests: list, open, read, edit. */
export const pullRoutes = (host: Host): readonly Route[] => [
  {
    method: 'GET',
    path: '/repo/pulls',
    handle: ({ query }) => ({
      status: 200,
      list: listPulls(host, query).map(pull => pullSummary(host, pull)),
    }),
  },
  {
    method: 'POST',
    path: '/repo/pulls',
    handle: async ({ account, body }) => {
      const pull = await openPull(host, account, body)
      return { status: 201, body: await pullDetail(host, pull) }
    },
  },
  {
    method: 'GET',
    path: '/repo/pulls/:number',
    handle: async call => {
      const pull = findPull(host, call)
      // As on GitHub, the first look starts the test merge and does not wait for it.
      const body = await pullDetail(host, pull)
      await testMerge(host, pull)
      return { status: 200, body }
    },
  },
  {
    method: 'PATCH',
    path: '/repo/pulls/:number',
    handle: async call => {
      const pull = findPull(host, call)
      if (pull.user !== call.account.login) requireWrite(call.account)
      await editPull(host, pull, { by: call.account, body: call.body })
      return { status: 200, body: await pullDetail(host, pull) }
    },
  },
  {
    // Nobody reviews in the sandbox.
    method: 'GET',
    path: '/repo/pulls/:number/reviews',
    handle: call => {
      findPull(host, call)
      return { status: 200, list: [] }
    },
  },
  {
    method: 'GET',
    path: '/repo/pulls/:number/files',
    handle: async call => {
      const pull = findPull(host, call)
      const { sha } = pull.head
      const files = await changedFiles(host.repository, {
        from: await startOf(host, pull),
        to: sha,
      })
      // GitHub lists at most 3000 files.
      const list = files.slice(0, 3000).map(file => changedFileShape(host, file, sha))
      return { status: 200, list }
    },
  },
  {
    method: 'GET',
    path: '/repo/pulls/:number/commits',
    handle: async call => {
      const { head, base } = findPull(host, call)
      const commits = await listCommits(host.repository, [head.sha, `^${base.sha}`])
      return { status: 200, list: commits.slice(0, 250).map(commit => commitShape(host, commit)) }
    },
  },
]
