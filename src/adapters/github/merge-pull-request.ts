import { z } from 'zod'
import { FailedError } from '../../errors.ts'
import type { PullRequests } from '../../operations/ports/pull-requests.ts'
import { valueOf, type RepositoryApi } from './repository-api.ts'

type Of = Parameters<PullRequests['merge']>[0]
type Api = Pick<RepositoryApi, 'ask' | 'client'>

const merged = z.looseObject({ merged: z.literal(true) })
const identified = z.looseObject({ node_id: z.string().min(1) })

/**
 * Merges a pull request whose head is that commit, in the first way that the repository allows; where its base has a merge
 * queue, puts it there, once. Null: it is merged. Throws where GitHub gives no answer.
 */
export const mergePullRequest = async (
  api: Api,
  apiUrl: string,
  of: Of,
): Promise<string | null> => {
  const { number, head: sha } = of
  let reason = ''
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    const answer = await api.ask(
      {
        activity: `merging #${number}`,
        route: 'PUT /pulls/{number}/merge',
        // GitHub refuses it where the head is another by now.
        parameters: { number, sha, merge_method: method },
      },
      merged,
    )
    if (answer.got === 'value') return null
    if (answer.got === 'nothing') throw answer.error
    reason = answer.error.message
    const about = answer.got === 'refused' ? answer.about : undefined
    if (about === 'merge queue') return enqueue(api, apiUrl, of)
    if (about !== 'merge method') return reason
  }
  return reason
}

const isQueued = `query($id: ID!) { node(id: $id) { ... on PullRequest { isInMergeQueue } } }`
const queueIt = `mutation($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { clientMutationId }
}`
const queried = z.looseObject({
  data: z.looseObject({ node: z.looseObject({ isInMergeQueue: z.boolean() }) }),
})
const mutated = z.looseObject({
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
})

/** The REST API has no merge queue. */
const enqueue = async (
  { ask, client }: Api,
  apiUrl: string,
  { number, head }: Of,
): Promise<string> => {
  const activity = `putting #${number} into the merge queue`
  const question = { activity, route: 'GET /pulls/{number}', parameters: { number } }
  const { node_id: id } = valueOf(await ask(question, identified))
  const graph = async <T>(query: string, variables: object, shape: z.ZodType<T>): Promise<T> =>
    valueOf(
      await client.ask(
        {
          activity,
          route: 'POST /graphql',
          // GitHub Enterprise Server has it beside `/api/v3`.
          parameters: { baseUrl: apiUrl.replace(/\/v3\/?$|\/$/, ''), query, variables },
        },
        shape,
      ),
    )
  const waits = 'it is in the merge queue'
  if ((await graph(isQueued, { id }, queried)).data.node.isInMergeQueue) return waits
  const { errors = [] } = await graph(queueIt, { id, head }, mutated)
  if (errors.length === 0) return waits
  throw new FailedError('GITHUB_FAILED', `${activity}: GitHub refused it`, {
    fix: `put #${number} into the merge queue yourself`,
  })
}
