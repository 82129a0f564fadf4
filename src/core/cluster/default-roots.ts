import type { RepositoryView } from '../kustomization/repository-view.ts'
import { commentedTargets } from './commented-out.ts'
import { directoriesWithKustomization } from '../kustomization/every-path.ts'
import type { Reached } from '../kustomization/walk.ts'

/** The roots of a repository whose configuration names none, and what was passed over, with the reason. */
export type DefaultRoots = Readonly<{ roots: readonly string[]; warnings: readonly string[] }>

const ownVersion = 'kustomize.config.k8s.io/'

/**
 * Every directory with a kustomization that no other kustomization references. A Component that lists nothing is none: it
 * changes what others list, and kustomize builds one by itself only where it brings objects. Nor is what only a commented-out entry leads to: it was detached there.
 */
export const defaultRoots = (view: RepositoryView): DefaultRoots => {
  const warnings: string[] = []
  const places: Reached[] = []
  for (const directory of directoriesWithKustomization(view.paths())) {
    const { reached, troubles } = view.reach(directory)
    if (reached) places.push(reached)
    else warnings.push(...troubles.map(({ message }) => `not taken for a root: ${message}`))
  }
  const referenced = new Set<string>()
  const commentedOut = new Map<string, string>()
  for (const place of places) {
    const { directory, kustomization } = place
    for (const { path } of place.targets) if (path !== directory) referenced.add(path)
    for (const { path, line } of commentedTargets(view, place))
      if (path !== directory) commentedOut.set(path, `${kustomization.path}:${line}`)
  }
  const roots: string[] = []
  for (const { directory, kustomization, targets } of places) {
    const { kind, apiVersion = ownVersion } = kustomization.fields
    if ((kind === 'Component' && targets.length === 0) || referenced.has(directory)) continue
    const where = commentedOut.get(directory)
    // Flux names objects of its own kind so.
    if (!String(apiVersion).startsWith(ownVersion))
      warnings.push(`not taken for a root: ${kustomization.path} is of ${String(apiVersion)}`)
    else if (where === undefined) roots.push(directory)
    else
      warnings.push(
        `not taken for a root: ${directory}, which only the commented-out entry ${where} leads to; ` +
          'name it under `roots` in sower.yaml if Argo CD renders it',
      )
  }
  return { roots, warnings }
}
