import type { Guard } from './guard.ts'

/** An empty render with exit code 0 makes Argo CD prune everything. */
export const explicitEmpty: Guard = {
  rule: 'explicit-empty',
  refuses: 'a render without objects, unless a list of the kustomization is `[]`',
  because: 'Argo CD would remove everything that the Application has brought',
  isAlways: true,
  judge: async ({ tree, view, path, objects }) => {
    if (objects.length > 0) return []
    const { isExplicitlyEmpty } = await import('../kustomization/is-explicitly-empty.ts')
    if (isExplicitlyEmpty(await view(), path)) return []
    const { kustomizationIn } = await import('../kustomization/kustomization-in.ts')
    return [
      {
        objects: [],
        file: kustomizationIn(tree, path).path,
        reason: `the render of ${path} holds no object, and no list says that this is meant`,
        fix: 'write `resources: []` if nothing is meant to be there',
      },
    ]
  },
}
