import type { Effect, Generation, Run } from '../run.ts'
import { proveImage, type SeedImage } from '../../seedgen/prove-image.ts'
import type { SeedGeneratorState } from '../../seedgen/read-conditions.ts'
import { mapSeen, type Seen } from '../../seen.ts'

/** A generation of which nothing was seen yet. */
export const newGeneration: Generation = { awaySince: null, waited: 0, ended: false }

/** The generation of a run; one that has just begun where nothing was seen yet. */
export const generationOf = ({ facts }: Run): Generation => facts.generation ?? newGeneration

/**
 * True while the Lifecycle Agent may be at work on the seed or putting back what it hid: it was given a SeedGenerator, and
 * nobody has heard that it is over.
 */
export const mayBeAtWork = ({ facts }: Run): boolean =>
  facts.generation === undefined
    ? facts.times?.Generating !== undefined
    : facts.generation?.ended === false

/** It has ended, or has changed nothing yet: only then it is neither making the image nor putting back what it hid. */
export const isIdle = ({ progress, message }: SeedGeneratorState): boolean =>
  progress !== 'running' || (message ?? '').startsWith('Waiting for system to stabilize')

/** Deletes that SeedGenerator as it was seen: one that the agent has gone on with since is another matter. */
export const deletionOf = ({ uid, resourceVersion }: SeedGeneratorState): Effect => ({
  do: 'delete-seed-generator',
  uid,
  ...(resourceVersion === undefined ? {} : { resourceVersion }),
})

/** True if the push credential has left the hub, or nobody knows that it has not. */
export const hasCredentialLeft = ({ facts }: Run): boolean =>
  facts.clusterID !== undefined || (facts.generation ?? null) !== null

/** The proof that an image is the result of a run. */
export const imageOf = (
  { request: { cluster, image }, facts }: Run,
  seen: Seen<SeedImage>,
): Seen<ReturnType<typeof proveImage>> =>
  mapSeen(seen, found =>
    proveImage(found, {
      ...{ cluster, image, digestBefore: facts.digestBefore },
      seed: {
        version: facts.versions?.openshift,
        hasProxy: facts.traits?.hasProxy,
        hasFips: facts.traits?.hasFips,
      },
    }),
  )
