import type { RenderedIdentity } from './rendered-identity.ts'

/**
 * The key by which kustomize sorts an object in its output where no `sortOptions` are set; keys compare as texts do.
 * SortOrderTransformer.go: the place of the kind, then group, version and kind, then namespace and name. The same in
 * 5.0.0 to 5.8.1 for identities without `_` in group, version and kind, and with `Namespace` of the core group only.
 */
export const legacyOrder = ({ apiVersion, kind, name, namespace }: RenderedIdentity): string => {
  const slash = apiVersion.indexOf('/')
  const group = slash === -1 ? '~G' : apiVersion.slice(0, slash)
  const place = String.fromCharCode(places.get(kind) ?? last)
  return `${place}${group}_${apiVersion.slice(slash + 1)}_${kind}\0${namespace || '~X'}|${name}`
}

const orderFirst = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount'],
  ...['PodSecurityPolicy', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap'],
  ...['Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume'],
  ...['PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget'],
]
const orderLast = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

/** Character codes; those of all other kinds are between. */
const last = orderFirst.length + 1
const places: ReadonlyMap<string, number> = new Map([
  ...orderFirst.map((kind, index) => [kind, index + 1] as const),
  ...orderLast.map((kind, index) => [kind, last + 1 + index] as const),
])
