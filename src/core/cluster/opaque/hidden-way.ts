import posix from 'node:path/posix'
import { RefusedError } from '../../../errors.ts'
import { followEntry } from '../../kustomization/follow-entry.ts'
import type { Kustomization } from '../../kustomization/parse-kustomization.ts'
import type { RepositoryView } from '../../kustomization/repository-view.ts'
import type { Reached, Walk } from '../../kustomization/walk.ts'
import { unreadNaming } from './unread-naming.ts'

/** A cluster's live entry, and the walks of all roots. */
type Ways = Readonly<{
  cluster: string
  walks: readonly Walk[]
  kustomization: Kustomization
  /** The file with the cluster's object. */
  source: string
}>

/**
 * The reason why another root may reach a cluster's live entry in a way that Sower does not see, so that no proof would render that
 * root: a kustomization that it cannot read and that names or lists the cluster's place, or a symbolic link to it. Gives
 * undefined where there is none.
 */
export const hiddenWay = (view: RepositoryView, ways: Ways): RefusedError | undefined => {
  const [unread] = unreadNaming(view, ways.cluster, null)
  if (unread !== undefined)
    return new RefusedError(
      'KUSTOMIZATION_UNREADABLE',
      `looking for cluster ${ways.cluster}: ${unread} names it or lists it, too, and Sower cannot read that file as kustomize does, so no proof would hold for what it renders`,
      { fix: `correct ${unread}, or delete it if nothing renders it` },
    )
  const [link] = ways.walks
    .filter(({ troubles }) => troubles.some(({ code }) => code === 'ENTRY_SYMLINK'))
    .flatMap(({ reached }) => reached.flatMap(place => linksTo(view, place, ways)))
  return link
}

const linksTo = (
  view: RepositoryView,
  { directory, kustomization }: Reached,
  ways: Ways,
): readonly RefusedError[] =>
  kustomization.lists
    .flatMap(({ entries }) => entries)
    .flatMap(entry => {
      const followed = followEntry(view, kustomization, entry)
      const isLink = followed instanceof RefusedError && followed.code === 'ENTRY_SYMLINK'
      return isLink && mayReach(view, posix.join(directory, entry.value).replace(/\/$/, ''), ways)
        ? [followed]
        : []
    })

const mayReach = (view: RepositoryView, path: string, { kustomization, source }: Ways): boolean => {
  if (!view.target) return true
  const target = view.target(path)
  if (target === null) return false
  return (
    target === source ||
    view
      .walk(target)
      .reached.some(
        place =>
          place.kustomization.path === kustomization.path ||
          place.targets.some(({ path }) => path === source),
      )
  )
}
