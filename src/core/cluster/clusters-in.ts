import { z } from 'zod'
import { clusterKind, mayHoldCluster, type ClusterKind } from './kinds.ts'
import { clustersOf, groupOf } from './object-identity.ts'
import { documentsIn, type Unreadable } from '../yaml/documents-in.ts'
import { mayHide } from '../yaml/may-hide.ts'
import { unreadableText } from '../yaml/unreadable-text.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { holdsName } from './names-cluster.ts'

/** One cluster in a file, and what else that file holds. */
export type ClusterObject = Readonly<{
  kind: ClusterKind['kind']
  /** `spec.clusterName`, in a SiteConfig `spec.clusters[].clusterName`, whatever the file is called. */
  name: string
  /** `metadata.name`: in a SiteConfig the name of the site. */
  objectName: string
  namespace: string
  /** `Kind/name` of the other objects in the file, `cluster name` of the other clusters of a SiteConfig. */
  companions: readonly string[]
  /** `clusterImageSetNameRef` of the cluster, or else of its site; empty when it is not set. */
  imageSet: string
}>

// What is missing or odd in an object does not hide that it is there.
const anyText = z.string().catch('')
const kubernetesObject = z.looseObject({
  apiVersion: anyText,
  kind: z.string(),
  metadata: z.looseObject({ name: anyText, namespace: anyText }).catch({ name: '', namespace: '' }),
})
/** The clusters of one file of a repository that may hold a cluster of this name. */
export const clustersIn = (
  tree: RepositoryTree,
  path: string,
  cluster: string,
): readonly ClusterObject[] => clustersInText(textAt(tree, path), cluster)

/**
 * The clusters of one text. A text without the cluster's name is not parsed: at 3,500 files that is the
 * difference between milliseconds and seconds. Of unreadable YAML see `unreadableCluster`.
 */
export const clustersInText = (text: string, cluster: string): readonly ClusterObject[] => {
  if (!mayName(text, cluster)) return []
  const objects = documentsIn(text).flatMap(item => kubernetesObject.safeParse(item).data ?? [])
  return objects.flatMap(object => {
    const kind = clusterKind(groupOf(object.apiVersion), object.kind)?.kind
    if (kind === undefined) return []
    const others = objects
      .filter(other => other !== object)
      .map(other => `${other.kind}/${other.metadata.name}`)
    const clusters = clustersOf(object)
    return clusters.map((found, index) => ({
      ...found,
      kind,
      objectName: object.metadata.name,
      namespace: object.metadata.namespace,
      companions: [...others, ...clusters.toSpliced(index, 1).map(({ name }) => `cluster ${name}`)],
    }))
  })
}

/**
 * Where and why a text that may bring a cluster cannot be read as kustomize reads it: it names the cluster and a kind
 * of cluster, and go-yaml takes more than the yaml package (a closing quote in the first column, `"x"#comment`).
 */
export const unreadableCluster = (text: string, cluster: string): Unreadable | undefined => {
  if (!mayName(text, cluster) || !(mayHoldCluster(text) || mayHide(text))) return undefined
  return unreadableText(text)
}

/** True if a text holds a name, or may hold it in another form. */
export const mayName = (text: string, cluster: string): boolean =>
  holdsName(text, cluster) || mayHide(text)
