import { followLinks } from '../../src/core/repository-tree.ts'
import {
  repositoryView,
  type RepositoryView,
} from '../../src/core/kustomization/repository-view.ts'

/** Text or bytes by path, and `{ link }` for what must not be followed. */
export type Files = Readonly<Record<string, string | Uint8Array | { link: string }>>

/** A repository in memory. */
export const memoryTree = (files: Files): RepositoryView => {
  const directories = new Map<string, Set<string>>([['.', new Set()]])
  for (const path of Object.keys(files)) {
    const parts = path.split('/')
    parts.forEach((part, index) => {
      const parent = parts.slice(0, index).join('/') || '.'
      directories.set(parent, (directories.get(parent) ?? new Set()).add(part))
    })
  }
  const isLink = (path: string): boolean => {
    const file = files[path]
    return typeof file === 'object' && !(file instanceof Uint8Array)
  }
  return repositoryView({
    entry: path => {
      const parts = path.split('/')
      if (parts.some((_, index) => isLink(parts.slice(0, index + 1).join('/')))) return 'symlink'
      if (files[path] !== undefined) return 'file'
      return directories.has(path) ? 'directory' : undefined
    },
    size: path => {
      const file = files[path]
      return typeof file === 'string' || file instanceof Uint8Array ? Buffer.from(file).length : 0
    },
    read: path => {
      const file = files[path]
      if (typeof file === 'string') return new TextEncoder().encode(file)
      if (file instanceof Uint8Array) return file
      throw new Error(`${path} is not a file`)
    },
    target: path =>
      followLinks(path, at => {
        const file = files[at]
        return typeof file === 'object' && 'link' in file ? file.link : undefined
      }),
    list: path => [...(directories.get(path) ?? [])].sort(),
  })
}

/** A ClusterInstance as it stands in a file of its own. */
export const clusterInstance = (
  cluster: string,
  name = cluster,
): string => `apiVersion: siteconfig.open-cluster-management.io/v1alpha1
kind: ClusterInstance
metadata:
  name: ${name}
  namespace: ${cluster}
spec:
  clusterName: ${cluster}
  clusterImageSetNameRef: img4.18.5-x86-64
`

/** A SiteConfig with several clusters. */
export const siteConfig = (
  ...clusters: readonly string[]
): string => `apiVersion: ran.openshift.io/v1
kind: SiteConfig
metadata: {name: site-1, namespace: site-1}
spec:
  clusterImageSetNameRef: of-the-site
  clusters:
${clusters.map(cluster => `  - {clusterName: ${cluster}}\n`).join('')}`

/** A kustomization that lists these entries under `resources`. */
export const listing = (...entries: readonly string[]): string =>
  `resources:\n${entries.map(entry => `  - ${entry}\n`).join('')}`
