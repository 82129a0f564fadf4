import type { Change } from '../change.ts'
import { isClusterKind } from '../cluster/object-identity.ts'
import type { Edit } from '../edit/edit.ts'
import { type Plan, editsOf } from './plan-detach.ts'
import type { Proof } from '../proof/proof.ts'
import { affectedBy } from '../proof/affected-by.ts'
import {
  recordVersion,
  seedPaths,
  writeRecord,
  type Detached,
  type SeedRecord,
} from './seed-record.ts'

/** An edit as the record keeps it; a repaired key is nothing to restore. */
export const recordedEdit = ({ path, key, hunk }: Edit): readonly Detached['edits'][number][] =>
  hunk ? [{ file: path, key, ...hunk }] : []

/** The file of a record with more edits to restore; none where the record keeps no detach. */
export const recordWithEdits = (
  record: SeedRecord | undefined,
  edits: readonly Edit[],
  directory: string,
): readonly Change[] => {
  if (!record?.detached) return []
  const all = [...record.detached.edits, ...edits.flatMap(recordedEdit)]
  const content = writeRecord({ ...record, detached: { ...record.detached, edits: all } })
  return [{ path: seedPaths(directory, record.cluster).record, content }]
}

/** The entry of a detach in the record. */
export const recordOfDetach = ({
  plan,
  proof,
  request,
}: Readonly<{
  plan: Plan
  proof: Proof
  request: Readonly<{
    cluster: string
    image: string | null
    key: string | null
    pullRequest: number | null
  }>
}>): SeedRecord => {
  const { found } = plan
  // The render, not the source, says what the object is called on the hub: a prefix may rename it.
  const removed = proof.roots.flatMap(root => root.removed).find(isClusterKind)
  const [, , namespace = '', name = ''] = removed?.split('/') ?? []
  return {
    apiVersion: recordVersion,
    kind: 'SeedRecord',
    cluster: request.cluster,
    image: request.image,
    status: 'detached',
    request: request.key,
    pullRequest: request.pullRequest,
    mergedAs: null,
    detached: {
      edits: editsOf(plan).flatMap(recordedEdit),
      source: found.source,
      clusterInstance: { namespace, name },
      roots: [...affectedBy(proof).paths],
    },
    digest: null,
    finishedAt: null,
  }
}
