import { z } from 'zod'
import { errorCodes } from '../../error-codes.ts'
import { RefusedError } from '../../errors.ts'
import { ownSteps } from './own/own-changes.ts'
import { activePhases, outcomes, type Run } from './run.ts'

const text = z.string()
const effect = z.discriminatedUnion('do', [
  z.object({ do: z.enum(['save-access', 'deliver-secret', 'delete-secret', 'delete-access']) }),
  z.object({ do: z.literal('commit-detach'), onto: text }),
  z.object({ do: z.literal('record-merge'), mergedAs: text }),
  z.object({ do: z.enum(['refresh', 'hard-refresh', 'sync-with-prune']), application: text }),
  z.object({ do: z.literal('commit-seed-generator'), image: text }),
  z.object({ do: z.literal('apply-seed-generator'), from: text }),
  z.object({
    ...{ do: z.literal('delete-seed-generator'), uid: text },
    resourceVersion: text.optional(),
  }),
  z.object({ do: z.literal('commit-record'), digest: text.nullable().default(null) }),
])
const blocked = z.strictObject({ code: z.enum(errorCodes), reason: text, fix: text, since: text })

/** Runs that version 0.1.0 stored say `next` in place of `fix`. */
const withFix = (stored: unknown): unknown => {
  const before = z.looseObject({ next: text }).safeParse(stored).data
  if (!before) return stored
  const { next, ...others } = before
  return { ...others, fix: next }
}

const storedRun: z.ZodType<Run> = z.strictObject({
  name: text,
  version: text,
  request: z.strictObject({
    key: text,
    cluster: text,
    image: text,
    repository: text,
    pullRequest: z.number(),
    by: text,
    headSha: text,
    adopt: z.boolean().optional(),
  }),
  phase: z.enum([...activePhases, ...outcomes]),
  since: text,
  attempt: z.number(),
  outcome: z.enum(outcomes).nullable(),
  blocked: z.preprocess(withFix, blocked.nullable()),
  orders: z.array(
    z.strictObject({ key: text, verb: z.enum(['retry', 'abort']), by: text, at: text }),
  ),
  facts: z.strictObject({
    // Version 0.1.0 did not keep it.
    pushedAs: text.nullable().default(null),
    mergedAs: text.nullable(),
    managedClusterUid: text.nullable(),
    goneSince: text.nullable(),
    refreshedAt: text.nullable().default(null),
    hardRefreshedAt: text.nullable().default(null),
    generatorAs: text.nullable(),
    digestBefore: text.nullable(),
    digest: text.nullable(),
    lastMessage: text.nullable(),
    clusterID: text.nullable().optional(),
    sealedSecretDigest: text.nullable().optional(),
    imageVersion: text.nullable().optional(),
    versions: z
      .strictObject({
        openshift: text.optional(),
        lifecycleAgent: text.optional(),
        operators: z.array(z.strictObject({ name: text, version: text })),
      })
      .optional(),
    accessSince: text.nullable().optional(),
    traits: z
      .strictObject({ hasProxy: z.boolean().optional(), hasFips: z.boolean().optional() })
      .optional(),
    generation: z
      .strictObject({
        awaySince: text.nullable().default(null),
        waited: z.number(),
        ended: z.boolean(),
      })
      .nullable()
      .optional(),
    times: z.partialRecord(z.enum(activePhases), text).optional(),
    recordMergeIn: z.number().nullable().default(null),
    own: z
      .strictObject({
        heads: z.partialRecord(z.enum(ownSteps), text),
        triedAt: text.nullable().default(null),
        refusal: text.nullable().default(null),
      })
      .optional(),
  }),
  intent: z.strictObject({ effect, at: text }).nullable(),
})

/**
 * Reads a run as this version or an older one has stored it. `place` names where it is kept, for the message. Throws
 * RefusedError RUN_UNREADABLE: a run that is not understood locks its cluster until somebody has looked at it.
 */
export const readRun = (stored: unknown, place: string): Run => {
  const { data, error } = storedRun.safeParse(stored)
  if (data) return data
  throw unreadable(place, firstIssue(error))
}

/** The first problem, with its field. */
export const firstIssue = ({ issues }: z.core.$ZodError): string =>
  issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`)
    .join('')

/** The refusal of a stored run that this version does not understand. */
export const unreadable = (place: string, reason: string): RefusedError =>
  new RefusedError('RUN_UNREADABLE', `reading the run in ${place}: ${reason}`, {
    fix: `let the version of Sower that wrote it end the run; if its pull request was never merged, or its seed image is made, delete ${place}`,
  })
