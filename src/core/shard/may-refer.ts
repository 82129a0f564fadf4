/**
 * The kinds whose fields kustomize may set to the name or namespace of another object: every kind under `fieldSpecs`
 * in builtinpluginconsts/namereference.go, 5.0.0 to 5.8.1, but the core Service, which is meant only in the group
 * serving.knative.dev.
 */
const referring: ReadonlySet<string> = new Set([
  ...['APIService', 'ClusterRole', 'ClusterRoleBinding', 'CronJob', 'DaemonSet', 'Deployment'],
  ...['HorizontalPodAutoscaler', 'Ingress', 'Job', 'MutatingWebhookConfiguration', 'Node'],
  ...['PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ReplicaSet'],
  ...['ReplicationController', 'Role', 'RoleBinding', 'ServiceAccount', 'StatefulSet'],
  ...['StorageClass', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration'],
])

/** True if an object of a kind may refer to another one, which may be in another shard. */
export const mayRefer = (apiVersion: string, kind: string): boolean =>
  referring.has(kind) || (kind === 'Service' && apiVersion !== 'v1')

/** The first kind in a text, in its usual place, that may refer to others; null where none shows without parsing. */
export const referringKindIn = (text: string): string | null => {
  for (const [, kind = ''] of text.matchAll(/^kind: *["']?(\w+)/gm))
    if (referring.has(kind)) return kind
  return null
}
