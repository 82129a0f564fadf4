import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt } from '../repository-tree.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import { foldCase } from '../yaml/fold-case.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { clustersOf, isClusterKind, objectIdentity, objectsIn } from '../cluster/object-identity.ts'
import { heldObjects } from './held-objects.ts'
import type { Difference } from './compare-renders.ts'
import { referencesOf } from '../kustomization/references-of.ts'
import { countObjects } from '../kustomization/unsafe/unsafe-references.ts'
import type { Reached } from '../kustomization/walk.ts'

/**
 * The difference of one root as far as its files say it, for where kustomize needs a plugin that is not
 * here: the listed files that leave, come or differ, and kustomizations that differ in more than their
 * lists. Nothing is rendered, so what a plugin makes of the files is not seen. A file that leaves with
 * something in it that is not an object counts as a change, since nobody knows what it was.
 * Throws what stands in the way of following the root.
 */
export const staticDifference = (
  views: Readonly<{ before: RepositoryView; after: RepositoryView }>,
  root: string,
): Difference => {
  const [old, now] = [listedBy(views.before, root), listedBy(views.after, root)]
  const gone = [...old.files]
    .filter(([path]) => !now.files.has(path))
    .map(([path, text]) => ({ path, objects: objectsIn(text) }))
  const leaving = gone.flatMap(({ objects }) => objects.filter(object => object !== null))
  const order = (of: Listed, other: Listed): readonly string[] =>
    [...of.files.keys()].filter(path => other.files.has(path))
  const kustomizations = new Set([...old.beside.keys(), ...now.beside.keys()])
  const held = heldObjects(leaving)
  return {
    ...(held.length > 0 ? { held } : {}),
    removed: leaving.map(objectIdentity),
    removedClusters: leaving
      .filter(object => isClusterKind(objectIdentity(object)))
      .flatMap(object => clustersOf(object).map(({ name }) => name)),
    owned: [],
    // Files do not say what waves a plugin or a transformer gives them.
    prunedTooEarly: leaving.map(objectIdentity).filter(identity => !isClusterKind(identity)),
    added: [...now.files.keys()].filter(path => !old.files.has(path)),
    changed: [
      ...gone.filter(({ objects }) => objects.includes(null)).map(({ path }) => path),
      ...order(old, now).filter(path => old.files.get(path) !== now.files.get(path)),
      ...[...kustomizations].filter(
        path => !isDeepEqual(old.beside.get(path), now.beside.get(path)),
      ),
    ],
    orderKept: isDeepEqual(order(old, now), order(now, old)),
    left:
      now.generated + [...now.files.values()].reduce((sum, text) => sum + countObjects(text), 0),
  }
}

type Listed = Readonly<{
  /** The text of each listed file, by its path. */
  files: ReadonlyMap<string, string>
  /** The fields of each kustomization beside its lists, and the texts that it names there. */
  beside: ReadonlyMap<string, unknown>
  /** How many items generate at least one object each. */
  generated: number
}>

const generating =
  /^(?:configMapGenerator|secretGenerator|helmCharts|helmChartInflationGenerator)$/iu

const lists = ['resources', 'generators', 'bases', 'components']

const listedBy = (view: RepositoryView, root: string): Listed => {
  const textOf = (path: string): string => textAt(view, path)
  const files = new Map<string, string>()
  let generated = 0
  const beside = new Map<string, unknown>()
  const {
    reached,
    troubles: [trouble],
  } = view.walk(root)
  if (trouble) throw trouble
  for (const { directory, kustomization, targets } of reached) {
    const fields = Object.entries(kustomization.fields).filter(
      ([name]) => !lists.includes(foldCase(name)),
    )
    generated += Object.entries(kustomization.fields)
      .filter(([name]) => generating.test(name))
      .flatMap(([, items]) => items ?? []).length
    const texts = namedBy({ directory, kustomization })
      .filter(path => view.entry(path) === 'file')
      .map(path => [path, textOf(path)])
    beside.set(kustomization.path, [Object.fromEntries(fields), texts])
    for (const { path, kind } of targets) if (kind === 'file') files.set(path, textOf(path))
  }
  return { files, beside, generated }
}

/** Where the paths may lead that a kustomization names beside its lists: patches, sources of generators. */
const namedBy = ({
  directory,
  kustomization,
}: Pick<Reached, 'directory' | 'kustomization'>): readonly string[] =>
  referencesOf(kustomization).flatMap(
    // `key=path` under a generator's files.
    ({ value }) => pathOf(directory, value.replace(/^[^=/]*=/, '')) ?? [],
  )
