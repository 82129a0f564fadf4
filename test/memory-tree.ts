import type { RepositoryTree } from '../src/core/repository-tree.ts'

/** A repository in memory: text or bytes by path, and 'symlink' for what must not be followed. */
export const memoryTree = (
  files: Readonly<Record<string, string | Uint8Array | { link: string }>>,
): RepositoryTree => ({
  entry: path => {
    const file = files[path]
    if (file !== undefined)
      return typeof file === 'string' || file instanceof Uint8Array ? 'file' : 'symlink'
    const isDirectory = path === '.' || Object.keys(files).some(name => name.startsWith(`${path}/`))
    return isDirectory ? 'directory' : undefined
  },
  read: path => {
    const file = files[path]
    if (typeof file === 'string') return new TextEncoder().encode(file)
    if (file instanceof Uint8Array) return file
    throw new Error(`${path} is not a file`)
  },
})

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
