import { z } from 'zod'
import { shorten } from '../report/plain.ts'
import { activePhases, newRun, outcomes, type Run } from './run.ts'
import { ownFields } from './own/own-fields.ts'
import { generationFields } from './generating/generation-fields.ts'
import { firstIssue, readRun, unreadable } from './read-run.ts'

/** The kind that keeps a run in the hub's API. */
export const seedRunKind = { apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun' } as const

// What bounds the size of a SeedRun: etcd takes 1.5 MiB, and the API server prices rules by these lengths.
const [short, long, orderLimit, operatorLimit] = [512, 4096, 100, 100]
const text = z.string().max(short)
const moment = z.string().max(64)
const sha = z.string().max(64)

const spec = z.object({
  cluster: z.string().max(253).describe('The seed cluster; also the name of this object.'),
  image: text.describe('The seed image to make.'),
  repository: text.describe('The GitHub repository, owner/name.'),
  pullRequest: z.int().min(1).describe('The pull request that asks for it.'),
  requestedBy: text.describe('Who asked.'),
  requestedAt: moment.describe('When, in UTC.'),
  requestKey: text.describe(
    'The comment or label event that asked: a second delivery is not a second request.',
  ),
  headSha: sha.describe('The head of the pull request that the person saw.'),
  adopt: z
    .boolean()
    .optional()
    .describe('The seed is detached already, by hand, or was never on a hub.'),
})

const effect = z.object({
  do: z.string().max(64),
  onto: sha.optional(),
  mergedAs: sha.optional(),
  application: text.optional(),
  image: text.optional(),
  from: sha.optional(),
  uid: text.optional(),
  resourceVersion: text.optional(),
  digest: text.optional(),
})

const status = z.object({
  requestKey: text.describe('The request that this status belongs to.'),
  phase: z.enum([...activePhases, ...outcomes]),
  since: moment.describe('When the phase was entered.'),
  attempt: z.int().min(1).describe('1 for the first generation, one more for each retry.'),
  outcome: z.enum(outcomes).optional().describe('How the run will end, once that is decided.'),
  blocked: z
    .object({
      code: z.string().max(64),
      reason: z.string().max(long),
      fix: z.string().max(long),
      since: moment,
    })
    .optional()
    .describe('Why the run waits for a person, and what to do.'),
  orders: z
    .array(z.object({ key: text, verb: z.enum(['retry', 'abort']), by: text, at: moment }))
    .max(orderLimit)
    .describe('Orders that are authorised and not obeyed yet.'),
  facts: z.object({
    pushedAs: sha.optional().describe("Sower's commit on the pull request's branch."),
    mergedAs: sha.optional(),
    managedClusterUid: text.optional(),
    goneSince: moment.optional(),
    refreshedAt: moment.optional(),
    hardRefreshedAt: moment.optional(),
    generatorAs: sha.optional().describe('The commit of the SeedGenerator.'),
    digestBefore: text.optional(),
    digest: text.optional().describe('The digest of the image that was made.'),
    lastMessage: z.string().max(long).optional(),
    clusterID: text
      .optional()
      .describe('The installation of the seed that the push credential went to.'),
    sealedSecretDigest: text.optional().describe('The digest of the sealed push credential.'),
    imageVersion: text.optional().describe('The OpenShift version that the image names.'),
    versions: z
      .object({
        openshift: text.optional(),
        lifecycleAgent: text.optional(),
        operators: z.array(z.object({ name: text, version: text })).max(operatorLimit),
      })
      .optional()
      .describe('What ran on the seed when the push credential went there.'),
    ...generationFields,
    times: z
      .object({
        ...{ Requested: moment.optional(), Proposed: moment.optional() },
        ...{ Detaching: moment.optional(), Detached: moment.optional() },
        ...{ Delivering: moment.optional(), Generating: moment.optional() },
        ...{ Verifying: moment.optional(), CleaningUp: moment.optional() },
      })
      .optional()
      .describe('When each phase that is left was last entered.'),
    recordMergeIn: z
      .int()
      .min(1)
      .optional()
      .describe('The pull request with the record of the merge, until it is merged.'),
    own: ownFields.optional().describe("Sower's own pull requests, as far as it may merge them."),
  }),
  intent: z
    .object({ effect, at: moment })
    .optional()
    .describe('An effect that was begun and whose result is not recorded.'),
})

/** The fields of a SeedRun that Sower writes, as the schema of its CustomResourceDefinition has them. */
export const seedRunFields = z.object({ spec, status: status.optional() })
export type SeedRunFields = z.infer<typeof seedRunFields>

/** Null says that nothing is known, which a Kubernetes object says by leaving the field out. */
const withoutNulls = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))

/** The spec of the SeedRun of a run that begins now. */
export const specOf = ({ request, since }: Run): SeedRunFields['spec'] => ({
  cluster: request.cluster,
  image: request.image,
  repository: request.repository,
  pullRequest: request.pullRequest,
  requestedBy: request.by,
  requestedAt: since,
  requestKey: request.key,
  headSha: request.headSha,
  ...(request.adopt === undefined ? {} : { adopt: request.adopt }),
})

/** The status of a run's SeedRun. Texts of others are cut to what the schema takes. */
export const statusOf = ({ request, blocked, facts, intent, ...run }: Run): unknown =>
  withoutNulls({
    requestKey: request.key,
    phase: run.phase,
    since: run.since,
    attempt: run.attempt,
    outcome: run.outcome,
    blocked: blocked && {
      ...blocked,
      reason: shorten(blocked.reason, long),
      fix: shorten(blocked.fix, long),
    },
    orders: run.orders.slice(-orderLimit),
    facts: withoutNulls({
      ...facts,
      lastMessage: facts.lastMessage === null ? null : shorten(facts.lastMessage, long),
      generation: facts.generation ? withoutNulls(facts.generation) : null,
      own: facts.own ? withoutNulls(facts.own) : null,
    }),
    intent: intent && { ...intent, effect: withoutNulls(intent.effect) },
  })

const object = z.looseObject({
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string() }),
  spec: z.looseObject(spec.shape),
  status: z.unknown().optional(),
})
const ofRequest = z.looseObject({ requestKey: z.string() })

/**
 * The run that a SeedRun holds. A status of another request than the spec's was left by a run that ended before: the
 * run of the spec has just begun. Throws RefusedError RUN_UNREADABLE.
 */
export const runOfSeedRun = (stored: unknown, place: string): Run => {
  const { data, error } = object.safeParse(stored)
  if (!data) throw unreadable(place, firstIssue(error))
  const { metadata, spec } = data
  const { cluster, image, repository, pullRequest, headSha } = spec
  const { requestedBy, requestedAt, requestKey, adopt } = spec
  const begun = newRun(
    {
      ...{ cluster, image, repository, pullRequest, headSha, key: requestKey, by: requestedBy },
      ...(adopt === undefined ? {} : { adopt }),
    },
    requestedAt,
  )
  const fresh = { ...begun, name: metadata.name, version: metadata.resourceVersion }
  const status = ofRequest.safeParse(data.status).data
  if (status?.requestKey !== requestKey) return fresh
  const { name, version, request } = fresh
  const { facts } = status
  const kept = Object.entries(status).filter(([field]) => field !== 'requestKey')
  return readRun(
    {
      ...{ name, version, request, outcome: null, blocked: null, intent: null },
      ...Object.fromEntries(kept),
      facts: { ...fresh.facts, ...(isRecord(facts) ? facts : {}) },
    },
    place,
  )
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null
