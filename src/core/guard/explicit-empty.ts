import type { Guard } from './guard.ts'

/** An empty render with exit code 0 makes Argo CD prune everything. */
export const explicitEmpty: Guard = {
  rule: 'explicit-empty',
  refuses: 'a render without objects, unless a list of the kustomization is `[]`',
  because: 'Argo CD would remove everything that the Application has brought',
  isAlways: true,
  judge: async ({ tree, path, objects }) => {
    if (objects.length > 0) return []
    const { whyEmpty } = await import('../kustomization/why-empty.ts')
    const why = whyEmpty(tree, path)
    return why ? [{ objects: [], ...why }] : []
  },
}
