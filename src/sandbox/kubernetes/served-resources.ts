import { z } from 'zod'
import type { ObjectStore } from './object-store.ts'
import type { Resource } from './resource.ts'

const CustomResourceDefinition = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string(), plural: z.string() }),
    scope: z.enum(['Namespaced', 'Cluster']),
    versions: z.array(
      z.looseObject({
        name: z.string(),
        served: z.boolean(),
        subresources: z.looseObject({ status: z.unknown() }).partial().optional(),
      }),
    ),
  }),
})

const definedIn = (store: ObjectStore): readonly Resource[] =>
  store
    .list({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' })
    .flatMap(object => {
      const { data } = CustomResourceDefinition.safeParse(object)
      if (!data) return []
      const { group, names, scope, versions } = data.spec
      return versions
        .filter(version => version.served)
        .map(version => ({
          group,
          version: version.name,
          kind: names.kind,
          plural: names.plural,
          namespaced: scope === 'Namespaced',
          status: version.subresources?.status !== undefined,
        }))
    })

/** All kinds served now: the fixed table, and what CustomResourceDefinitions in the store add to it. */
export const servedResources = (
  table: readonly Resource[],
  store: ObjectStore,
): readonly Resource[] => {
  const isInTable = ({ group, version, plural }: Resource): boolean =>
    table.some(
      known => known.group === group && known.version === version && known.plural === plural,
    )
  return [...table, ...definedIn(store).filter(resource => !isInTable(resource))]
}

/** `v1` or `group/version`. */
export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`

/** `secrets` or `seedgenerators.lca.openshift.io`, as the API server's messages name a kind. */
export const qualifiedNameOf = ({ group, plural }: Pick<Resource, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`
