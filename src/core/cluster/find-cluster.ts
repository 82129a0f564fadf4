import { RefusedError, type ErrorCode } from '../../errors.ts'
import { clustersIn, type ClusterObject } from './clusters-in.ts'
import { readingOnce, type RepositoryView } from '../kustomization/repository-view.ts'
import { commentedOutOf, type CommentedOut } from './commented-out.ts'
import { liveSuspects } from './live-suspects.ts'
import { hiddenWay } from './opaque/hidden-way.ts'
import { explainMissing, nameFew } from './explain-missing.ts'
import { notFoundElsewhere } from './opaque/not-found-elsewhere.ts'
import type { Entry, Kustomization } from '../kustomization/parse-kustomization.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'

/** A live entry that brings the cluster's ClusterInstance or SiteConfig in. */
export type Found = Readonly<{
  kustomization: Kustomization
  entry: Entry
  /** The file with the object. */
  source: string
  object: ClusterObject
  /** The roots that reach the entry. */
  roots: readonly string[]
  /** The object as it is written, where only a render says what it is called. */
  written?: readonly Pick<ClusterObject, 'kind' | 'objectName' | 'namespace'>[]
}>

/** The findings about a cluster in the roots. */
export type Search = Readonly<{
  found: readonly Found[]
  commentedOut: readonly CommentedOut[]
  /** Entries that cannot be followed in roots that have nothing to do with the cluster. */
  warnings: readonly RefusedError[]
  /** The walks: all that each root reaches. */
  walks: readonly Walk[]
}>

type Request = Readonly<{ cluster: string; roots: readonly string[] }>

/** A test whether all that a cluster's file holds beside it is its own; without the test nothing is. */
type AskOwn = Readonly<{ isOwnFile?: (found: Found, walks: readonly Walk[]) => boolean }>

/**
 * Looks for a cluster by its name in the objects, never by file name, from the given roots (directories
 * relative to the repository).
 * Throws RefusedError where an entry cannot be followed safely (ENTRY_REMOTE, ENTRY_OUTSIDE, ENTRY_INLINE,
 * ENTRY_MISSING, ENTRY_SYMLINK, KUSTOMIZATION_MISSING, KUSTOMIZATION_UNREADABLE) in a root that reaches the
 * cluster, live or commented out; if none does, in any root, since the cluster may stand behind it.
 */
export const searchCluster = (view: RepositoryView, request: Request): Search => {
  const { troubles, ...search } = searchRoots(view, request)
  const { found, commentedOut, warnings, walks } = search
  const [trouble] = troubles
  const [suspect] = found.length ? [] : search.suspects()
  if (suspect) throw suspect
  if (!trouble) return { found, commentedOut, warnings, walks }
  if (found.length || commentedOut.length) throw trouble
  throw notFoundElsewhere(request.cluster, trouble)
}

/** Every live entry of a cluster that can be seen from the roots, whatever else cannot be followed there. */
export const liveEntries = (view: RepositoryView, request: Request): readonly Found[] =>
  searchRoots(view, request).found

/** The live entries of the roots that may bring a cluster in, though Sower cannot see it there. */
export const suspectEntries = (view: RepositoryView, request: Request): readonly RefusedError[] =>
  searchRoots(view, request).suspects()

type Searched = Search &
  Readonly<{
    /** Entries that cannot be followed in roots that matter. */
    troubles: readonly RefusedError[]
    /** Looks for them only when asked: most questions are about what is found. */
    suspects: () => readonly RefusedError[]
  }>

const searchRoots = (tree: RepositoryView, { cluster, roots }: Request): Searched => {
  const walks = [...new Set(roots)].map(tree.walk)
  const view = readingOnce(tree)
  const known = new Map<string, ClusterObject | null>()
  const objectIn = (path: string): ClusterObject | null => {
    const before = known.get(path)
    if (before !== undefined) return before
    const object = clustersIn(view, path, cluster).find(({ name }) => name === cluster) ?? null
    known.set(path, object)
    return object
  }
  const places = new Map<string, Readonly<{ place: Reached; roots: string[] }>>()
  for (const { root, reached } of walks)
    for (const place of reached) {
      const known = places.get(place.directory)
      if (known) known.roots.push(root)
      else places.set(place.directory, { place, roots: [root] })
    }
  const found = [...places.values()].flatMap(({ place: { kustomization, targets }, roots }) =>
    targets.flatMap(({ entry, path, kind }) => {
      const object = kind === 'file' ? objectIn(path) : null
      return object ? [{ kustomization, entry, source: path, object, roots }] : []
    }),
  )
  const commentedOut = commentedOutOf(view, {
    reached: [...places.values()].map(({ place }) => place),
    holds: path => objectIn(path) !== null,
  })
  const listing = new Set((found.length ? found : commentedOut).map(x => x.kustomization))
  const matters = ({ reached }: Walk): boolean =>
    listing.size === 0 || reached.some(({ kustomization }) => listing.has(kustomization))
  const troublesOf = (walks: readonly Walk[]): readonly RefusedError[] => [
    ...new Set(walks.flatMap(({ troubles }) => troubles)),
  ]
  const troubles = troublesOf(walks.filter(matters))
  const warnings = troublesOf(walks.filter(walk => !matters(walk)))
  const suspects = (): readonly RefusedError[] => liveSuspects(view, { cluster, walks })
  return { found, commentedOut, warnings, troubles, walks, suspects }
}

/** The one live entry of a cluster, and what cannot be followed in roots without it. */
export type FoundCluster = Found & Pick<Search, 'warnings' | 'walks'>

/**
 * The one live entry of a cluster.
 * Throws RefusedError ALREADY_DETACHED (only commented-out entries), CLUSTER_AMBIGUOUS or ROOTS_DIFFER
 * (several entries), SHARED_FILE (its file brings other objects in too, that are not its own), and what hiddenWay,
 * explainMissing and searchCluster tell.
 */
export const findCluster = (view: RepositoryView, request: Request & AskOwn): FoundCluster => {
  const { cluster } = request
  const { found, commentedOut, warnings, troubles, walks, suspects } = searchRoots(view, request)
  const [first, second] = found
  const refuse = (code: ErrorCode, reason: string, fix: string): RefusedError =>
    new RefusedError(code, `looking for cluster ${cluster}: ${reason}`, { fix })
  const suspect = suspects().find(({ code }) => !first || besideLive.has(code))
  if (!first && !commentedOut.length) {
    const reason = explainMissing({ view, cluster, walks })
    // It says more of them than a suspect does.
    const isKnown = reason.code === 'HELM_RENDERED' || reason.code === suspect?.code
    throw isKnown ? reason : (suspect ?? reason)
  }
  if (suspect) throw suspect
  if (second) throw refuse(...severalEntries(found))
  const [trouble] = troubles
  if (trouble) throw trouble
  if (!first)
    throw refuse(
      'ALREADY_DETACHED',
      `its entry is commented out already at ${commentedOut
        .map(({ kustomization, line }) => `${kustomization.path}:${line}`)
        .join(', ')}`,
      'nothing to do',
    )
  const { source, object } = first
  const hidden = hiddenWay(view, { ...first, cluster, walks })
  if (hidden) throw hidden
  const isOwn = request.isOwnFile?.(first, walks) === true
  if (object.companions.length > 0 && !isOwn)
    throw refuse(
      'SHARED_FILE',
      `${source} also holds ${nameFew(object.companions)}, which would leave with it`,
      `move the ${object.kind} of ${cluster} into a file of its own first`,
    )
  return { ...first, warnings, walks }
}

/** Without the entry, too, these would bring the cluster, or keep it on the hub. */
const besideLive: ReadonlySet<ErrorCode> = new Set(['ENTRY_UNREADABLE', 'RAW_OBJECTS'])

const severalEntries = (found: readonly Found[]): [ErrorCode, string, string] => {
  const places = nameFew(
    found.map(
      ({ kustomization, entry, source }) => `${kustomization.path}:${entry.line} (${source})`,
    ),
  )
  const roots = found.flatMap(entry => entry.roots)
  const isOneFile = new Set(found.map(({ source }) => source)).size === 1
  return isOneFile && new Set(roots).size === roots.length
    ? [
        'ROOTS_DIFFER',
        `the roots ${nameFew(roots)} list it by entries of their own: ${places}`,
        'list the file in one kustomization that these roots share, or comment it out by hand in all roots but one',
      ]
    : [
        'CLUSTER_AMBIGUOUS',
        `it is listed ${found.length} times: ${places}`,
        'leave one of the entries, or narrow `roots` in sower.yaml',
      ]
}
