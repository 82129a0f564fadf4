import { z } from 'zod'
import type { ObjectStore } from '../kubernetes/object-store.ts'

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

const hasAny = (
  store: ObjectStore,
  apiVersion: string,
  kind: string,
  namespace?: string,
): boolean =>
  store.list({ apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) }).length > 0

/** Why the cluster must not become a seed, or undefined: the first hit of seedgen_controller.go:589-686. */
export const rejectionOf = (store: ObjectStore): string | undefined => {
  if (store.get({ ...crds, name: 'klusterlets.operator.open-cluster-management.io' }))
    return 'Rejected: Cluster must be detached from hub prior to seed generation'
  const addons = store
    .list({ apiVersion: 'v1', kind: 'Namespace' })
    .map(({ metadata: { name } }) => name)
    .filter(name => name.startsWith('open-cluster-management-addon-'))
  if (addons.length > 0) return `Rejected due to presence of ACM addon(s): ${addons.join(',')}`
  const pullSecret = pullSecretSchema.safeParse(store.get(pullSecretKey)).data
  const configured = Buffer.from(pullSecret?.data['.dockerconfigjson'] ?? '', 'base64').toString()
  if (configured === emptyPullSecret)
    return 'Rejected due to invalid cluster pull-secret (previously sanitized without proper restore)'
  if (hasAny(store, 'v1', 'PersistentVolume'))
    return 'Rejected: Cluster must not have any Persistent Volumes configured'
  if (hasAny(store, 'local.storage.openshift.io/v1', 'LocalVolume'))
    return 'Rejected: Cluster must not have any LocalVolumes resources configured'
  if (hasAny(store, 'lvm.topolvm.io/v1alpha1', 'LVMCluster'))
    return 'Rejected: Cluster must not have any LVMClusters resources configured'
  if (hasAny(store, 'oadp.openshift.io/v1alpha1', 'DataProtectionApplication', 'openshift-adp'))
    return 'Rejected: Cluster must not have any DataProtectionApplication resources configured'
  return undefined
}

const healthSchema = z.looseObject({
  status: z
    .looseObject({
      phase: z.string().optional(),
      machineCount: z.number().optional(),
      readyMachineCount: z.number().optional(),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    })
    .default({ conditions: [] }),
})

type Health = Readonly<{
  name: string
  is: (type: string) => boolean
  status: z.infer<typeof healthSchema>['status']
}>

const healthOf = (store: ObjectStore, apiVersion: string, kind: string): Health[] =>
  store.list({ apiVersion, kind }).map(object => {
    const { status } = healthSchema.parse({ status: object['status'] })
    return {
      name: object.metadata.name,
      status,
      is: type => status.conditions.some(each => each.type === type && each.status === 'True'),
    }
  })

const sick = (
  what: string,
  objects: readonly Health[],
  isHealthy: (of: Health) => boolean,
): string[] =>
  objects.filter(object => !isHealthy(object)).map(({ name }) => `${what} ${name} not ready`)

/** The parts that keep the cluster from being stable, as the agent's own checks see it (healthcheck.go:43-126); empty when none does. */
export const unhealthyParts = (store: ObjectStore): readonly string[] => [
  ...sick(
    'clusteroperator',
    healthOf(store, 'config.openshift.io/v1', 'ClusterOperator'),
    ({ is }) => is('Available') && !is('Progressing') && !is('Degraded'),
  ),
  ...sick(
    'machineconfigpool',
    healthOf(store, 'machineconfiguration.openshift.io/v1', 'MachineConfigPool'),
    ({ status }) => status.machineCount === status.readyMachineCount,
  ),
  ...sick('node', healthOf(store, 'v1', 'Node'), ({ is }) => is('Ready')),
  ...sick(
    'csv',
    healthOf(store, 'operators.coreos.com/v1alpha1', 'ClusterServiceVersion'),
    ({ name, status }) => name.includes('lifecycle-agent') || status.phase === 'Succeeded',
  ),
  ...sick('csr', healthOf(store, 'certificates.k8s.io/v1', 'CertificateSigningRequest'), ({ is }) =>
    is('Approved'),
  ),
]
