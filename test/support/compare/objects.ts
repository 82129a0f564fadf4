import type { Answers, Query, ReadObject } from '../../../src/core/preflight/query.ts'
import { present, unknown, type UnknownBecause } from '../../../src/core/seen.ts'
import type { Side } from '../../../src/core/compare/side.ts'
import type { Declared, DeclaredObject } from '../../../src/core/compare/git/declared.ts'

/** An object with its apiVersion, by which queries find it. */
export type Placed = ReadObject & Readonly<{ apiVersion: string }>

/** Makes an object; `name` may be `namespace/name`. */
export const made = (
  [apiVersion, kind, place]: readonly [apiVersion: string, kind: string, place: string],
  more: Partial<Omit<Placed, 'metadata'>> &
    Readonly<{ metadata?: object; provisioner?: string }> = {},
): Placed => {
  const [name = '', namespace] = place.split('/').reverse()
  return { ...more, apiVersion, kind, metadata: { name, namespace, ...more.metadata } }
}

/** Answers every query from these objects; `silent` ones have no answer. */
export const answersFrom =
  (
    objects: readonly Placed[],
    silent: readonly Query[] = [],
    why: UnknownBecause = 'forbidden',
  ): Answers =>
  query => {
    if (silent.includes(query)) return unknown(why)
    const { group, version, kind, name, namespace } = query
    const apiVersion = group === '' ? version : `${group}/${version}`
    return present(
      objects.filter(
        one =>
          one.apiVersion === apiVersion &&
          one.kind === kind &&
          (name === undefined || one.metadata.name === name) &&
          (namespace === undefined || one.metadata.namespace === namespace),
      ),
    )
  }

const nowhere = { answers: null, declared: null, expected: null }

/** The seed, and one target. */
export const seedWith = (more: Partial<Side>): Side => ({
  ...{ ...nowhere, cluster: 'seed-sno1', role: 'seed' },
  ...more,
})
export const targetWith = (more: Partial<Side>): Side => ({
  ...{ ...nowhere, cluster: 'target-sno2', role: 'target' },
  ...more,
})

/** What Git says of a cluster. */
export const declared = (more: Partial<Declared> = {}): Declared => ({
  ...{ cluster: 'target-sno2', file: 'a.yaml', spec: {}, dayZero: [], missing: [] },
  ...{ policies: [], bound: 0 },
  ...more,
})

/** An object that a policy brings. */
export const brought = (object: Placed, more: Partial<DeclaredObject> = {}): DeclaredObject => ({
  ...object,
  ...{ file: 'policies.yaml', base: null, isTemplated: false },
  ...more,
})
