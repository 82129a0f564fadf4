import { stringify } from 'yaml'
import { z } from 'zod'
import { RefusedError } from '../../errors.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { readYaml } from '../yaml/read-yaml.ts'

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
  apiVersion: z.literal('sower.dev/v1alpha1'),
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
  /** What the detach changed, so that a reattach can restore the same bytes; null when that was lost. */
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
})

/** `seeds/<cluster>/record.yaml`: what Sower did to a cluster. It is in no kustomization. */
export type SeedRecord = Readonly<z.infer<typeof record>>

/** What a detach changed. */
export type Detached = NonNullable<SeedRecord['detached']>

/** The record as YAML. */
export const writeRecord = (of: SeedRecord): string =>
  stringify(of, { lineWidth: 0, singleQuote: true })

/** Reads a record. Throws RefusedError RECORD_INVALID. */
export const readRecord = (path: string, content: string): SeedRecord => {
  const refuse = (reason: string): RefusedError =>
    new RefusedError('RECORD_INVALID', `reading ${path}: ${reason}`, {
      fix: 'restore the file from the history: Sower writes it, people do not',
    })
  const parsed = record.safeParse(readYaml(content, refuse))
  if (parsed.success) return parsed.data
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
