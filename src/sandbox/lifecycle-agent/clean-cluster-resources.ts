import { z } from 'zod'
import { keyOf, type ObjectStore, type StoredObject } from '../kubernetes/object-store.ts'
import { Failure } from './lifecycle-agent-faults.ts'
import { emptyPullSecret, pullSecretKey } from './rejection-of.ts'

const dataSchema = z.record(z.string(), z.string())
const field = '.dockerconfigjson'

const removeIfThere = (store: ObjectStore, object: StoredObject): void => {
  if (store.get(keyOf(object))) store.remove(keyOf(object))
}

type Waits = Readonly<{ pause: (seconds: number) => Promise<void> }>

/** Deletes what matches, and waits until it is gone: 90 times 10 seconds. */
const removeAll = async (
  store: ObjectStore,
  of: Readonly<{ apiVersion: string; kind: string; pattern: RegExp; what: string }>,
  { pause }: Waits,
): Promise<void> => {
  const left = (): readonly StoredObject[] =>
    store.list(of).filter(({ metadata }) => of.pattern.test(metadata.name))
  for (const object of left()) removeIfThere(store, object)
  for (let waited = 0; left().length > 0; waited += 1) {
    if (waited === 90)
      throw new Failure(
        `failed to cleanup resources: timed out waiting for ACM ${of.what} deletion`,
      )
    await pause(10)
  }
}

/** Removes what is left of ACM and the assisted installer (lifecycle-agent controllers/seedgen_controller.go:298-412). */
export const cleanClusterResources = async (store: ObjectStore, waits: Waits): Promise<void> => {
  await removeAll(
    store,
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      ...{ pattern: /\.open-cluster-management\.io$/, what: 'CRD' },
    },
    waits,
  )
  const namespaces = { apiVersion: 'v1', kind: 'Namespace' }
  const pattern = /^open-cluster-management-agent/
  await removeAll(store, { ...namespaces, pattern, what: 'namespace' }, waits)
  const installer = store.get({ ...namespaces, name: 'assisted-installer' })
  if (installer) removeIfThere(store, installer)
}

/** Writes the pull secret of the cluster, in base64. */
export const writePullSecret = (store: ObjectStore, value: string): void => {
  store.change(pullSecretKey, secret => {
    secret['data'] = { ...dataSchema.safeParse(secret['data']).data, [field]: value }
  })
}

/** The real pull secret, which the agent keeps on the host. Throws Failure where there is none. */
export const readPullSecret = (store: ObjectStore): string => {
  const value = dataSchema.safeParse(store.get(pullSecretKey)?.['data']).data?.[field]
  if (value !== undefined) return value
  throw new Failure(
    'could not access pull-secret pull-secret in openshift-config: secrets "pull-secret" not found',
  )
}

/**
 * Puts the empty pull secret in place and waits until the node has it, for ten minutes at most. Throws Failure; the empty one
 * stays then.
 */
export const sanitizePullSecret = async (
  store: ObjectStore,
  { pause, hasStuck }: Waits & Readonly<{ hasStuck: () => boolean }>,
): Promise<void> => {
  writePullSecret(store, Buffer.from(emptyPullSecret).toString('base64'))
  for (let waited = 0; hasStuck(); waited += 30) {
    if (waited === 600)
      throw new Failure(
        "failed sanitizing cluster's pull-secret: timed out waiting for MCO to override pull-secret file: context deadline exceeded",
      )
    await pause(30)
  }
}
