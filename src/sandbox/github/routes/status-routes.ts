import { z } from 'zod'
import type { RestEndpointMethodTypes } from '@octokit/rest'
import { changedFiles, emptyTree } from '../git/changed-files.ts'
import { countCharacters } from './check-text.ts'
import { combinedState } from '../shapes/combined-state.ts'
import { readCommit } from '../git/list-commits.ts'
import { changedFileShape, commitShape } from '../shapes/commit-shape.ts'
import { apiUrl, type Host } from '../host.ts'
import type { Status } from '../github-state.ts'
import { parseBody, Refusal, requireWrite, validationFailed } from '../refusal.ts'
import { repositoryShape } from '../shapes/repository-shape.ts'
import type { Call, Route } from '../route.ts'
import { nodeId, userShape } from '../shapes/user-shape.ts'

type StatusData = RestEndpointMethodTypes['repos']['createCommitStatus']['response']['data']
type CombinedData = RestEndpointMethodTypes['repos']['getCombinedStatusForRef']['response']['data']

const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default('default'),
})

const simpleShape = (host: Host, status: Status): CombinedData['statuses'][number] => ({
  url: apiUrl(host, `/statuses/${status.sha}`),
  avatar_url: userShape(host, status.creator).avatar_url,
  id: status.id,
  node_id: nodeId('SC', status.id),
  state: status.state,
  description: status.description,
  target_url: status.targetUrl,
  context: status.context,
  created_at: status.createdAt,
  updated_at: status.createdAt,
})

const statusShape = (host: Host, status: Status): StatusData => ({
  ...simpleShape(host, status),
  creator: userShape(host, status.creator),
})

const tooLong = (field: string, longest: number): Refusal =>
  validationFailed({
    resource: 'Status',
    field,
    code: 'custom',
    message: `${field} is too long (maximum is ${longest} characters)`,
  })

const newStatus = (host: Host, sha: string, call: Call): Status => {
  const wanted = parseBody(NewStatus, call.body)
  const { context, description = null, target_url: targetUrl = null } = wanted
  if (description !== null && countCharacters(description) > 140) throw tooLong('description', 140)
  if (context.length > 255) throw tooLong('context', 255)
  if (targetUrl && !/^https?:\/\//.test(targetUrl))
    throw validationFailed({
      resource: 'Status',
      field: 'target_url',
      code: 'custom',
      message: 'target_url must use http(s) scheme',
    })
  const sameContext = host.state.statuses.filter(one => one.sha === sha && one.context === context)
  if (sameContext.length >= 1000)
    throw validationFailed({
      resource: 'Status',
      code: 'custom',
      message: 'This SHA and context has reached the maximum number of statuses.',
    })
  return {
    id: host.nextId(),
    sha,
    state: wanted.state,
    context,
    description,
    targetUrl,
    creator: call.account.login,
    createdAt: host.now(),
  }
}

/** Commits and the statuses that are set on them. */
export const statusRoutes = (host: Host): readonly Route[] => {
  const commitOf = async (call: Call): Promise<string> => {
    const name = call.parameter('ref')
    const sha = await host.repository.resolve(name.replace(/^heads\//, ''))
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${name}`)
    return sha
  }
  return [
    {
      method: 'POST',
      path: '/repo/statuses/:ref',
      handle: async call => {
        requireWrite(call.account)
        const sha = await commitOf(call)
        // Statuses belong to commits: a branch name is not enough here.
        if (sha !== call.parameter('ref'))
          throw new Refusal(422, `No commit found for SHA: ${call.parameter('ref')}`)
        const status = newStatus(host, sha, call)
        host.state.statuses.push(status)
        const { state, context, description } = status
        host.tell(
          'github',
          `${status.creator} set the status ${context} to ${state}${description ? `: ${description}` : ''}`,
          { sha, context, state, description },
        )
        return { status: 201, body: statusShape(host, status) }
      },
    },
    {
      method: 'GET',
      path: '/repo/commits/:ref',
      handle: async call => {
        const commit = await readCommit(host.repository, await commitOf(call))
        const from = commit.parents[0] ?? emptyTree
        const files = await changedFiles(host.repository, { from, to: commit.sha })
        const additions = files.reduce((sum, file) => sum + file.additions, 0)
        const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
        return {
          status: 200,
          body: {
            ...commitShape(host, commit),
            stats: { additions, deletions, total: additions + deletions },
            files: files.map(file => changedFileShape(host, file, commit.sha)),
          },
        }
      },
    },
    {
      method: 'GET',
      path: '/repo/commits/:ref/status',
      handle: async call => {
        const sha = await commitOf(call)
        const { state, statuses } = combinedState(host.state, sha)
        const url = apiUrl(host, `/commits/${sha}`)
        const body: CombinedData = {
          state,
          statuses: statuses.map(status => simpleShape(host, status)),
          sha,
          total_count: statuses.length,
          repository: repositoryShape(host),
          commit_url: url,
          url: `${url}/status`,
        }
        return { status: 200, body }
      },
    },
    {
      method: 'GET',
      path: '/repo/commits/:ref/statuses',
      handle: async call => {
        const sha = await commitOf(call)
        const list = host.state.statuses.filter(status => status.sha === sha).reverse()
        return { status: 200, list: list.map(status => statusShape(host, status)) }
      },
    },
  ]
}
