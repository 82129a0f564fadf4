import { absent, present, type Seen } from '../../../src/core/seen.ts'
import type { Cluster, KubernetesObject } from '../../../src/operations/ports/cluster.ts'

/** An object as an API server has it. */
export type Installed = Readonly<{
  apiVersion: string
  kind: string
  metadata: Readonly<{ name: string; namespace?: string; generation?: number }>
  [field: string]: unknown
}>

/** What is beside the overlay on a hub where Sower runs well: what others bring, and what has come of it. */
export const besideOverlay = (now: Date, tag = '0.1.0'): readonly Installed[] => [
  {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    metadata: { name: 'sower', namespace: 'sower' },
    spec: { holderIdentity: 'pod', renewTime: now.toISOString().replace('Z', '000Z') },
  },
  {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: { name: 'sower-github', namespace: 'sower' },
    data: { token: 'Y2FuYXJ5', 'webhook-secret': 'Y2FuYXJ5' },
  },
  ...['clusters/site-a', 'clusters/site-b'].map(path => ({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
    metadata: { name: path.replace('/', '-'), namespace: 'openshift-gitops' },
    spec: { source: { path, plugin: { name: 'sower' } } },
  })),
  {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: 'openshift-gitops-repo-server', namespace: 'openshift-gitops' },
    spec: {
      template: {
        spec: {
          containers: [
            { name: 'argocd-repo-server', image: 'argocd:v3' },
            {
              name: 'sower',
              image: `registry.example.com:5000/sower/plugin:${tag}`,
              volumeMounts: [
                { name: 'var-files', mountPath: '/var/run/argocd' },
                { name: 'plugins', mountPath: '/home/argocd/cmp-server/plugins' },
                { name: 'sower-tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [{ name: 'var-files' }, { name: 'plugins' }, { name: 'sower-tmp' }],
        },
      },
    },
  },
  {
    ...{ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' },
    metadata: { name: 'seedgen', namespace: 'sower-seeds', generation: 1 },
    status: { observedGeneration: 1, conditions: [{ type: 'Synced', status: 'True' }] },
  },
  {
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: { name: 'seedgen', namespace: 'sower-seeds' },
    data: { seedAuth: 'Y2FuYXJ5' },
  },
]

/** The bot of the overlay as the hub runs it, and the rest as it is. */
export const asRunning = (objects: readonly Installed[]): readonly Installed[] =>
  objects.map(object =>
    object.kind === 'Deployment' ? { ...object, status: { availableReplicas: 1 } } : object,
  )

/** A hub in memory that has these objects, and no answer for the kinds in `silent`. */
export const hubWith = (
  objects: readonly Installed[],
  silent: readonly string[] = [],
): Pick<Cluster, 'read' | 'list'> => {
  const found = (kind: string, is: (object: Installed) => boolean): readonly KubernetesObject[] =>
    objects
      .filter(object => object.kind === kind && is(object))
      .map(object => object as unknown as KubernetesObject)
  const answer = <T>(kind: string, value: Seen<T>): Seen<T> =>
    silent.includes(kind) ? { seen: 'unknown', why: 'timeout' } : value
  return {
    read: async ({ kind, name, namespace }) => {
      const [object] = found(
        kind,
        ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
      )
      return answer(kind, object ? present(object) : absent)
    },
    list: async ({ kind, namespace }) =>
      answer(
        kind,
        present(found(kind, ({ metadata }) => !namespace || metadata.namespace === namespace)),
      ),
  }
}
