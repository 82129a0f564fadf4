import { directoriesWithKustomization } from '../../kustomization/every-path.ts'
import { readingOnce, type RepositoryView } from '../../kustomization/repository-view.ts'
import type { Reached } from '../../kustomization/walk.ts'
import { field, listAt, textAt } from '../../preflight/field.ts'
import { textAt as fileAt } from '../../repository-tree.ts'
import { sizeLimits } from '../../size-limits.ts'
import { documentsIn } from '../../yaml/documents-in.ts'
import { fieldsOf } from '../../yaml/fields-of.ts'
import { mayHoldCluster } from '../../cluster/kinds.ts'
import { declaredObject } from './declared-object.ts'
import type { Declared } from './declared.ts'
import { dayZeroOf, generatedMaps, writtenMap, type ManifestMap } from './manifest-map.ts'
import { withoutNodeNetwork } from './without-node-network.ts'
import { mayHoldPolicy, plainPolicies } from './plain-policies.ts'
import { readPolicies, type Policy } from './read-policies.ts'

/** The descriptions of all clusters in Git, and notes on the parts that this reading leaves out. */
export type DeclaredFleet = Readonly<{ clusters: readonly Declared[]; notes: readonly string[] }>

/**
 * Reads the ClusterInstances (and the clusters of SiteConfigs) that the roots reach, with their extra manifests and the
 * policies that are bound to their labels. Nothing is rendered: files count as they stand.
 */
export const readDeclared = (tree: RepositoryView, roots: readonly string[]): DeclaredFleet => {
  const reading = readingDeclared(tree, roots)
  for (;;) {
    const { done, value } = reading.next()
    if (done === true) return value
  }
}

/** The same, file by file: whoever has other work takes it up between two of them. */
export function* readingDeclared(
  tree: RepositoryView,
  roots: readonly string[],
): Generator<undefined, DeclaredFleet> {
  const view = readingOnce(tree)
  const places = new Map<string, Reached>()
  for (const { reached } of roots.map(view.walk))
    for (const place of reached) places.set(place.directory, place)
  const all = [...places.values()]
  const files = new Set(
    all.flatMap(({ targets }) =>
      targets.filter(({ kind }) => kind === 'file').map(({ path }) => path),
    ),
  )
  const maps: ManifestMap[] = all.flatMap(place => generatedMaps(view, place))
  const clusters: Bare[] = []
  for (const file of files) {
    yield
    const text = textOf(view, file)
    if (text.includes('ConfigMap')) {
      const objects = documentsIn(text).flatMap(
        one => declaredObject(one, { file, base: null }) ?? [],
      )
      maps.push(...objects.filter(({ kind }) => kind === 'ConfigMap').map(writtenMap))
    }
    if (mayHoldCluster(text))
      clusters.push(
        ...documentsIn(withoutNodeNetwork(text)).flatMap(document => clustersOf(document, file)),
      )
  }
  const policies = policiesOf(view)
  return {
    clusters: clusters.map(({ labels, namespace, ...bare }) => {
      const bound = policies.filter(({ isFor }) => isFor(labels))
      const names = listAt(bare.spec, 'extraManifestsRefs').map(one => textAt(one, 'name'))
      return {
        ...bare,
        ...dayZeroOf(maps, { names, namespace }),
        policies: bound.flatMap(({ objects }) => objects),
        bound: bound.length,
      }
    }),
    notes: all.flatMap(({ kustomization: { path, fields } }) => {
      const changing = [
        'patches',
        'patchesStrategicMerge',
        'patchesJson6902',
        'replacements',
      ].filter(name => field(fields, name) !== undefined)
      return changing.length > 0
        ? [
            `${path} has ${changing.join(' and ')}, which are not applied here: files count as they stand`,
          ]
        : []
    }),
  }
}

type Bare = Pick<Declared, 'cluster' | 'file' | 'spec'> &
  Readonly<{ labels: ReadonlyMap<string, unknown>; namespace: string }>

/** The clusters of a document, each with a `spec` like that of a ClusterInstance. */
const clustersOf = (document: unknown, file: string): readonly Bare[] => {
  const spec = field(document, 'spec')
  const bare = (
    cluster: string,
    of: unknown,
    labels: unknown,
    namespace: string,
  ): readonly Bare[] =>
    cluster === '' ? [] : [{ cluster, file, spec: of, labels: fieldsOf(labels), namespace }]
  switch (field(document, 'kind')) {
    case 'ClusterInstance': {
      const cluster = textAt(spec, 'clusterName')
      const namespace = textAt(document, 'metadata', 'namespace') || cluster
      return bare(cluster, spec, field(spec, 'extraLabels', 'ManagedCluster'), namespace)
    }
    case 'SiteConfig': {
      const site = Object.fromEntries(fieldsOf(spec))
      return listAt(spec, 'clusters').flatMap(one => {
        const name = textAt(one, 'clusterName')
        const of = { ...site, ...Object.fromEntries(fieldsOf(one)) }
        return bare(name, of, field(one, 'clusterLabels'), name)
      })
    }
    default:
      return []
  }
}

/** The policies that some kustomization of the repository lists. */
const policiesOf = (view: RepositoryView): readonly Policy[] => {
  const files = new Set(
    directoriesWithKustomization(view.paths()).flatMap(directory =>
      view
        .walk(directory)
        .reached.flatMap(({ targets }) => targets)
        .filter(({ kind }) => kind === 'file')
        .map(({ path }) => path),
    ),
  )
  const texts = [...files].map(file => ({ file, text: textOf(view, file) }))
  const written = texts
    .filter(({ text }) => mayHoldPolicy(text))
    .flatMap(({ file, text }) => documentsIn(text).map(document => ({ document, file })))
  return [
    ...texts
      .filter(({ text }) => /\bkind: *["']?PolicyGen(?:erator|Template)\b/.test(text))
      .flatMap(({ file }) => readPolicies(view, file)),
    ...plainPolicies(written),
  ]
}

/** A file as text; one that is too large holds nothing that is asked for here. */
const textOf = (view: RepositoryView, file: string): string =>
  view.size(file) > sizeLimits.file ? '' : fileAt(view, file)
