import type { ReadObject } from '../../preflight/query.ts'

/** An object that a policy or an extra manifest in Git brings, as far as its text shows it. */
export type DeclaredObject = ReadObject &
  Readonly<{
    apiVersion: string
    /** The file that shows it. */
    file: string
    /** The name of its base file where that is not in the repository, such as `PtpConfigSlave.yaml`; else null. */
    base: string | null
    /** True if the hub fills in a part of it for each cluster (`{{hub … hub}}`), so that its text says only half. */
    isTemplated: boolean
  }>

/** The description of one cluster in Git. */
export type Declared = Readonly<{
  cluster: string
  /** The file of its ClusterInstance. */
  file: string
  /** The `spec` of its ClusterInstance. */
  spec: unknown
  /** The documents of its Day 0 extra manifests; null where a ConfigMap that it names is not in Git. */
  dayZero: readonly DeclaredObject[] | null
  /** The ConfigMaps of `extraManifestsRefs` that are not in Git. */
  missing: readonly string[]
  /** The objects of the policies that are bound to its labels. */
  policies: readonly DeclaredObject[]
  /** How many policies are bound to it, with objects or without. */
  bound: number
}>

/** The `installConfigOverrides` of a ClusterInstance; undefined where it has none or they are no JSON. */
export const overridesOf = (spec: unknown): unknown => jsonAt(spec, 'installConfigOverrides')

/** JSON in a text field; undefined where it cannot be read. */
export const jsonAt = (value: unknown, key: string): unknown => {
  const text: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  // Most clusters have none, and a thrown error takes longer than all else here.
  if (typeof text !== 'string' || text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
