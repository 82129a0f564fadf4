import { foldCase } from '../yaml/fold-case.ts'
import { pathOf, type Target } from '../kustomization/follow-entry.ts'
import { referencesOf } from '../kustomization/references-of.ts'
import { setsFields } from '../kustomization/sets-fields.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { mayHide } from '../yaml/may-hide.ts'
import { mayName, type ClusterObject } from './clusters-in.ts'
import { clusterKind, mayHoldCluster } from './kinds.ts'
import { groupOf, objectsIn } from './object-identity.ts'
import { holdsName } from './names-cluster.ts'
import { opaqueEntries } from './opaque/opaque-entries.ts'

/** How many roots are rendered at most to find a cluster that no file names. */
export const mostRoots = 30

/**
 * The roots whose files do not say which clusters they bring, so that only a render does: they reach an object that
 * brings a cluster, or a patch or the like that may make one of another object, and something that may set its name. A
 * root is left out where nothing composes a name and no text holds that of the cluster. Those with a text that holds
 * it come first; those with a chart, or a generator that Sower does not know, in whose files the kind of a cluster stands, last.
 */
export const rootsToRender = (
  view: RepositoryView,
  { cluster, roots }: Readonly<{ cluster: string; roots: readonly string[] }>,
): readonly string[] => {
  const all = [...new Set(roots)].map(view.walk)
  const walks = all
    .filter(walk => walk.reached.some(maySetName))
    .filter(walk => bringsCluster(view, walk) || patchesBring(view, walk))
  const isNamed = new Map(walks.map(walk => [walk, namesCluster(view, walk, cluster)]))
  const making = opaqueEntries(view, all)
    .filter(({ files }) => files.some(path => mayHoldCluster(textAt(view, path))))
    .map(({ root }) => root)
  const setting = [
    ...walks.filter(walk => isNamed.get(walk)),
    ...walks.filter(walk => !isNamed.get(walk) && composesNames(view, walk)),
  ].map(({ root }) => root)
  return [...new Set([...setting, ...making])]
}

/** The kustomization of a root that rootsToRender gave. */
export const fileOfRoot = (view: RepositoryView, root: string): string =>
  view
    .walk(root)
    .reached.slice(0, 1)
    .map(({ kustomization }) => kustomization.path)
    .join('')

/**
 * The entries of a directory's kustomization that lead to an object which brings a cluster; those first behind which
 * a text holds the cluster's name.
 */
export const entriesBringing = (
  view: RepositoryView,
  { targets }: Pick<Reached, 'targets'>,
  cluster: string,
): readonly Target[] => {
  const bringing = targets.filter(({ path, kind }) =>
    kind === 'file' ? mayHoldCluster(textAt(view, path)) : bringsCluster(view, view.walk(path)),
  )
  const isNamed = ({ path, kind }: Target): boolean =>
    kind === 'file'
      ? holdsName(textAt(view, path), cluster)
      : namesCluster(view, view.walk(path), cluster)
  return [...bringing.filter(isNamed), ...bringing.filter(target => !isNamed(target))]
}

/** The objects behind an entry that bring clusters, as their files write them. */
export const objectsBehind = (
  view: RepositoryView,
  { path, kind }: Pick<Target, 'path' | 'kind'>,
): readonly (Pick<ClusterObject, 'kind' | 'objectName' | 'namespace'> &
  Readonly<{ file: string }>)[] =>
  (kind === 'file' ? [path] : filesOf(view.walk(path))).flatMap(file =>
    objectsIn(textAt(view, file)).flatMap(object => {
      const known = object && clusterKind(groupOf(object.apiVersion), object.kind)
      if (!known) return []
      const { name: objectName, namespace } = object.metadata
      return [{ kind: known.kind, objectName, namespace, file }]
    }),
  )

const bringsCluster = (view: RepositoryView, walk: Walk): boolean =>
  filesOf(walk).some(path => mayHoldCluster(textAt(view, path)))

/** True if the kustomizations, or texts that they name beside their lists, mention such a kind, or may do so in escapes. */
const patchesBring = (view: RepositoryView, walk: Walk): boolean =>
  [
    ...walk.reached.map(({ kustomization }) => kustomization.text),
    ...filesNamed(view, walk).map(path => textAt(view, path)),
  ].some(text => mayHoldCluster(text) || mayHide(text))

const filesOf = ({ reached }: Pick<Walk, 'reached'>): readonly string[] =>
  reached.flatMap(({ targets }) =>
    targets.flatMap(({ path, kind }) => (kind === 'file' ? [path] : [])),
  )

const maySetName = ({ kustomization }: Reached): boolean => setsFields(kustomization) !== undefined

const has = ({ fields }: Reached['kustomization'], name: string): boolean =>
  Object.keys(fields).some(field => foldCase(field) === name)

/** Every text that a root's kustomizations are, list or name: a patch holds the name that it sets in one of them. */
const textsOf = (view: RepositoryView, walk: Pick<Walk, 'reached'>): readonly string[] => [
  ...walk.reached.map(({ kustomization }) => kustomization.text),
  ...[...filesOf(walk), ...filesNamed(view, walk)].map(path => textAt(view, path)),
]

const filesNamed = (view: RepositoryView, { reached }: Pick<Walk, 'reached'>): readonly string[] =>
  reached
    .flatMap(({ directory, kustomization }) =>
      // A generator's file may be `key=path`.
      referencesOf(kustomization).map(({ value }) =>
        pathOf(directory, value.replace(/^[^=/]*=/, '')),
      ),
    )
    .filter(path => path !== null)
    .filter(path => view.entry(path) === 'file')

const namesCluster = (
  view: RepositoryView,
  walk: Pick<Walk, 'reached'>,
  cluster: string,
): boolean => textsOf(view, walk).some(text => mayName(text, cluster))

/**
 * True if a root may make a name of parts, so that no text holds it: variables and transformers can, replacements that
 * join, and whatever copies a name that has got a prefix or suffix.
 */
const composesNames = (view: RepositoryView, walk: Pick<Walk, 'reached'>): boolean =>
  walk.reached.some(
    ({ kustomization }) =>
      has(kustomization, 'configurations') ||
      kustomization.dependents.some(
        ({ key, items }) => items.length > 0 && (key === 'vars' || key === 'transformers'),
      ),
  ) || textsOf(view, walk).some(text => /delimiter|namePrefix|nameSuffix/iu.test(text))
