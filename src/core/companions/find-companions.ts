import { z } from 'zod'
import { holdsName } from '../cluster/names-cluster.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { kinds } from '../cluster/kinds.ts'
import { objectIdentity, objectsIn } from '../cluster/object-identity.ts'
import type { Kustomization } from '../kustomization/parse-kustomization.ts'
import type { Reached, Walk } from '../kustomization/walk.ts'

/** Something else of the cluster in Git: an object in its namespace, that namespace, or a generator for it. */
export type Companion = Readonly<{
  /** `group/Kind/namespace/name`, with the name that is written. */
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

const generator = z.looseObject({
  name: z.string().catch(''),
  namespace: z.string().catch(''),
})

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
  const companions: Companion[] = []
  for (const { kustomization, targets, namespace: forced } of namespacesOf(walks)) {
    const isWithin = (written: string): boolean => (forced || written) === namespace
    for (const { entry, path, kind } of targets) {
      if (kind !== 'file' || path === source) continue
      const text = textAt(tree, path)
      if (forced !== namespace && !holdsName(text, namespace)) continue
      const objects = objectsIn(text)
      const own = objects.flatMap(object => {
        // Another cluster is nobody's companion.
        if (!object || kinds.some(({ kind }) => kind === object.kind)) return []
        const { name, namespace: written } = object.metadata
        const isNamespace = object.kind === 'Namespace'
        // `namespace:` also renames namespaces (kustomize, builtinpluginconsts/namespace.go).
        if (!isWithin(isNamespace ? name : written)) return []
        const metadata = isNamespace ? { name: namespace } : { name, namespace }
        return [{ ...object, metadata }]
      })
      const { key, index, line } = entry
      const isAlone = own.length === objects.length
      for (const object of own)
        companions.push({
          object: objectIdentity(object),
          ...{ kustomization, key, index, line, source: path, isAlone },
        })
    }
    for (const { key, items } of kustomization.dependents) {
      if (key !== 'configMapGenerator' && key !== 'secretGenerator') continue
      const kind = key === 'configMapGenerator' ? 'ConfigMap' : 'Secret'
      for (const { value, index, line } of items) {
        const { data } = generator.safeParse(value)
        if (!data || !isWithin(data.namespace)) continue
        companions.push({
          object: objectIdentity({ apiVersion: 'v1', kind, metadata: { ...data, namespace } }),
          ...{ kustomization, key, index, line, source: null, isAlone: true },
        })
      }
    }
  }
  return companions
}

/** Each directory once, with the namespace that it, or one that lists it, puts objects in; empty where none. */
export const namespacesOf = (
  walks: readonly Walk[],
): readonly (Reached & Readonly<{ namespace: string }>)[] => {
  const known = new Map<string, Reached & Readonly<{ namespace: string }>>()
  for (const { reached } of walks) {
    const above = new Map<string, string>()
    // Whoever lists a directory comes before it; the outermost namespace is the last to be set.
    for (const one of reached) {
      const { directory, kustomization, targets } = one
      const { namespace } = withNamespace.parse(kustomization.fields)
      const effective = above.get(directory) || namespace
      known.set(directory, { ...one, namespace: effective })
      for (const { path } of targets) if (!above.has(path)) above.set(path, effective)
    }
  }
  return [...known.values()]
}

const withNamespace = z.looseObject({ namespace: z.string().catch('') })
