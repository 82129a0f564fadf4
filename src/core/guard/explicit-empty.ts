import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Guard } from './guard.ts'

/** An empty render with exit code 0 makes Argo CD prune everything. */
export const explicitEmpty: Guard = {
  rule: 'explicit-empty',
  refuses: 'a render without objects, unless a list of the kustomization is `[]`',
  because: 'Argo CD would remove everything that the Application has brought',
  isAlways: true,
  judge: async ({ tree, path, objects }) => {
    if (objects.length > 0) return []
    const { isExplicitlyEmpty } = await import('../kustomization/is-explicitly-empty.ts')
    if (isExplicitlyEmpty(tree, path)) return []
    const { kustomizationIn } = await import('../kustomization/kustomization-in.ts')
    const { path: file } = kustomizationIn(tree, path)
    const files = listedFiles(tree, path)
    const reason = `the render of ${path} holds no object, and`
    return [
      files.length > 0
        ? {
            objects: [],
            file,
            reason: `${reason} these files are listed: ${files.join(', ')}`,
            fix: 'put the objects into them, or take them out of the lists if nothing is meant to be there',
          }
        : {
            objects: [],
            file,
            reason: `${reason} no list says that this is intended`,
            fix: 'write `resources: []` if nothing is meant to be there',
          },
    ]
  },
}

const listedFiles = (view: RepositoryView, directory: string): readonly string[] =>
  view
    .walk(directory)
    .reached.flatMap(({ targets }) => targets)
    .flatMap(({ kind, path }) => (kind === 'file' ? [path] : []))
