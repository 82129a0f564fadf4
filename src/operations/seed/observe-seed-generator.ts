import { z } from 'zod'
import { isDeepEqual } from '../../core/yaml/is-deep-equal.ts'
import { names } from '../../core/names.ts'
import { readConditions, type SeedGeneratorState } from '../../core/seedgen/read-conditions.ts'
import { absent, mapSeen, present, type Seen } from '../../core/seen.ts'
import { readOnSeed } from './connect-seed.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { ObjectKey } from '../ports/cluster.ts'
import { conditionsOf } from '../conditions-of.ts'

/** The SeedGenerator on a seed. */
export const seedGeneratorKey: ObjectKey = {
  apiVersion: 'lca.openshift.io/v1',
  kind: 'SeedGenerator',
  name: names.seedGenerator,
}

/** The Secret that the Lifecycle Agent reads. */
export const seedSecretKey = (namespace: string): ObjectKey => ({
  apiVersion: 'v1',
  kind: 'Secret',
  namespace,
  name: names.seedSecret,
})

const seedGenerator = z.looseObject({ seedImage: z.string().default('') })

/** The SeedGenerator on the seed, compared with the spec that is wanted there. */
export const observeSeedGenerator = async (
  seed: Cluster | null,
  wanted: object | null = null,
): Promise<Seen<SeedGeneratorState>> =>
  mapSeen(await readOnSeed(seed, ({ read }) => read(seedGeneratorKey)), object => ({
    uid: object.metadata.uid,
    resourceVersion: object.metadata.resourceVersion,
    isWanted: wanted !== null && isDeepEqual(object.spec, wanted),
    image: seedGenerator.safeParse(object.spec).data?.seedImage ?? '',
    isBeingDeleted: object.metadata.deletionTimestamp !== undefined,
    ...readConditions(conditionsOf(object)),
  }))

/** The klusterlet CRD on the seed: while it is there, the Lifecycle Agent refuses (seedgen_controller.go:601-609). */
export const observeKlusterlet = async (seed: Cluster | null): Promise<Seen<true>> =>
  mapSeen(
    await readOnSeed(seed, ({ read }) =>
      read({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'klusterlets.operator.open-cluster-management.io',
      }),
    ),
    () => true,
  )

/** Add-on namespaces on the seed; the Lifecycle Agent refuses each (seedgen_controller.go:611-616). */
export const observeAddonNamespaces = async (
  seed: Cluster | null,
): Promise<Seen<readonly string[]>> => {
  const namespaces = await readOnSeed(seed, ({ list }) =>
    list({ apiVersion: 'v1', kind: 'Namespace' }),
  )
  if (namespaces.seen !== 'present') return namespaces
  const addons = namespaces.value
    .map(({ metadata }) => metadata.name)
    .filter(name => name.startsWith('open-cluster-management-addon-'))
  return addons.length === 0 ? absent : present(addons)
}
