/** The values that apply where `sower.yaml` is absent or leaves a field out. */
export const defaults = {
  /** The directory of requests, SeedGenerators and records. */
  directory: 'seeds',
  /** The SealedSecret of the push credential: its place on the hub, and its file in Git. */
  secret: {
    namespace: 'sower-seeds',
    name: 'seedgen',
    file: 'seed-secret/sealedsecret.yaml',
  },
  argocdNamespace: 'openshift-gitops',
  lifecycleAgentNamespace: 'openshift-lifecycle-agent',
  /** The ConfigMap with the extra manifests of an upgrade. */
  extraManifests: 'openshift-lifecycle-agent/extra-manifests',
} as const
