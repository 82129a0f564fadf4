import { activePhases, isEnded, type Run } from '../run/run.ts'
import { recordVersion, type SeedRecord } from './seed-record.ts'

/**
 * The record of a run as of now: it is written whole, so that it comes to be also where there was none, or a
 * damaged one. What the detach changed is kept, whoever wrote it down; it is lost where it cannot be read.
 */
export const recordOfRun = (
  run: Run,
  before: SeedRecord | undefined,
  now: Pick<SeedRecord, 'status' | 'digest' | 'finishedAt'>,
): SeedRecord => {
  const { request, facts } = run
  const { cluster, image, key, pullRequest } = request
  return {
    apiVersion: recordVersion,
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
    // That of the merge differs in one line from what the pull request brought.
    ...(now.finishedAt === null ? {} : endOf(run, now.digest)),
  }
}

/** The part that only a run that ends can fill in: the image for its users, its origin, and the times. */
const endOf = (
  { request, facts, phase, since }: Run,
  digest: string | null,
): Pick<SeedRecord, 'seedImageRef' | 'versions' | 'times' | 'commits'> => ({
  ...seedImageRefOf(request.image, { digest, version: facts.imageVersion ?? null }),
  ...(facts.versions === undefined ? {} : { versions: facts.versions }),
  times: timesOf({ ...facts.times, ...(isEnded(phase) ? {} : { [phase]: since }) }),
  commits: { pushedAs: facts.pushedAs, generatorAs: facts.generatorAs },
})

/** An image by its digest says nothing of its version, so without one there is nothing to hand on. */
const seedImageRefOf = (
  image: string,
  { digest, version }: Readonly<{ digest: string | null; version: string | null }>,
): Pick<SeedRecord, 'seedImageRef'> => {
  if (digest === null || version === null) return { seedImageRef: null }
  return { seedImageRef: { image: `${image.replace(/:[^:/]*$/, '')}@${digest}`, version } }
}

/** In the order of the phases. */
const timesOf = (times: NonNullable<Run['facts']['times']>): SeedRecord['times'] =>
  Object.fromEntries(
    activePhases.flatMap(phase => {
      const at = times[phase]
      return at === undefined ? [] : [[phase, at]]
    }),
  )
