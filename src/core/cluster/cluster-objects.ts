import { parseAllDocuments, type Document } from 'yaml'
import { z } from 'zod'
import type { RepositoryTree } from '../repository-tree.ts'

/** A ClusterInstance in a file, and what else that file holds. */
export type ClusterObject = Readonly<{
  /** `spec.clusterName`: the cluster's name, whatever the object and the file are called. */
  name: string
  objectName: string
  namespace: string
  /** `Kind/name` of the other objects in the file. */
  companions: readonly string[]
  /** `spec.clusterImageSetNameRef`, empty when it is not set. */
  imageSet: string
}>

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
})
const clusterInstance = kubernetesObject.extend({
  apiVersion: z.string().startsWith('siteconfig.open-cluster-management.io/'),
  kind: z.literal('ClusterInstance'),
  spec: z.looseObject({ clusterName: z.string(), clusterImageSetNameRef: z.string().default('') }),
})

/**
 * The ClusterInstances of one file. Files that do not hold the cluster's name as text are not parsed: at
 * 3,500 files that is the difference between milliseconds and seconds. Unreadable YAML holds none: the
 * render before the edit will say what is wrong with it.
 */
export const clustersIn = (
  tree: RepositoryTree,
  path: string,
  cluster: string,
): readonly ClusterObject[] => {
  const text = new TextDecoder().decode(tree.read(path))
  if (!text.includes(cluster)) return []
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
    logLevel: 'silent',
    uniqueKeys: false,
  })
  const objects = documents.flatMap(document => {
    const parsed = kubernetesObject.safeParse(valueOf(document))
    return parsed.success ? [parsed.data] : []
  })
  return objects.flatMap(object => {
    const parsed = clusterInstance.safeParse(object)
    if (!parsed.success) return []
    const { metadata, spec } = parsed.data
    return [
      {
        name: spec.clusterName,
        objectName: metadata.name,
        namespace: metadata.namespace,
        companions: objects
          .filter(other => other !== object)
          .map(other => `${other.kind}/${other.metadata.name}`),
        imageSet: spec.clusterImageSetNameRef,
      },
    ]
  })
}

/** Undefined also for an alias that leads nowhere, or too many of them: both throw here only. */
const valueOf = (document: Document.Parsed): unknown => {
  try {
    return document.errors.length === 0 ? document.toJS() : undefined
  } catch {
    return undefined
  }
}
