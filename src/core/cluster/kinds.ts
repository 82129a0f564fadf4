import { fieldsOf, textOf } from '../yaml/fields-of.ts'

/** One cluster as an object names it. */
export type NamedCluster = Readonly<{
  /** `clusterName`; empty where the object leaves it out. */
  name: string
  /** `clusterImageSetNameRef` of the cluster, else of its site; empty where it is not set. */
  imageSet: string
}>

type Fields = ReadonlyMap<string, unknown>

/** A kind of object that brings clusters to the hub. */
export type ClusterKind = Readonly<{
  kind: 'ClusterInstance' | 'SiteConfig'
  group: string
  /** The clusters that a `spec` of this kind names. */
  clustersIn: (spec: Fields) => readonly NamedCluster[]
}>

const clusterOf = (spec: Fields, site?: Fields): NamedCluster => ({
  name: textOf(spec, 'clusterName'),
  imageSet:
    textOf(spec, 'clusterImageSetNameRef') || (site ? textOf(site, 'clusterImageSetNameRef') : ''),
})

/** Today's kind, one cluster an object; a run follows it. */
export const clusterInstance: ClusterKind = {
  kind: 'ClusterInstance',
  group: 'siteconfig.open-cluster-management.io',
  clustersIn: spec => (typeof spec.get('clusterName') === 'string' ? [clusterOf(spec)] : []),
}

/** The older kind, which a kustomize plugin under `generators:` turns into objects. */
const siteConfig: ClusterKind = {
  kind: 'SiteConfig',
  group: 'ran.openshift.io',
  clustersIn: site => {
    const clusters: unknown = site.get('clusters')
    return Array.isArray(clusters)
      ? clusters.map(cluster => clusterOf(fieldsOf(cluster), site))
      : []
  },
}

/** Every kind of object that brings clusters. */
export const kinds: readonly ClusterKind[] = [clusterInstance, siteConfig]

/** Finds the kind of a group (`siteconfig.open-cluster-management.io`) and kind; undefined for all others. */
export const clusterKind = (group: string, kind: string): ClusterKind | undefined =>
  kinds.find(known => known.group === group && known.kind === kind)

/** True if a text may hold an object of such a kind. */
export const mayHoldCluster = (text: string): boolean =>
  kinds.some(({ kind }) => text.includes(kind))
