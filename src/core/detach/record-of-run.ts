import type { Run } from '../run/run.ts'
import type { SeedRecord } from './seed-record.ts'

/**
 * What the record of a run says, now: it is written whole, so that it comes to be also where there was none, or a
 * damaged one. What the detach changed is kept, whoever wrote it down; it is lost where it cannot be read.
 */
export const recordOfRun = (
  { request, facts }: Run,
  before: SeedRecord | undefined,
  now: Pick<SeedRecord, 'status' | 'digest' | 'finishedAt'>,
): SeedRecord => {
  const { cluster, image, key, pullRequest } = request
  return {
    apiVersion: 'sower.dev/v1alpha1',
    kind: 'SeedRecord',
    cluster,
    image,
    status: now.status,
    request: key,
    pullRequest,
    mergedAs: facts.mergedAs,
    detached: before?.detached ?? null,
    digest: now.digest,
    finishedAt: now.finishedAt,
    ...(facts.clusterID === undefined ? {} : { clusterID: facts.clusterID }),
    ...(facts.sealedSecretDigest === undefined
      ? {}
      : { sealedSecretDigest: facts.sealedSecretDigest }),
  }
}
