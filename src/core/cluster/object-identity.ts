import { z } from 'zod'
import { documentsIn } from '../yaml/documents-in.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { clusterKind, type NamedCluster } from './kinds.ts'

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
})
type ObjectInFile = z.infer<typeof kubernetesObject>

/** The objects of a file, those in lists too; null for each thing in it that is none. */
export const objectsIn = (text: string): readonly (ObjectInFile | null)[] =>
  documentsIn(text).map(object => kubernetesObject.safeParse(object).data ?? null)

/** The group of an apiVersion; empty for the core group. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

/**
 * `group/Kind/namespace/name` of an object; the version is not part of what an object is. Throws ZodError
 * for something that is not a Kubernetes object.
 */
export const objectIdentity = (object: unknown): string => {
  const { apiVersion, kind, metadata } = kubernetesObject.parse(object)
  return [groupOf(apiVersion), kind, metadata.namespace, metadata.name].join('/')
}

/** An identity as people are shown it: without the parts that are empty. */
export const shownIdentity = (identity: string): string =>
  identity
    .split('/')
    .filter(part => part !== '')
    .join('/')

/** True if an identity is that of a namespace or of an object in it, or of a cluster-wide one of its name. */
export const belongsTo = (identity: string, namespace: string): boolean => {
  const [, , inside, name] = identity.split('/')
  return inside === namespace || (inside === '' && name === namespace)
}

/** True if an identity is that of an object which brings a cluster. */
export const isClusterKind = (identity: string): boolean => {
  const [group = '', kind = ''] = identity.split('/')
  return clusterKind(group, kind) !== undefined
}

/** The clusters that an object brings; none for what is of no such kind. */
export const clustersOf = (object: unknown): readonly NamedCluster[] => {
  const fields = fieldsOf(object)
  const kind = clusterKind(groupOf(textOf(fields, 'apiVersion')), textOf(fields, 'kind'))
  return kind?.clustersIn(fieldsOf(fields.get('spec'))) ?? []
}
