import { Scalar, stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { activePhases } from '../run/run.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** The version of the schema that is written. */
export const recordVersion = 'sower.dev/v1alpha2'

const text = z.string()
const path = text.refine(value => pathOf('.', value) === value, 'must be a path in the repository')
/** Lines of a kustomization file that an edit replaced, with their line ends; `line` counts from 1. */
const edit = z.strictObject({
  file: path,
  key: text,
  line: z.number(),
  before: text,
  after: text,
  follows: text,
})
const record = z.strictObject({
  /** v1alpha1, which older versions of Sower wrote, has none of the fields below `sealedSecretDigest`. */
  apiVersion: z.enum(['sower.dev/v1alpha1', recordVersion]),
  kind: z.literal('SeedRecord'),
  cluster: text,
  /** Null where a person detached the cluster without asking for an image. */
  image: text.nullable(),
  status: z.enum(['detached', 'reattached', 'completed', 'failed']),
  /** The key of the run's request, so that a record of an earlier run is not taken for this one's. */
  request: text.nullable(),
  pullRequest: z.number().nullable(),
  /**
   * The commit that merged the detach; null until a commit of its own says so, and for a detach by hand. It stands
   * beside what differs from run to run: git takes changes of neighbouring lines for one conflict, so a revert of
   * the merge conflicts also where an earlier run had left a record.
   */
  mergedAs: text.nullable().default(null),
  /** The edits of the detach, so that a reattach can restore the same bytes; null when they were lost. */
  detached: z
    .strictObject({
      /** In the order in which they were made. */
      edits: z.array(edit),
      source: text,
      clusterInstance: z.strictObject({ namespace: text, name: text }),
      roots: z.array(text),
    })
    .nullable(),
  digest: text.nullable(),
  finishedAt: text.nullable(),
  /** The installation that the image was made from: `spec.clusterID` of its ClusterVersion. */
  clusterID: text.nullable().optional(),
  /** The digest of the sealed push credential that it was made with. */
  sealedSecretDigest: text.nullable().optional(),
  /** The proven image by its digest, as `seedImageRef` of an upgrade takes it; null where none is proven. */
  seedImageRef: z.strictObject({ image: text, version: text }).nullable().optional(),
  /** The versions that the image was made from: OpenShift, the Lifecycle Agent and all operators. */
  versions: z
    .strictObject({
      openshift: text.optional(),
      lifecycleAgent: text.optional(),
      operators: z.array(z.strictObject({ name: text, version: text })).readonly(),
    })
    .optional(),
  /** When each phase of the run was last entered. */
  times: z.partialRecord(z.enum(activePhases), text).optional(),
  /** The person who brought the cluster back by `/seed reattach`, and the head that the command was for. */
  reattached: z.strictObject({ by: text, head: text }).optional(),
  /** Commits of the run beside `mergedAs`: Sower's own on the branch of the pull request, and the SeedGenerator. */
  commits: z.strictObject({ pushedAs: text.nullable(), generatorAs: text.nullable() }).optional(),
})

/** `seeds/<cluster>/record.yaml`: what Sower did to a cluster. It is in no kustomization. */
export type SeedRecord = Readonly<z.infer<typeof record>>

/** The edits of a detach. */
export type Detached = NonNullable<SeedRecord['detached']>

// yaml writes lines of nothing but blanks as a block, which may read with fewer of them.
const inQuotes = (_: unknown, value: unknown): unknown => {
  if (typeof value !== 'string' || value.trim() !== '' || !value.includes('\n')) return value
  const scalar = new Scalar(value)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

/** The record as YAML, which reads as the same record. */
export const writeRecord = (of: SeedRecord): string =>
  stringify(of, inQuotes, { lineWidth: 0, singleQuote: true })

/** Reads a record. Throws RefusedError RECORD_INVALID. */
export const readRecord = (path: string, content: string): SeedRecord => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('RECORD_INVALID', `reading ${path}: ${reason}`, {
      fix: 'restore the file from the history: only Sower writes it',
    })
  const value = readYaml(content, refuse)
  const parsed = record.safeParse(value)
  if (parsed.success) return parsed.data
  const version = textOf(fieldsOf(value), 'apiVersion')
  if (/^sower\.dev\/v\d/.test(version) && !record.shape.apiVersion.safeParse(version).success)
    throw new RefusedError(
      'RECORD_INVALID',
      `reading ${path}: it has the schema ${version}, and this version of Sower reads those up to ${recordVersion}`,
      { fix: 'use the version of Sower that wrote it, or a newer one' },
    )
  throw refuse(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '),
  )
}

/** The paths of one cluster's files below the seeds directory. */
export const seedPaths = (
  directory: string,
  cluster: string,
): Readonly<Record<'request' | 'kustomization' | 'seedGenerator' | 'record', string>> => ({
  request: `${directory}/${cluster}/request.yaml`,
  kustomization: `${directory}/${cluster}/kustomization.yaml`,
  seedGenerator: `${directory}/${cluster}/seedgenerator.yaml`,
  record: `${directory}/${cluster}/record.yaml`,
})
