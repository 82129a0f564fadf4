import { z } from 'zod'
import type { RestEndpointMethodTypes } from '@octokit/rest'
import { accountOf, apiUrl, type Host } from '../host.ts'
import type { IssueEvent } from '../github-state.ts'
import { editPull } from '../pulls/edit-pull.ts'
import { findPull } from '../pulls/find-pull.ts'
import { issueShape } from '../shapes/issue-shape.ts'
import { labelShape } from '../shapes/label-shape.ts'
import { parseBody, requireWrite } from '../refusal.ts'
import type { Route } from '../route.ts'
import { nodeId, userShape } from '../shapes/user-shape.ts'

type EventData = RestEndpointMethodTypes['issues']['listEvents']['response']['data'][number]

const ListQuery = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  labels: z.string().optional(),
  since: z.string().optional(),
  creator: z.string().optional(),
  sort: z.enum(['created', 'updated', 'comments']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
})

const eventShape = (host: Host, event: IssueEvent): Partial<EventData> => {
  const label = event.label === null ? null : labelShape(host, event.label)
  return {
    id: event.id,
    node_id: nodeId('EVE', event.id),
    url: apiUrl(host, `/issues/events/${event.id}`),
    actor: userShape(host, accountOf(host, event.actor)?.login ?? event.actor),
    event: event.event,
    commit_id: event.commit,
    commit_url: event.commit === null ? null : apiUrl(host, `/commits/${event.commit}`),
    created_at: event.createdAt,
    ...(label ? { label: { name: label.name, color: label.color } } : {}),
    performed_via_github_app: null,
  }
}

/** The issue that every pull request also is. */
export const issueRoutes = (host: Host): readonly Route[] => [
  {
    method: 'GET',
    path: '/repo/issues',
    handle: ({ query }) => {
      const wanted = parseBody(ListQuery, Object.fromEntries(query))
      const labels = wanted.labels?.toLowerCase().split(',') ?? []
      const since = wanted.since === undefined ? -Infinity : Date.parse(wanted.since)
      const issues = [...host.state.pulls.values()]
        .filter(pull => wanted.state === 'all' || pull.state === wanted.state)
        .filter(pull => wanted.creator === undefined || pull.user === wanted.creator)
        .filter(pull =>
          labels.every(name => pull.labels.some(label => label.toLowerCase() === name)),
        )
        .filter(pull => Date.parse(pull.updatedAt) >= since)
        .sort((a, b) => {
          const order =
            wanted.sort === 'updated' ? a.updatedAt.localeCompare(b.updatedAt) : a.number - b.number
          return (wanted.direction === 'asc' ? 1 : -1) * (order || a.number - b.number)
        })
      return { status: 200, list: issues.map(pull => issueShape(host, pull)) }
    },
  },
  {
    // Before the issues: "events" is not a number of one. The newest comes first.
    method: 'GET',
    path: '/repo/issues/events',
    handle: () => ({
      status: 200,
      list: [...host.state.events].reverse().flatMap(event => {
        const pull = host.state.pulls.get(event.number)
        return pull ? { ...eventShape(host, event), issue: issueShape(host, pull) } : []
      }),
    }),
  },
  {
    method: 'GET',
    path: '/repo/issues/:number',
    handle: call => ({ status: 200, body: issueShape(host, findPull(host, call)) }),
  },
  {
    method: 'PATCH',
    path: '/repo/issues/:number',
    handle: async call => {
      const pull = findPull(host, call)
      if (pull.user !== call.account.login) requireWrite(call.account)
      await editPull(host, pull, { by: call.account, body: call.body })
      return { status: 200, body: issueShape(host, pull) }
    },
  },
  {
    method: 'GET',
    path: '/repo/issues/:number/events',
    handle: call => {
      const { number } = findPull(host, call)
      const events = host.state.events.filter(event => event.number === number)
      return { status: 200, list: events.map(event => eventShape(host, event)) }
    },
  },
]
