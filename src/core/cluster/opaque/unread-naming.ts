import posix from 'node:path/posix'
import { directoriesWithKustomization, kustomizationNames } from '../../kustomization/every-path.ts'
import { foldersUp } from '../../kustomization/folders-up.ts'
import type { RepositoryView } from '../../kustomization/repository-view.ts'
import { textAt } from '../../repository-tree.ts'
import { mayHide } from '../../yaml/may-hide.ts'
import { mayHoldCluster } from '../kinds.ts'
import { holdsName } from '../names-cluster.ts'
import { surveyRepository } from '../survey-repository.ts'

/**
 * Kustomizations that kustomize may read otherwise than Sower, other than that of the directory `except`, that name the
 * cluster, or have a live line for a file that does or for a folder with it, or may have one in escapes.
 */
export const unreadNaming = (
  view: RepositoryView,
  cluster: string,
  except: string | null,
): readonly string[] => {
  const unreadable = directoriesWithKustomization(view.paths()).filter(
    directory => directory !== except && view.reach(directory).reached === null,
  )
  if (unreadable.length === 0) return []
  const { holders, mentions } = surveyRepository(view, cluster)
  const naming = [...holders, ...mentions.map(({ path }) => path)]
  const bringing = mentions
    .filter(({ path, text }) => mayHoldCluster(text) || isKustomization(path))
    .map(({ path }) => path)
  const folders = new Set([...holders, ...bringing].flatMap(foldersUp))
  folders.delete('.')
  return unreadable
    .flatMap(directory => kustomizationNames.map(name => posix.join(directory, name)))
    .flatMap(path => {
      const text = textOf(view, path)
      return text === undefined ? [] : [{ path, text }]
    })
    .filter(({ path, text }) => {
      const live = text.replace(/(?:^|\s)#.*$/gm, '').replace(/\s+/g, ' ')
      const isListed = (place: string): boolean => holdsName(live, posix.basename(place))
      return (
        naming.some(file => file === path || mayHide(text) || isListed(file)) ||
        [...folders].some(isListed)
      )
    })
    .map(({ path }) => path)
}

/** The text of a kustomization, also of one behind a symbolic link. */
const textOf = (view: RepositoryView, path: string): string | undefined => {
  const kind = view.entry(path)
  const target = kind === 'symlink' ? (view.target?.(path) ?? null) : path
  return target !== null && view.entry(target) === 'file' ? textAt(view, target) : undefined
}

const isKustomization = (path: string): boolean => kustomizationNames.includes(posix.basename(path))
