import { z } from 'zod'
import type { ObjectStore } from '../kubernetes/object-store.ts'
import type { LifecycleAgentFaults } from './lifecycle-agent-faults.ts'

/** The pull secret that stands in for the real one while the image is made (lifecycle-agent consts.go:149). */
export const emptyPullSecret = JSON.stringify({
  auths: {
    'registry.connect.redhat.com': {
      username: 'empty',
      password: 'empty',
      auth: 'ZW1wdHk6ZW1wdHk=',
      email: '',
    },
  },
})

const crds = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
const pullSecretSchema = z.looseObject({ data: z.record(z.string(), z.string()) })

/** The cluster's pull secret. */
export const pullSecretKey = {
  apiVersion: 'v1',
  kind: 'Secret',
  namespace: 'openshift-config',
  name: 'pull-secret',
}

const none = (store: ObjectStore, apiVersion: string, kind: string, namespace?: string): boolean =>
  store.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) }).length === 0

const csvSchema = z.looseObject({ spec: z.looseObject({ version: z.string() }) })

/** The version of OADP; null where it is not installed: a CSV and one CRD of its own (common.go:526-568). */
const oadpOf = (store: ObjectStore): readonly number[] | null => {
  const hasCrd = store
    .list(crds)
    .some(({ metadata }) => metadata.name.endsWith('oadp.openshift.io'))
  const csv = store
    .list({
      apiVersion: 'operators.coreos.com/v1alpha1',
      kind: 'ClusterServiceVersion',
      namespace: 'openshift-adp',
    })
    .find(({ metadata }) => metadata.name.includes('oadp-operator'))
  return csv && hasCrd ? csvSchema.parse(csv).spec.version.split('.').map(Number) : null
}

const isOlder = ([major = 0, minor = 0, patch = 0]: readonly number[]): boolean =>
  major < 1 || (major === 1 && (minor < 3 || (minor === 3 && patch < 1)))

/** The checks in their order: the first text counts (seedgen_controller.go:589-686). */
const checks: readonly ((
  store: ObjectStore,
  faults: Pick<LifecycleAgentFaults, 'lacks'>,
) => string | false)[] = [
  (_, { lacks }) =>
    lacks === 'ostree admin set-default' &&
    'Rejected: Installed release does not support "ostree admin set-default" feature',
  (_, { lacks }) =>
    lacks === 'shared container storage' &&
    'Rejected: Cluster must be configured with shared container storage',
  store =>
    store.get({ ...crds, name: 'klusterlets.operator.open-cluster-management.io' }) !== undefined &&
    'Rejected: Cluster must be detached from hub prior to seed generation',
  store => {
    const addons = store
      .list({ apiVersion: 'v1', kind: 'Namespace' })
      .map(({ metadata: { name } }) => name)
      .filter(name => name.startsWith('open-cluster-management-addon-'))
    return addons.length > 0 && `Rejected due to presence of ACM addon(s): ${addons.join(', ')}`
  },
  (_, { lacks }) =>
    lacks === 'dnsmasq' && 'Rejected due to system missing dnsmasq config required for IBU',
  store => {
    const pullSecret = pullSecretSchema.safeParse(store.get(pullSecretKey)).data
    const configured = Buffer.from(pullSecret?.data['.dockerconfigjson'] ?? '', 'base64')
    return (
      configured.toString() === emptyPullSecret &&
      'Rejected due to invalid cluster pull-secret (previously sanitized without proper restore)'
    )
  },
  store =>
    !none(store, 'v1', 'PersistentVolume') &&
    'Rejected: Cluster must not have any Persistent Volumes configured',
  store =>
    !none(store, 'local.storage.openshift.io/v1', 'LocalVolume') &&
    'Rejected: Cluster must not have any LocalVolumes configured',
  store =>
    !none(store, 'lvm.topolvm.io/v1alpha1', 'LVMCluster') &&
    'Rejected: Cluster must not have any LVMClusters configured',
  store =>
    oadpOf(store) !== null &&
    !none(store, 'oadp.openshift.io/v1alpha1', 'DataProtectionApplication', 'openshift-adp') &&
    'Rejected: Cluster must not have any DataProtectionApplication resources configured',
  store => isOlder(oadpOf(store) ?? [2]) && 'Rejected: Cluster must have OADP version >= 1.3.1',
]

/** Why the cluster must not become a seed, or undefined: the first hit. */
export const rejectionOf = (
  store: ObjectStore,
  faults: Pick<LifecycleAgentFaults, 'lacks' | 'unanswered'> = {},
): string | undefined => {
  if (faults.unanswered !== undefined)
    return `Failure occurred ${faults.unanswered} in system validation`
  for (const check of checks) {
    const text = check(store, faults)
    if (text !== false) return text
  }
  return undefined
}
