import type { AskedRight } from '../../../src/core/preflight/facts.ts'
import { absent, present } from '../../../src/core/seen.ts'
import {
  add,
  argocd,
  change,
  conditions,
  drop,
  git,
  registry,
  type Fault,
  type Learn,
} from './fault.ts'
import { reachFaults } from './reach-faults.ts'
import { seedFaults } from './seed-faults.ts'

const leak = { commit: 'a', path: 'a.yaml', line: 1, code: 'PRIVATE_KEY' } as const
const detachedBy = 'baremetalhost.metal3.io/detached'
const removes = 'bmac.agent-install.openshift.io/remove-agent-and-node-on-delete'

const gitFaults: readonly Fault[] = [
  { id: 'git.no-credential', reason: /PRIVATE_KEY/, facts: git({ leaks: present([leak]) }) },
  { id: 'git.no-seed-object', reason: /^x$/, facts: git({ seedObjects: present(['x']) }) },
  { id: 'git.proof', reason: /loses/, facts: git({ refusal: 'it loses more' }) },
  {
    ...{ id: 'git.seed-not-spent', level: 'block', reason: /already \(first-installation\)/ },
    facts: git({ spentClusterId: 'first-installation' }),
  },
  {
    ...{ id: 'git.credential-rotated', level: 'warn', reason: /^not rotated/ },
    facts: git({ credential: 'used' }),
  },
  {
    ...{ id: 'git.base-writable', level: 'warn', reason: /is protected$/ },
    facts: git({ baseIsProtected: present(true) }),
  },
  {
    ...{ id: 'git.base-writable', level: 'warn', reason: /: creation, pull_request$/ },
    facts: git({
      commit: 'pull-request',
      ownBranchRules: present(['creation', 'deletion', 'pull_request']),
    }),
  },
]

const without = (
  asked: readonly AskedRight[],
  verb: string,
  resource: string,
): readonly AskedRight[] =>
  asked.map(one =>
    one.right.verb === verb && one.right.resource === resource
      ? { ...one, allowed: present(false) }
      : one,
  )
const denied =
  (verb: string, resource: string): Learn =>
  known => ({
    ...known,
    rights: {
      hub: without(known.rights.hub, verb, resource),
      seed: without(known.rights.seed, verb, resource),
    },
  })
const rightsFaults: readonly Fault[] = [
  {
    ...{ id: 'hub.rights', level: 'block', facts: denied('list', 'dataimages') },
    reason: /^not allowed to list dataimages.metal3.io in sno1 \(ClusterRole sower\)$/,
  },
  {
    ...{ id: 'seed.rights', level: 'block', facts: denied('delete', 'seedgenerators') },
    reason: /^not allowed to delete seedgenerators.lca.openshift.io seedimage$/,
  },
]

const registryFaults: readonly Fault[] = [
  { id: 'secret.authfile', reason: /not on the hub/, facts: registry({ secret: absent }) },
  { id: 'registry.push', reason: /refuses/, facts: registry({ mayPush: present(false) }) },
  {
    ...{ id: 'registry.push', reason: /another port, https:\/\/r;/ },
    facts: registry({ mayPush: present({ is: 'other-port', at: 'https://r' }) }),
  },
  { id: 'registry.tag-free', reason: /will be replaced/, facts: registry({ tag: present('sha') }) },
  {
    ...{ id: 'registry.image', reason: /^it has a scheme$/ },
    facts: known => ({ ...known, image: 'docker://a/b:1' }),
  },
  {
    ...{ id: 'registry.image', reason: /^no image is named$/ },
    facts: known => ({ ...known, image: null }),
  },
]

const argocdFaults: readonly Fault[] = [
  {
    ...{ id: 'argocd.token', level: 'warn', reason: /does not let it sync the Application$/ },
    facts: argocd({ token: present({ get: true, sync: false }) }),
  },
  {
    ...{ id: 'argocd.token', level: 'warn', reason: /does not let it get and sync the/ },
    facts: argocd({ token: present({ get: false, sync: false }) }),
  },
  { id: 'hub.application-prunes', reason: /^0 App/, facts: argocd({ applications: present([]) }) },
  {
    ...{ id: 'hub.application-prunes', reason: /annotated Prune=false/ },
    objects: change('ClusterInstance', {
      metadata: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
    }),
  },
  {
    id: 'hub.application-not-emptied',
    level: 'warn',
    reason: /refuse/,
    facts: argocd({ left: 0 }),
  },
]

const hubFaults: readonly Fault[] = [
  { id: 'hub.managed-cluster-available', reason: /no such/, objects: drop('ManagedCluster') },
  {
    ...{ id: 'hub.managed-cluster-available', reason: /^not True: ManagedClusterJoined$/ },
    objects: change('ManagedCluster', {
      status: conditions(['ManagedClusterConditionAvailable', 'True']),
    }),
  },
  {
    ...{ id: 'hub.managed-cluster-available', reason: /the hub itself/ },
    objects: change('ManagedCluster', { metadata: { labels: { 'local-cluster': 'true' } } }),
  },
  {
    ...{ id: 'hub.managed-cluster-available', reason: /being deleted/ },
    objects: change('ManagedCluster', { metadata: { deletionTimestamp: '2026-01-01' } }),
  },
  {
    ...{ id: 'hub.managed-cluster-available', reason: /does not accept/ },
    objects: change('ManagedCluster', { spec: { hubAcceptsClient: false } }),
  },
  {
    ...{ id: 'hub.managed-cluster-available', reason: /already \(ManagedClusterForceDetaching\)$/ },
    objects: change('ManagedCluster', {
      status: {
        conditions: [
          { type: 'ManagedClusterConditionAvailable', status: 'True' },
          { type: 'ManagedClusterJoined', status: 'True' },
          { type: 'ManagedClusterImportSucceeded', reason: 'ManagedClusterForceDetaching' },
        ],
      },
    }),
  },
  {
    ...{ id: 'hub.cluster-instance', reason: /^siteconfig says that BareMetalHost a is failed$/ },
    objects: change('ClusterInstance', {
      status: {
        manifestsRendered: [
          { kind: 'ManagedCluster', name: 'sno1', status: 'rendered' },
          { kind: 'BareMetalHost', name: 'a', status: 'failed' },
        ],
      },
    }),
  },
  {
    ...{ id: 'hub.cluster-instance', reason: /^it is paused$/ },
    objects: change('ClusterInstance', {
      metadata: {
        annotations: { 'clusterinstance.siteconfig.open-cluster-management.io/paused': '' },
      },
    }),
  },
  {
    ...{ id: 'hub.no-data-image', level: 'warn', reason: /^there is sno1\/x$/ },
    objects: add('hub', 'DataImage', { namespace: 'sno1' }),
  },
  ...[
    { status: conditions(['Completed', 'False']) },
    { status: conditions(['Failed', 'True']) },
    { metadata: { name: 'x', namespace: 'sno1', deletionTimestamp: '2026-01-01' } },
  ].map(more => ({
    ...{ id: 'hub.image-install-completed', reason: /^not completed: sno1\/x$/ },
    objects: add('hub', 'ImageClusterInstall', { namespace: 'sno1', ...more }),
  })),
  {
    ...{ id: 'hub.cluster-instance', reason: /being deleted/ },
    objects: change('ClusterInstance', { metadata: { deletionTimestamp: '2026-01-01' } }),
  },
  {
    ...{ id: 'hub.cluster-instance', reason: /paused/ },
    objects: change('ClusterInstance', { status: { paused: { reason: 'x' } } }),
  },
  {
    ...{ id: 'hub.cluster-instance', reason: /reinstall/ },
    objects: change('ClusterInstance', { spec: { reinstall: {} } }),
  },
  {
    ...{ id: 'hub.cluster-instance', reason: /not provisioned/ },
    objects: change('ClusterInstance', { status: conditions(['Provisioned', 'False']) }),
  },
  {
    ...{ id: 'hub.cluster-deployment', reason: /protected/ },
    objects: change('ClusterDeployment', {
      metadata: { annotations: { 'hive.openshift.io/protected-delete': 'true' } },
    }),
  },
  {
    ...{ id: 'hub.cluster-deployment', reason: /not installed/ },
    objects: change('ClusterDeployment', { spec: { installed: false } }),
  },
  {
    ...{ id: 'hub.cluster-deployment', reason: /clusterInstallRef/ },
    objects: change('ClusterDeployment', { spec: { clusterInstallRef: undefined } }),
  },
  {
    ...{ id: 'hub.addons', level: 'warn', reason: /^cluster-proxy$/ },
    objects: add('hub', 'ManagedClusterAddOn', { name: 'cluster-proxy', namespace: 'sno1' }),
  },
  {
    ...{ id: 'hub.addons', level: 'block', reason: /^observability-controller$/ },
    objects: add('hub', 'ManagedClusterAddOn', {
      ...{ name: 'observability-controller', namespace: 'sno1' },
    }),
  },
  {
    ...{ id: 'hub.no-auto-import', reason: /sno1\/auto-import-secret/ },
    objects: add('hub', 'Secret', { name: 'auto-import-secret', namespace: 'sno1' }),
  },
  {
    ...{ id: 'hub.policies-compliant', level: 'warn', reason: /^not Compliant: ztp.x$/ },
    objects: add('hub', 'Policy', { name: 'ztp.x', namespace: 'sno1' }),
  },
  {
    ...{ id: 'hub.ztp-done', level: 'warn', reason: /ztp-running/ },
    objects: change('ManagedCluster', { metadata: { labels: { 'ztp-running': '' } } }),
  },
  {
    ...{ id: 'hub.no-group-upgrade', level: 'warn', reason: /^under way: ns\/cgu$/ },
    objects: add('hub', 'ClusterGroupUpgrade', {
      ...{ name: 'cgu', namespace: 'ns', spec: { clusters: ['sno1'] } },
      status: conditions(['Progressing', 'True']),
    }),
  },
  { id: 'hub.acm-known', level: 'warn', reason: /not known/, objects: drop('MultiClusterHub') },
  {
    ...{ id: 'hub.acm-known', level: 'warn', reason: /^ACM 2.12$/ },
    objects: change('MultiClusterHub', { status: { currentVersion: '2.12.3' } }),
  },
  { id: 'hub.hosts-detached', reason: /^there is no/, objects: drop('BareMetalHost') },
  ...(
    [
      [{ metadata: { annotations: {} } }, /^host: not detached$/],
      [{ status: { operationalStatus: 'OK' } }, /^host: not detached$/],
      [{ status: { provisioning: { state: 'deprovisioning' } } }, /deprovisioning$/],
      [{ metadata: { annotations: { [detachedBy]: '{"deleteAction":"delay"}' } } }, /for ever/],
      [{ metadata: { annotations: { [detachedBy]: 'x', [removes]: 'true' } } }, /^host: annotated/],
      [
        { metadata: { annotations: {} }, spec: { externallyProvisioned: true } },
        /externally provisioned and not detached$/,
      ],
    ] as const
  ).map(([how, reason]) => ({
    ...{ id: 'hub.hosts-detached', reason, objects: change('BareMetalHost', how) },
  })),
  {
    ...{ id: 'hub.hosts-not-cleaned', level: 'warn', reason: /sno1\/host/ },
    objects: change('BareMetalHost', { spec: { automatedCleaningMode: 'metadata' } }),
  },
]

/** Every fault that a check of the tables must find, alone. */
export const faults: readonly Fault[] = [
  ...[gitFaults, rightsFaults, registryFaults, argocdFaults, hubFaults, seedFaults, reachFaults],
].flat()
