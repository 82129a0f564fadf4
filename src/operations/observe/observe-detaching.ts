import type { Observation, ObservationOf } from '../../core/run/observation.ts'
import type { Run } from '../../core/run/run.ts'
import { unknown } from '../../core/seen.ts'
import { fetchBase } from '../read-base.ts'
import { rootsAt } from '../base.ts'
import type { Context } from '../context.ts'
import { observeApplication } from '../hub/find-applications.ts'
import {
  findClusterInstances,
  observeClusterInstance,
  observeManagedCluster,
  observeRemaining,
} from '../hub/observe-remaining.ts'
import { observeAccess } from '../hub/prove-access.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { observeAddonNamespaces, observeKlusterlet } from '../seed/observe-seed-generator.ts'
import { observeDetachHolds } from './observe-branch.ts'
import { observeRecordedMerge } from './observe-recorded-merge.ts'

/**
 * Looks at what is left of the cluster on the hub and the seed. The access comes before all else: Argo CD may be
 * pruning, and the admin kubeconfig goes with the ClusterDeployment.
 */
export const observeDetaching = async (context: Context, run: Run): Promise<Observation> => {
  const { cluster } = run.request
  const saved = await observeAccess(context, cluster)
  if (saved.seen === 'absent') return onlyAccess(saved)
  const base = await fetchBase(context)
  const detachHolds = await observeDetachHolds(context, { base, run })
  const seed = await connectSeed(context, cluster)
  const { mergedAs } = run.facts
  const roots = rootsAt(base, cluster)
  const instances = findClusterInstances(context, cluster)
  const [access, application, clusterInstance, remaining, managedCluster, klusterlet, addons] =
    await Promise.all([
      observeAccess(context, cluster),
      observeApplication(context, { config: base.config, roots, mergedAs }),
      observeClusterInstance(context, cluster, instances),
      observeRemaining(context, cluster, instances),
      observeManagedCluster(context, cluster),
      observeKlusterlet(seed),
      observeAddonNamespaces(seed),
    ])
  return {
    phase: 'Detaching',
    ...{ detachHolds, access, recordHoldsMerge: observeRecordedMerge(base, run), application },
    ...{ clusterInstance, canSync: context.ports.argocd !== null, remaining, managedCluster },
    ...{ klusterlet, addonNamespaces: addons },
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
    clusterInstance: unread,
    canSync: false,
    remaining: [],
    managedCluster: unread,
    klusterlet: unread,
    addonNamespaces: unread,
  }
}
