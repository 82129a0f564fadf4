import posix from 'node:path/posix'
import { kustomizationNames } from '../../core/kustomization/every-path.ts'
import { referencesOf } from '../../core/kustomization/references-of.ts'
import type { RepositoryView } from '../../core/kustomization/repository-view.ts'
import { configurationPath } from '../../core/settings/nearest-configuration.ts'

/** The question: the roots of a change, and where records are kept. */
type Asked = Readonly<{ roots: readonly string[]; directory: string }>

/**
 * The roots whose render or whose meaning the changed paths may reach; none of them: the change renders nothing else. kustomize
 * loads no file from outside of the directory of a kustomization (its load restriction), and records and sower.yaml are about
 * all roots. What cannot be followed, or runs a program, counts as touched.
 */
export const touchedRoots = (
  tree: RepositoryView,
  changed: readonly string[],
  { roots, directory }: Asked,
): readonly string[] => {
  const isAboutAll = changed.some(
    path => posix.basename(path) === configurationPath || isBelow(path, directory),
  )
  if (isAboutAll) return roots
  return roots.filter(root => {
    const { reached, troubles } = tree.walk(root)
    if (troubles.length > 0 || reached.length === 0) return true
    return reached.some(
      ({ directory: at, kustomization, targets }) =>
        changed.some(path => isBelow(path, at)) ||
        targets.some(target => changed.some(path => isBelow(path, target.path))) ||
        referencesOf(kustomization).some(({ kind }) => mayLeadOut.includes(kind)),
    )
  })
}

/**
 * Tells whether changed paths can reach a render at all, by the base alone: a root that the change adds comes with a
 * kustomization that it adds or changes.
 */
export const mayTouch = (tree: RepositoryView, changed: readonly string[], asked: Asked): boolean =>
  changed.some(path => kustomizationNames.includes(posix.basename(path))) ||
  touchedRoots(tree, changed, asked).length > 0

/** Helm finds its charts, and runs programs, where nobody looks. */
const mayLeadOut: readonly string[] = ['place', 'word', 'host', 'programs']

const isBelow = (path: string, directory: string): boolean =>
  directory === '.' || path === directory || path.startsWith(`${directory}/`)
