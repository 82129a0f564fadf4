import type { Observation, ObservationOf } from '../../core/run/observation.ts'
import { isAdopted } from '../../core/run/detaching/is-adopted.ts'
import type { Run } from '../../core/run/run.ts'
import { absent, holds, mapSeen, unknown } from '../../core/seen.ts'
import { fetchBase } from '../read-base.ts'
import { rootsAt } from '../base.ts'
import type { Context } from '../context.ts'
import { detachTree } from '../../core/waiting/detach-tree.ts'
import { blockersIn, type Waiting } from '../../core/waiting/waiting.ts'
import { readRecordIfValid } from '../../core/detach/read-record-at.ts'
import { findApplications, stateOf } from '../hub/find-applications.ts'
import { observeSight } from '../hub/observe-sight.ts'
import { readDetachObjects } from '../hub/read-detach-objects.ts'
import {
  findClusterInstances,
  observeClusterInstance,
  observeRemaining,
  readManagedCluster,
} from '../hub/observe-remaining.ts'
import { observeAccessOf } from './observe-access-of.ts'
import { askToken } from '../preflight/ask-token.ts'
import { connectSeed } from '../seed/connect-seed.ts'
import { observeAddonNamespaces, observeKlusterlet } from '../seed/observe-seed-generator.ts'
import { observeDetachHolds } from './observe-branch.ts'
import { observeOwnPullRequest } from './observe-own-pull-request.ts'
import { observeRecordedMerge } from './observe-recorded-merge.ts'

/** The observation, and its tree for people; null where nothing but the access was looked at. */
export type Detaching = Readonly<{ observation: Observation; tree: Waiting | null }>

/**
 * Looks at what is left of the cluster on the hub and the seed. The access comes before all else: Argo CD may be
 * pruning, and the admin kubeconfig goes with the ClusterDeployment.
 */
export const observeDetaching = async (context: Context, run: Run): Promise<Detaching> => {
  const { cluster } = run.request
  const access = await observeAccessOf(context, run)
  if (access.seen === 'absent') return { observation: onlyAccess(access), tree: null }
  const base = await fetchBase(context)
  const { config, checkout } = base
  const detachHolds = await observeDetachHolds(context, { base, run })
  const seed = await connectSeed(context, cluster)
  const { mergedAs } = run.facts
  const roots = rootsAt(base, cluster)
  const { hub } = context.ports
  const instances = findClusterInstances(context, cluster)
  const [applications, clusterInstance, objects, found, klusterlet, addons] = await Promise.all([
    findApplications(context, { config, roots }),
    observeClusterInstance(context, cluster, instances),
    readDetachObjects(hub, cluster, instances),
    readManagedCluster(context, cluster),
    observeKlusterlet(seed),
    observeAddonNamespaces(seed),
  ])
  const controlPlane = config.argocd.namespace
  // An adopted run asks nothing of Argo CD; the tree shows what is there all the same.
  const application = isAdopted(run)
    ? absent
    : await stateOf(context, applications, { mergedAs, controlPlane })
  const token = holds(application, ({ refusesToEmpty }) => refusesToEmpty)
    ? await askToken(context.ports.argocd, applications, controlPlane)
    : absent
  // Only a definite no sends a person there: without an answer the order itself shows it.
  const isDenied = holds(token, ({ get, sync }) => !get || !sync)
  const recordHoldsMerge = observeRecordedMerge(base, run)
  const ownPullRequest = holds(recordHoldsMerge, held => held)
    ? unknown('not-asked')
    : await observeOwnPullRequest(context, { base, run, step: 'record-merge' })
  const remaining = await observeRemaining(context, cluster, objects)
  const record = readRecordIfValid(checkout.tree, { directory: config.directory, cluster })
  const now = context.now().toISOString()
  const sight = await observeSight(hub, config, {
    ...{ cluster, objects, managedCluster: found, applications, klusterlet, now },
    hasMerge: application.seen === 'present' ? application.value.hasMerge : null,
    addonNamespaces: addons,
    edited: record?.detached?.edits.map(({ file }) => file) ?? [],
  })
  const tree = detachTree(sight, now)
  return {
    observation: {
      phase: 'Detaching',
      blockers: blockersIn(tree),
      ...{ detachHolds, access, recordHoldsMerge, ownPullRequest, application },
      ...{ clusterInstance, canSync: context.ports.argocd !== null && !isDenied, remaining },
      managedCluster: mapSeen(found, ({ metadata }) => ({ uid: metadata.uid })),
      ...{ klusterlet, addonNamespaces: addons },
    },
    tree,
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
    ownPullRequest: unread,
    application: unread,
    clusterInstance: unread,
    canSync: false,
    ...{ remaining: [], blockers: [] },
    managedCluster: unread,
    klusterlet: unread,
    addonNamespaces: unread,
  }
}
