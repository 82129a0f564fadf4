import type { Observation, OwnPullRequest } from '../../core/run/observation.ts'
import type { OwnStep } from '../../core/run/own/own-changes.ts'
import type { Active, Run } from '../../core/run/run.ts'
import { seedGeneratorOf } from '../../core/seedgen/seed-generator-manifest.ts'
import { holds, mapSeen, unknown, type Seen } from '../../core/seen.ts'
import { RefusedError } from '../../errors.ts'
import { fetchBase } from '../read-base.ts'
import type { Context } from '../context.ts'
import { observeManagedCluster } from '../hub/observe-remaining.ts'
import { savedAccess } from '../hub/saved-access.ts'
import { credentialInGit } from '../preflight/spent-before.ts'
import { readSeedGeneratorAt } from '../read-seed-generator-at.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { observeAgent } from '../seed/observe-agent.ts'
import { observeRecreators } from '../seed/observe-recreators.ts'
import { observeKlusterlet, observeSeedGenerator } from '../seed/observe-seed-generator.ts'
import { observeDetachHolds } from './observe-branch.ts'
import { observeDelivery, observeImage, observeSeedSecret } from './observe-delivery.ts'
import { observeOwnPullRequest } from './observe-own-pull-request.ts'
import { observeMergeInRecord, observeRecordedEnd } from './observe-recorded-merge.ts'

/** The phases in which the seed is worked on. */
export type AfterDetach = Exclude<Active, 'Requested' | 'Proposed' | 'Detaching'>

/** Looks at what such a phase needs on the base branch, the hub, the seed and in the registry. */
export const observeAfterDetach = async (
  context: Context,
  run: Run,
  phase: AfterDetach,
): Promise<Observation> => {
  const { cluster, image } = run.request
  const base = await fetchBase(context)
  const { config } = base
  const detachHolds = await observeDetachHolds(context, { base, run }).catch((error: unknown) => {
    // Everywhere else the reason is shown; here the run has to be able to end.
    if (phase === 'CleaningUp' && error instanceof RefusedError) return unknown('not-served')
    throw error
  })
  const seed = await connectSeed(context, cluster)
  const held = { detachHolds, recordHoldsMerge: observeMergeInRecord(base, run) }
  const broughtBy = async (read: Seen<unknown>, step: OwnStep): Promise<Seen<OwnPullRequest>> =>
    read.seen === 'absent'
      ? observeOwnPullRequest(context, { base, run, step })
      : unknown('not-asked')
  switch (phase) {
    case 'Detached': {
      const generator = await readSeedGeneratorAt(context, base, run.request)
      return {
        phase,
        ...held,
        managedCluster: await observeManagedCluster(context, cluster),
        klusterlet: await observeKlusterlet(seed),
        generator,
        ownPullRequest: await broughtBy(generator, 'seed-generator'),
      }
    }
    case 'Delivering':
      return {
        phase,
        ...held,
        managedCluster: await observeManagedCluster(context, cluster),
        klusterlet: await observeKlusterlet(seed),
        ...(await observeDelivery(context, { config, image, seed, inGit: credentialInGit(base) })),
        recreators: await observeRecreators(context.ports, { cluster, config, seed }),
        seedGenerator: await observeSeedGenerator(
          seed,
          seedGeneratorOf({ cluster, image, recertImage: config.recertImage }).spec,
        ),
      }
    case 'Generating': {
      const seedGenerator = await observeSeedGenerator(seed)
      const isUnseen = seedGenerator.seen !== 'present'
      const isUntaken = holds(seedGenerator, ({ progress }) => progress === 'none')
      const notAsked = unknown('not-asked')
      return {
        ...{ phase, ...held, seedGenerator },
        image: isUnseen ? await observeImage(context, { config, image }) : notAsked,
        agent: isUntaken ? await observeAgent(seed, config) : notAsked,
      }
    }
    case 'Verifying':
      return {
        phase,
        ...held,
        image: await observeImage(context, { config, image }),
        seedGenerator: await observeSeedGenerator(seed),
      }
    case 'CleaningUp': {
      const record = observeRecordedEnd(base, run)
      return {
        phase,
        ...held,
        seedGenerator: await observeSeedGenerator(seed),
        seedSecret: await observeSeedSecret(seed, { config, value: null }),
        record,
        ownPullRequest: await broughtBy(record, 'record'),
        // Only whether there is something to delete: the seed may be off by now.
        access: mapSeen(await context.ports.hub.read(savedAccess(context, cluster)), () => ({
          proven: true,
          reason: null,
        })),
      }
    }
  }
}
