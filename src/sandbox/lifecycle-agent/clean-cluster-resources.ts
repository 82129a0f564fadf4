import { z } from 'zod'
import { keyOf, type ObjectStore, type StoredObject } from '../kubernetes/object-store.ts'
import { emptyPullSecret, pullSecretKey } from './rejection-of.ts'

const dataSchema = z.record(z.string(), z.string())
const field = '.dockerconfigjson'

const removeIfThere = (store: ObjectStore, object: StoredObject): void => {
  if (store.get(keyOf(object))) store.remove(keyOf(object))
}

/** Removes what is left of ACM and the assisted installer (lifecycle-agent controllers/seedgen_controller.go:298-412). */
export const cleanClusterResources = (store: ObjectStore): void => {
  for (const crd of store.list({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
  }))
    if (crd.metadata.name.endsWith('.open-cluster-management.io')) removeIfThere(store, crd)
  for (const namespace of store.list({ apiVersion: 'v1', kind: 'Namespace' }))
    if (/^open-cluster-management-agent|^assisted-installer$/.test(namespace.metadata.name))
      removeIfThere(store, namespace)
}

const writePullSecret = (store: ObjectStore, value: string): void => {
  store.change(pullSecretKey, secret => {
    secret['data'] = { ...dataSchema.safeParse(secret['data']).data, [field]: value }
  })
}

/** Puts the empty pull secret in place; the returned function restores the real one. */
export const sanitizePullSecret = (store: ObjectStore): (() => void) => {
  const original = dataSchema.safeParse(store.get(pullSecretKey)?.['data']).data?.[field]
  if (original === undefined) return () => undefined
  writePullSecret(store, Buffer.from(emptyPullSecret).toString('base64'))
  return () => {
    writePullSecret(store, original)
  }
}
