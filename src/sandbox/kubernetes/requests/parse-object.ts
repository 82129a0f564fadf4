import { z } from 'zod'
import type { StoredObject } from '../object-store.ts'

const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
})

const ManagedFields = z.looseObject({
  manager: z.string(),
  operation: z.enum(['Apply', 'Update']),
  apiVersion: z.string(),
  time: z.string(),
  fieldsType: z.literal('FieldsV1'),
  fieldsV1: z.record(z.string(), z.unknown()),
  subresource: z.string().exactOptional(),
})

const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().exactOptional(),
    uid: z.string().exactOptional(),
    resourceVersion: z.string().exactOptional(),
    generation: z.number().exactOptional(),
    creationTimestamp: z.string().exactOptional(),
    deletionTimestamp: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
    finalizers: z.array(z.string()).exactOptional(),
    ownerReferences: z.array(OwnerReference).exactOptional(),
    managedFields: z.array(ManagedFields).catch([]).exactOptional(),
  }),
})

/** True for what JSON writes with braces. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Go reads null as the zero value: `creationTimestamp: null` is common in written manifests.
const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))

/** Reads a Kubernetes object from parsed JSON or YAML; throws a ZodError on anything else. */
export const parseObject = (value: unknown): StoredObject => {
  const metadata = isRecord(value) ? value['metadata'] : undefined
  return KubernetesObject.parse(
    isRecord(value) && isRecord(metadata)
      ? { ...withoutNulls(value), metadata: withoutNulls(metadata) }
      : value,
  )
}
