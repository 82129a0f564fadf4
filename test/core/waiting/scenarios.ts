import { absent, forbidden, present, unknown } from '../../../src/core/seen.ts'
import type { DetachSight } from '../../../src/core/waiting/detach-tree.ts'
import {
  applicationSight,
  hubObject,
  lately,
  longAgo,
  withCondition,
} from '../../support/detach-sight.ts'
import { syncFacts } from '../../support/sync-facts.ts'

const { application } = syncFacts()
const { status } = application
const deletionTimestamp = lately
const stale = { deletionTimestamp: longAgo }
const instance = hubObject('ClusterInstance')
const [leaving] = [hubObject('ClusterInstance', { deletionTimestamp, finalizers: ['siteconfig'] })]
const detached = { 'baremetalhost.metal3.io/detached': 'assisted-service-controller' }
const provisioned = {
  status: { provisioning: { state: 'provisioned' }, operationalStatus: 'detached' },
}
const needed = (
  changed: Partial<typeof application>,
  facts: object = {},
): Partial<DetachSight> => ({
  clusterInstances: present([instance]),
  application: present(applicationSight({ application: { ...application, ...changed }, ...facts })),
})
const condition = (type: string, message: string): Partial<DetachSight> =>
  needed({
    status: {
      ...status,
      sync: 'OutOfSync',
      conditions: [{ type, message, lastTransitionTime: longAgo }],
    },
  })
const operating = (phase: string, message: string, more: object = {}): Partial<DetachSight> =>
  needed({
    status: {
      ...status,
      sync: 'OutOfSync',
      operation: {
        ...{ phase, message, startedAt: longAgo, finishedAt: null, retryCount: 0, resources: [] },
        ...more,
      },
    },
  })
const host = (metadata: object, more: object = provisioned) =>
  hubObject('BareMetalHost', { name: 'node1', annotations: detached, ...metadata }, more)
const cluster = (more: object = {}, metadata: object = { deletionTimestamp }) =>
  hubObject('ManagedCluster', { finalizers: ['cleanup'], ...metadata }, more)

/** Each blocker of a detach, as one look shows it; the tree of each is in a snapshot. */
export const scenarios: Readonly<Record<string, Partial<DetachSight>>> = {
  'nothing is left': {},
  'Argo CD has not looked yet': {
    clusterInstances: present([instance]),
    application: present(applicationSight({}, { hasMerge: false })),
  },
  'Argo CD is asked to look': {
    clusterInstances: present([instance]),
    application: present(
      applicationSight(
        { application: { ...application, isRefreshing: true, revision: 'a'.repeat(40) } },
        { hasMerge: false },
      ),
    ),
  },
  'the ClusterInstance waits for its prune': needed({ status: { ...status, sync: 'OutOfSync' } }),
  'the render fails': condition(
    'ComparisonError',
    'Failed to load target state: Manifest generation error (cached): failed',
  ),
  'the Application would be empty': condition(
    'SyncError',
    'Skipping sync attempt to [a]: auto-sync will wipe out all resources',
  ),
  'the sync has failed for good': condition('SyncError', 'Failed last sync attempt to [a]: no'),
  'another Application shares it': condition('SharedResourceWarning', 'ClusterInstance/sno1 is'),
  'an error without words': condition('UnknownError', ''),
  'a prune wants to be confirmed': operating(
    'Running',
    'waiting for pruning confirmation of siteconfig/ClusterInstance/sno1',
  ),
  'an admission webhook says no': operating(
    'Failed',
    'admission webhook "x" denied the request: no',
    { finishedAt: longAgo, retryCount: 5 },
  ),
  'a sync fails for a reason that Sower does not know': operating('Error', 'no'),
  'the sync goes on': operating('Running', 'waiting for deletion of /Secret/x'),
  'the sync has begun': operating('Running', ''),
  'the object is not pruned': operating('Succeeded', 'successfully synced', {
    resources: [
      {
        ...{ kind: 'ClusterInstance', namespace: 'sno1', name: 'sno1' },
        ...{ status: 'PruneSkipped', message: 'ignored (no prune)', requiresPruning: true },
      },
    ],
  }),
  'the Application does not prune': needed({ prunes: false, namespace: '' }),
  'no instance is read, and a sync is refused': {
    ...condition('SyncError', 'auto-sync will wipe out all resources'),
    application: present(
      applicationSight({
        instances: [],
        application: {
          ...application,
          namespace: '',
          status: {
            ...status,
            conditions: [
              {
                type: 'SyncError',
                message: 'auto-sync will wipe out all resources',
                lastTransitionTime: null,
              },
            ],
          },
        },
      }),
    ),
  },
  'no Application renders it': { clusterInstances: present([instance]), application: absent },
  'the Application is gone, and so is the rest': { application: absent },
  'the hub gives no answer': {
    application: unknown('timeout'),
    clusterInstances: unknown('forbidden'),
    hosts: unknown('not-served'),
    managedCluster: unknown('unreachable'),
    klusterlet: unknown('not-asked'),
  },
  'the API servers deny a read': {
    hosts: forbidden({
      ...{ verb: 'list', group: 'metal3.io', resource: 'baremetalhosts', namespace: 'sno1' },
    }),
    klusterlet: forbidden({
      ...{ verb: 'get', group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' },
    }),
  },
  'siteconfig deletes its objects': {
    clusterInstances: present([
      {
        ...leaving,
        status: {
          manifestsRendered: [
            {
              kind: 'BareMetalHost',
              name: 'node1',
              namespace: 'sno1',
              status: 'deletion-in-progress',
            },
            { kind: 'ManagedCluster', name: 'sno1', status: 'rendered' },
          ],
        },
      },
    ]),
    hosts: present([host({ deletionTimestamp, finalizers: ['baremetalhost.metal3.io'] })]),
    managedCluster: present(cluster({}, {})),
    addons: present([hubObject('ManagedClusterAddOn')]),
    others: [
      { kind: 'AgentClusterInstall', read: present([hubObject('AgentClusterInstall')]) },
      { kind: 'DataImage', read: absent },
    ],
    klusterlet: present(true),
  },
  'siteconfig has paused': {
    clusterInstances: present([
      {
        ...leaving,
        status: {
          paused: { reason: 'deletion timeout exceeded' },
          manifestsRendered: [
            {
              ...{ kind: 'BareMetalHost', name: 'node1', namespace: 'sno1' },
              ...{ status: 'deletion-attempt-timed-out', message: 'Timed out' },
              lastAppliedTime: longAgo,
            },
            { kind: 'ManagedCluster', name: 'sno1', status: 'deletion-failed' },
          ],
        },
      },
    ]),
  },
  'siteconfig is paused by hand': {
    clusterInstances: present([
      hubObject('ClusterInstance', {
        annotations: { 'clusterinstance.siteconfig.open-cluster-management.io/paused': '' },
      }),
    ]),
  },
  'siteconfig says why it cannot delete': {
    clusterInstances: present([
      {
        ...hubObject('ClusterInstance', stale),
        ...withCondition('RenderedTemplatesDeleted', {
          ...{ status: 'False', reason: 'Failed', message: 'no right' },
        }),
      },
    ]),
  },
  'a host waits for its PreprovisioningImage': {
    hosts: present([
      host(stale, {
        status: {
          provisioning: { state: 'provisioned' },
          errorMessage: 'waiting for the deletion of PreprovisioningImage',
        },
      }),
    ]),
  },
  'a host reports an error': {
    hosts: present([host(stale, { status: { errorMessage: 'no BMC' } })]),
  },
  'the deletion of a host is delayed': {
    hosts: present([
      host({
        deletionTimestamp,
        annotations: { 'baremetalhost.metal3.io/detached': '{"deleteAction":"delay"}' },
      }),
    ]),
  },
  'a host is powered off': {
    hosts: present([
      host(
        { ...stale, annotations: {} },
        { status: { provisioning: { state: 'deprovisioning' } } },
      ),
      host(
        { name: 'node2', deletionTimestamp },
        { status: { provisioning: { state: 'deleting' } } },
      ),
      host({ name: 'node3', deletionTimestamp, annotations: undefined }, {}),
    ]),
  },
  'a host is held': { hosts: present([host({ ...stale, finalizers: ['a', 'b'] })]) },
  'an image-based host has a DataImage': {
    others: [
      {
        kind: 'DataImage',
        read: present([
          hubObject('DataImage', stale, { status: { error: { message: 'no boot' } } }),
        ]),
      },
      {
        kind: 'ImageClusterInstall',
        read: present([
          {
            ...hubObject('ImageClusterInstall', { deletionTimestamp }),
            ...withCondition('Failed', { message: 'no image' }),
          },
        ]),
      },
      {
        kind: 'AgentClusterInstall',
        read: present([
          hubObject(
            'AgentClusterInstall',
            { deletionTimestamp },
            {
              status: { debugInfo: { stateInfo: 'Cluster is installed' } },
            },
          ),
        ]),
      },
    ],
  },
  'ACM takes the cluster apart': {
    managedCluster: present(
      cluster({
        status: {
          conditions: [
            { type: 'ManagedClusterConditionAvailable', status: 'True' },
            {
              ...{ type: 'ManagedClusterImportSucceeded', status: 'False' },
              ...{ reason: 'ManagedClusterDetaching', message: '' },
            },
            {
              type: 'Deleting',
              status: 'True',
              reason: 'ResourceRemaining',
              message: 'addons left',
            },
          ],
        },
      }),
    ),
    addons: present([hubObject('ManagedClusterAddOn', { ...stale, finalizers: ['pre-delete'] })]),
    works: present([hubObject('ManifestWork')]),
    klusterlet: present(true),
  },
  'ACM has no add-ons left': { managedCluster: present(cluster()), works: present([]) },
  'the detach is forced': {
    managedCluster: present(
      cluster(withCondition('ManagedClusterConditionAvailable', { status: 'Unknown' })),
    ),
  },
  'ACM says that it forces': {
    managedCluster: present(
      cluster(
        withCondition('ManagedClusterImportSucceeded', { reason: 'ManagedClusterForceDetaching' }),
      ),
    ),
  },
  'the forced detach left the klusterlet': {
    klusterlet: present(true),
    addonNamespaces: present(['open-cluster-management-addon-observability']),
  },
  'add-on namespaces are still to go': {
    managedCluster: present(cluster()),
    addonNamespaces: present(['open-cluster-management-addon-observability']),
  },
  'add-ons outlive the ManagedCluster': {
    addons: present([hubObject('ManagedClusterAddOn', stale)]),
  },
  'the namespace stays': { namespace: present(hubObject('Namespace')) },
  'the namespace is kept': {
    namespace: present(
      hubObject('Namespace', {
        annotations: { 'open-cluster-management.io/retain-namespace': '' },
      }),
    ),
  },
  'the namespace does not end': {
    namespace: present(
      hubObject(
        'Namespace',
        { ...stale },
        withCondition('NamespaceFinalizersRemaining', { message: 'agents has 1 resource' }),
      ),
    ),
  },
}
