import { z } from 'zod'
import type { RepositoryTree } from '../repository-tree.ts'
import { documentsIn } from './documents-in.ts'
import type { Kustomization } from './parse-kustomization.ts'
import type { Walk } from './walk.ts'

/** Something else of the cluster in Git: an object in its namespace, that namespace, or a generator for it. */
export type Companion = Readonly<{
  /** `group/Kind/namespace/name`, as written. */
  object: string
  /** The kustomization and its item that bring it in. */
  kustomization: Kustomization
  key: string
  index: number
  line: number
  /** The file that holds it; null for a generator. */
  source: string | null
  /** The item brings in nothing but companions, so it can leave. */
  isAlone: boolean
}>

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
})
const generator = z.looseObject({ name: z.string().default(''), namespace: z.string().default('') })

/**
 * The companions of a cluster: they stay when it is detached, since ACM still needs its namespace, and may
 * leave when the ManagedCluster is gone. Files that do not hold the namespace's name are not parsed.
 */
export const findCompanions = (
  tree: RepositoryTree,
  {
    walks,
    source,
    namespace,
  }: Readonly<{
    walks: readonly Walk[]
    source: string | null
    namespace: string
  }>,
): readonly Companion[] => {
  const found = new Map<string, Companion>()
  const reachedOnce = new Map(
    walks.flatMap(({ reached }) => reached.map(one => [one.directory, one] as const)),
  )
  for (const { kustomization, targets } of reachedOnce.values()) {
    const own = kustomization.fields['namespace'] === namespace
    for (const { entry, path, kind } of targets) {
      if (kind !== 'file' || path === source) continue
      const text = new TextDecoder().decode(tree.read(path))
      if (!own && !text.includes(namespace)) continue
      const objects = documentsIn(text).flatMap(document => {
        const { data } = kubernetesObject.safeParse(document)
        return data ? [data] : []
      })
      const companions = objects.filter(
        ({ kind, metadata }) =>
          // Another cluster is nobody's companion.
          !['ClusterInstance', 'SiteConfig'].includes(kind) &&
          (own ||
            metadata.namespace === namespace ||
            (kind === 'Namespace' && metadata.name === namespace)),
      )
      const { key, index, line } = entry
      const isAlone = companions.length === objects.length
      for (const { apiVersion, kind, metadata } of companions)
        found.set(`${path} ${kind} ${metadata.name}`, {
          object: identity(apiVersion, kind, metadata),
          ...{ kustomization, key, index, line, source: path, isAlone },
        })
    }
    for (const { key, items } of kustomization.dependents) {
      if (key !== 'configMapGenerator' && key !== 'secretGenerator') continue
      for (const { value, index, line } of items) {
        const { data } = generator.safeParse(value)
        if (!data || !(own || data.namespace === namespace)) continue
        const kind = key === 'configMapGenerator' ? 'ConfigMap' : 'Secret'
        found.set(`${kustomization.path} ${key} ${index}`, {
          object: identity('v1', kind, { ...data, namespace }),
          ...{ kustomization, key, index, line, source: null, isAlone: true },
        })
      }
    }
  }
  return [...found.values()]
}

const identity = (
  apiVersion: string,
  kind: string,
  { name, namespace }: Readonly<{ name: string; namespace: string }>,
): string => {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return [group, kind, kind === 'Namespace' ? '' : namespace, name].join('/')
}
