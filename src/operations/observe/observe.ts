import type { Check } from '../../core/preflight/check.ts'
import type { Observation, ObservationOf } from '../../core/run/observation.ts'
import { isEnded, type Active, type Run } from '../../core/run/run.ts'
import { mapSeen, present, unknown, type Seen } from '../../core/seen.ts'
import { trackSecret, type TrackedSecret } from '../../core/secret/track-secret.ts'
import { RefusedError, SowerError } from '../../errors.ts'
import { savedAccess } from '../hub/saved-access.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { observeAccess } from '../hub/prove-access.ts'
import { observeApplication } from '../hub/find-applications.ts'
import { type Context } from '../context.ts'
import { readBase } from '../base.ts'
import { fetchBase } from '../base.ts'
import { observeManagedCluster, observeRemaining } from '../hub/observe-remaining.ts'
import { runChecks } from '../run-checks.ts'
import { affectedBy } from '../../core/proof/affected-by.ts'
import { readSeedGeneratorAt } from '../read-seed-generator-at.ts'
import { rootsAt } from '../base.ts'
import { lastUse } from '../../core/detach/last-use.ts'
import {
  observeAddonNamespaces,
  observeKlusterlet,
  observeSeedGenerator,
} from '../seed/observe-seed-generator.ts'
import { observeDelivery, observeImage, observeSeedSecret } from './observe-delivery.ts'
import { observeBranch, observeDetachHolds, type BranchState } from './observe-branch.ts'
import { observeRecordedEnd, observeRecordedMerge } from './observe-recorded-merge.ts'
import { observeSecret } from './observe-secret.ts'

/** An observation, with what the report shows beside it. */
export type Look = Readonly<{
  observation: Observation
  branch: BranchState | null
  checks: readonly Check[]
  /** How far the push credential is; null where the base branch could not be read. */
  secret: TrackedSecret | null
}>

/**
 * Looks at all that the run's phase needs, and at nothing else. Answers and their absence are values;
 * what is thrown is a repository that cannot be used (UnavailableError) or is not configured right
 * (RefusedError, InputError).
 */
export const observe = async (context: Context, run: Run): Promise<Look> => {
  if (isEnded(run.phase))
    throw new RefusedError('INTERNAL', `observing ${run.name}: its run has ended`)
  const look =
    run.phase === 'Requested' || run.phase === 'Proposed'
      ? await observeBeforeMerge(context, run, run.phase)
      : {
          observation: await observeAfterMerge(context, run, run.phase),
          branch: null,
          checks: [],
        }
  return { ...look, secret: await track(context, run, look.observation) }
}

/** For the report only: what cannot be read here is reported where it is needed. */
const track = async (
  context: Context,
  run: Run,
  observation: Observation,
): Promise<TrackedSecret | null> => {
  try {
    const { config, checkout } = await readBase(context)
    const { directory, seeds } = config
    const observed = await observeSecret(context, {
      config,
      tree: checkout.tree,
      base: '',
      image: run.request.image,
      run,
      onSeed:
        'seedSecret' in observation
          ? mapSeen(observation.seedSecret, () => true as const)
          : unknown('unreachable'),
      usedAt: lastUse(checkout.tree, { directory, seeds }),
    })
    return trackSecret(observed)
  } catch (error) {
    if (error instanceof SowerError) return null
    throw error
  }
}

const observeBeforeMerge = async (
  context: Context,
  run: Run,
  phase: 'Requested' | 'Proposed',
): Promise<Omit<Look, 'secret'>> => {
  const { cluster } = run.request
  // First of all: a merge must be seen also while Git or the configuration cannot be read.
  const pullRequest = await context.ports.forge.pullRequest(run.request.pullRequest)
  const isOpen = pullRequest.seen === 'present' && pullRequest.value.state === 'open'
  const unread = unknown('unreachable')
  const base = isOpen ? await fetchBase(context) : null
  const branch: BranchState =
    isOpen && base
      ? await observeBranch(context, { base, run, pullRequest: pullRequest.value })
      : { detach: unread, proof: null, diff: null }
  const access = isOpen ? await observeAccess(context, cluster) : unread
  const head = pullRequest.seen === 'present' ? pullRequest.value.headSha : null
  const checks = base ? await runChecks(context, { base, run, proof: branch.proof, head }) : []
  const managedCluster = isOpen ? await observeManagedCluster(context, cluster) : unread
  const detachHolds: Seen<boolean> = mapSeen(branch.detach, ({ status }) => status === 'detached')
  const { proof } = branch
  const shared = { pullRequest, detachHolds, checks, access, managedCluster }
  const observation: Observation =
    phase === 'Requested'
      ? { phase, ...shared, detach: branch.detach }
      : {
          phase,
          ...shared,
          proof: proof
            ? present({
                allowed: proof.refusal === null,
                reason: proof.refusal ?? '',
                left: affectedBy(proof).left ?? 0,
              })
            : branch.detach.seen === 'present' && branch.detach.value.status === 'refused'
              ? present({ allowed: false, reason: branch.detach.value.reason, left: 0 })
              : unknown('unreachable'),
        }
  return { observation, branch, checks }
}

type AfterMerge = Exclude<Active, 'Requested' | 'Proposed'>

const observeAfterMerge = async (
  context: Context,
  run: Run,
  phase: AfterMerge,
): Promise<Observation> => {
  const { cluster, image } = run.request
  if (phase === 'Detaching') {
    // Before all else: Argo CD may be pruning, and the admin kubeconfig goes with the ClusterDeployment.
    const access = await observeAccess(context, cluster)
    if (access.seen === 'absent') return onlyAccess(access)
  }
  const base = await fetchBase(context)
  const { config } = base
  const detachHolds = await observeDetachHolds(context, { base, run }).catch((error: unknown) => {
    // Everywhere else the reason is shown; here the run has to be able to end.
    if (phase === 'CleaningUp' && error instanceof RefusedError) return unknown('not-served')
    throw error
  })
  const seed = await connectSeed(context, cluster)
  switch (phase) {
    case 'Detaching': {
      const roots = rootsAt(base, cluster)
      const { mergedAs } = run.facts
      const [access, application, remaining, managedCluster, klusterlet, addonNamespaces] =
        await Promise.all([
          observeAccess(context, cluster),
          observeApplication(context, { config, roots, mergedAs }),
          observeRemaining(context, cluster),
          observeManagedCluster(context, cluster),
          observeKlusterlet(seed),
          observeAddonNamespaces(seed),
        ])
      const canSync = context.ports.argocd !== null
      return {
        phase,
        detachHolds,
        access,
        recordHoldsMerge: observeRecordedMerge(base, run),
        application,
        canSync,
        remaining,
        managedCluster,
        klusterlet,
        addonNamespaces,
      }
    }
    case 'Detached':
      return {
        phase,
        detachHolds,
        managedCluster: await observeManagedCluster(context, cluster),
        klusterlet: await observeKlusterlet(seed),
        generator: await readSeedGeneratorAt(context, base, cluster),
      }
    case 'Delivering':
      return {
        phase,
        detachHolds,
        managedCluster: await observeManagedCluster(context, cluster),
        klusterlet: await observeKlusterlet(seed),
        ...(await observeDelivery(context, { config, image, seed })),
        seedGenerator: await observeSeedGenerator(seed),
      }
    case 'Generating':
      return { phase, detachHolds, seedGenerator: await observeSeedGenerator(seed) }
    case 'Verifying':
      return {
        phase,
        detachHolds,
        image: await observeImage(context, { config, image }),
        seedGenerator: await observeSeedGenerator(seed),
      }
    case 'CleaningUp':
      return {
        phase,
        detachHolds,
        seedGenerator: await observeSeedGenerator(seed),
        seedSecret: await observeSeedSecret(seed, { config, value: null }),
        record: await observeRecordedEnd(context, { base, run }),
        // Only whether there is something to delete: the seed may be off by now.
        access: mapSeen(await context.ports.hub.read(savedAccess(context, cluster)), () => ({
          proven: true,
          reason: null,
        })),
      }
  }
}

/** A look at Detaching that saw nothing but the access. */
const onlyAccess = (access: ObservationOf<'Detaching'>['access']): Observation => {
  const unread = unknown('unreachable')
  return {
    phase: 'Detaching',
    access,
    detachHolds: unread,
    recordHoldsMerge: unread,
    application: unread,
    canSync: false,
    remaining: [],
    managedCluster: unread,
    klusterlet: unread,
    addonNamespaces: unread,
  }
}
