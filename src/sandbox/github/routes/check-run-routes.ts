import type { RestEndpointMethodTypes } from '@octokit/rest'
import { z } from 'zod'
import { countCharacters } from './check-text.ts'
import type { CheckRun } from '../github-state.ts'
import { apiUrl, webUrl, userId, type Host } from '../host.ts'
import { parseBody, Refusal, requireWrite, validationFailed } from '../refusal.ts'
import type { Route } from '../route.ts'
import { nodeId } from '../shapes/user-shape.ts'

type Data = RestEndpointMethodTypes['checks']['create']['response']['data']

const mostAnnotations = 50
const longestText = 65_535

const Annotation = z.object({
  path: z.string().min(1),
  start_line: z.number().int(),
  end_line: z.number().int(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string().min(1),
})
const NewCheckRun = z
  .object({
    name: z.string().min(1),
    head_sha: z.string(),
    status: z.enum(['queued', 'in_progress', 'completed']).default('queued'),
    conclusion: z
      .enum([
        'action_required',
        'cancelled',
        'failure',
        'neutral',
        'success',
        'skipped',
        'timed_out',
      ])
      .optional(),
    output: z
      .object({
        title: z.string(),
        summary: z.string(),
        annotations: z.array(Annotation).max(mostAnnotations).default([]),
      })
      .optional(),
  })
  .refine(({ status, conclusion }) => (status === 'completed') === (conclusion !== undefined))

/** Check runs, which an App alone may write ("Create a check run"). */
export const checkRunRoutes = (host: Host): readonly Route[] => {
  const shape = (run: CheckRun): Omit<Data, 'app' | 'check_suite'> & Pick<Data, 'app'> => ({
    id: run.id,
    head_sha: run.sha,
    node_id: nodeId('CR', run.id),
    external_id: '',
    url: apiUrl(host, `/check-runs/${run.id}`),
    html_url: webUrl(host, `/runs/${run.id}`),
    details_url: webUrl(host, `/runs/${run.id}`),
    status: run.conclusion === null ? 'in_progress' : 'completed',
    conclusion: run.conclusion,
    started_at: run.createdAt,
    completed_at: run.conclusion === null ? null : run.createdAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: null,
      annotations_count: run.annotations,
      annotations_url: apiUrl(host, `/check-runs/${run.id}/annotations`),
    },
    name: run.context,
    app: null,
    pull_requests: [],
  })
  const withSuite = (run: CheckRun): Data => ({
    ...shape(run),
    check_suite: { id: userId(run.sha) },
  })
  return [
    {
      method: 'POST',
      path: '/repo/check-runs',
      handle: async call => {
        requireWrite(call.account)
        const { name, head_sha: sha, conclusion = null, output } = parseBody(NewCheckRun, call.body)
        if ((await host.repository.resolve(sha)) !== sha)
          throw new Refusal(422, `No commit found for SHA: ${sha}`)
        const summary = output?.summary ?? ''
        if (countCharacters(summary) > longestText)
          throw validationFailed({ resource: 'CheckRun', field: 'summary', code: 'too_large' })
        const run: CheckRun = {
          ...{ id: host.nextId(), sha, context: name, conclusion },
          ...{ title: output?.title ?? '', summary },
          ...{ annotations: output?.annotations.length ?? 0, createdAt: host.now() },
        }
        host.state.checkRuns.push(run)
        host.tell(
          'github',
          `${call.account.login} set the check ${name} to ${conclusion ?? 'in progress'}: ${run.title}`,
          { sha, context: name, conclusion, title: run.title },
        )
        return { status: 201, body: withSuite(run) }
      },
    },
    {
      method: 'GET',
      path: '/repo/commits/:ref/check-runs',
      handle: async call => {
        const sha = await host.repository.resolve(call.parameter('ref'))
        const newest = new Map<string, CheckRun>()
        for (const run of host.state.checkRuns) if (run.sha === sha) newest.set(run.context, run)
        const runs = [...newest.values()].map(withSuite)
        return { status: 200, body: { total_count: runs.length, check_runs: runs } }
      },
    },
  ]
}
