import type { RepositoryTree } from '../repository-tree.ts'
import { commentedPaths } from '../kustomization/commented-entries.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import { foldersUp } from '../kustomization/folders-up.ts'
import type { Kustomization } from '../kustomization/parse-kustomization.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { pathsTo, walkFrom, type Reached, type Walk } from '../kustomization/walk.ts'

/** A commented-out entry that would bring a cluster in; the line counts from 1. */
export type CommentedOut = Readonly<{
  kustomization: Kustomization
  line: number
  value: string
  /** The file with the cluster, or the directory that reaches it. */
  path: string
}>

type Commented = CommentedOut & Readonly<{ kind: 'file' | 'directory'; isEntry: boolean }>
type Place = Pick<Reached, 'directory' | 'kustomization'>

/** The places that the comments of one kustomization name, of those that exist. */
const commentedPlaces = (
  tree: RepositoryTree,
  { directory, kustomization }: Place,
): readonly Commented[] => {
  const { text, lists } = kustomization
  const firstList = Math.min(...lists.map(({ line }) => line))
  return commentedPaths(text, firstList).flatMap(({ line, value, isEntry }) => {
    const path = pathOf(directory, value)
    const kind = path === null ? undefined : tree.entry(path)
    if (path === null || kind === undefined || kind === 'symlink') return []
    return { kustomization, line, value, path, kind, isEntry }
  })
}

/**
 * The commented-out entries of one kustomization that lead to something that is there. A directory counts only where
 * it is written as an entry: its bare name may as well be a heading.
 */
export const commentedTargets = (tree: RepositoryTree, place: Place): readonly Commented[] =>
  commentedPlaces(tree, place).filter(({ kind, isEntry }) => kind === 'file' || isEntry)

/**
 * The commented-out entries that would bring a cluster in, as a file or through a directory. What is not
 * readable behind them is passed over: it is not rendered.
 */
export const commentedOutOf = (
  view: RepositoryView,
  { reached, holds }: Readonly<{ reached: readonly Reached[]; holds: (path: string) => boolean }>,
): readonly CommentedOut[] => {
  const targets = reached.flatMap(place => commentedTargets(view, place))
  const behind = walkFrom(
    view.reach,
    targets.flatMap(({ kind, path }) => (kind === 'directory' ? [path] : [])),
  )
  const listing = behind.reached
    .filter(place => place.targets.some(({ kind, path }) => kind === 'file' && holds(path)))
    .map(({ directory }) => directory)
  const leading = pathsTo(behind, listing)
  return targets
    .filter(({ kind, path }) => (kind === 'file' ? holds(path) : leading.has(path)))
    .map(({ kustomization, line, value, path }) => ({ kustomization, line, value, path }))
}

/**
 * The lines of comments in the given kustomizations which name one of the files, or a directory with one of them in the
 * tree behind it: somebody may have taken it out there. What the walks reach is live and left out.
 */
export const commentsLeadingTo = (
  view: RepositoryView,
  {
    places,
    files,
    walks,
  }: Readonly<{ places: readonly Reached[]; files: readonly string[]; walks: readonly Walk[] }>,
): readonly Commented[] => {
  const live = new Set(
    walks
      .flatMap(({ reached }) => reached)
      .flatMap(({ directory, targets }) => [directory, ...targets.map(({ path }) => path)]),
  )
  const targets = places.flatMap(place =>
    commentedPlaces(view, place).filter(
      // A heading may name the very file that it heads.
      ({ path }) =>
        path !== place.kustomization.path && path !== place.directory && !live.has(path),
    ),
  )
  const wanted = new Set(files)
  const folders = new Set(files.flatMap(foldersUp))
  const behind = walkFrom(
    view.reach,
    targets.flatMap(({ kind, path }) => (kind === 'directory' ? [path] : [])),
  )
  const holding = behind.reached
    .filter(
      ({ directory, targets }) =>
        folders.has(directory) || targets.some(({ path }) => wanted.has(path)),
    )
    .map(({ directory }) => directory)
  const leading = pathsTo(behind, holding)
  return targets.filter(({ path }) => wanted.has(path) || folders.has(path) || leading.has(path))
}
