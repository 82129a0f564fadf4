import { commandOf, type Answers, type Query, type ReadObject } from '../preflight/query.ts'
import type { UnknownBecause } from '../seen.ts'
import type { EqualRow, Found } from './rows/equal-row.ts'
import type { Declared, DeclaredObject } from './git/declared.ts'
import { labelledValues, type ImageLabels } from './image-labels.ts'
import type { Value } from './value.ts'

/** The seed, or a target: where its facts come from. */
export type Side = Readonly<{
  cluster: string
  role: 'seed' | 'target'
  /** The answers of its API server or its must-gather; null where neither is named. */
  answers: Answers | null
  /** Its description in Git; null where it has no ClusterInstance there. */
  declared: Declared | null
  /** The values that sower.yaml expects of every target, by the name of a row; null for a real cluster. */
  expected: ReadonlyMap<string, Value> | null
  /** The labels of the finished image, which count before what its seed says now. */
  image?: ImageLabels
}>

/** A fact about one side, or, where it is unknown, the means to find it out. */
export type Fact<T> =
  | Readonly<{ isKnown: true; value: T; from: 'cluster' | 'git' | 'sower.yaml' | 'image' }>
  | Readonly<{ isKnown: false; reason: string; fix: string }>

/** The answer of a side to an "equal" row: of the cluster, else of Git. */
export const factOf = (row: EqualRow, side: Side): Fact<Value> => {
  const { expected, declared, role, image } = side
  const name = row.id.slice(row.id.indexOf('.') + 1)
  const labelled = image && labelledValues(image).get(name)
  if (labelled) return { isKnown: true, value: labelled, from: 'image' }
  if (expected) {
    const value = expected.get(name)
    if (value) return { isKnown: true, value, from: 'sower.yaml' }
    return nothing(
      'sower.yaml states no expectation for it',
      `add \`${name}\` to \`expect\` in sower.yaml`,
    )
  }
  const silent = row.reads.length > 0 ? firstUnanswered(side, row.reads) : notInGit(side)
  if (silent === null) {
    const value = row.read(foundBy(side))
    if (value) return { isKnown: true, value, from: 'cluster' }
  }
  const value = declared && row.git(declared)
  if (value) return { isKnown: true, value, from: 'git' }
  if (silent) return silent
  const commands = row.reads.map(query => `\`${commandOf(query)}\``).join(', ')
  return nothing(`what was read on the ${role} does not say`, `ask by hand: ${commands}`)
}

/** The objects of a query on one side: of the cluster all, of Git at least those that policies bring. */
export const objectsOf = (query: Query, side: Side): Fact<readonly ReadObject[]> => {
  const silent = firstUnanswered(side, [query])
  if (silent === null) return { isKnown: true, value: foundBy(side)(query), from: 'cluster' }
  const found = broughtBy(side.declared, query)
  return found.length === 0 ? silent : { isKnown: true, value: found, from: 'git' }
}

/** The objects that policies in Git bring, as the query would find them. */
const broughtBy = (declared: Declared | null, query: Query): readonly DeclaredObject[] =>
  (declared?.policies ?? []).filter(
    ({ kind, apiVersion, metadata: { name, namespace } }) =>
      kind === query.kind &&
      apiVersion.split('/').slice(0, -1).join('') === query.group &&
      (query.name === undefined || query.name === name) &&
      (query.namespace === undefined || namespace === undefined || query.namespace === namespace),
  )

const foundBy =
  ({ answers }: Side): Found =>
  query => {
    const read = answers?.(query)
    return read?.seen === 'present' ? read.value : []
  }

type Unknown = Extract<Fact<never>, { isKnown: false }>

/** How a reason begins where nobody was named to ask. */
export const gitIsSilent = 'Git does not say'

const nothing = (reason: string, fix: string): Unknown => ({ isKnown: false, reason, fix })

/** Unknown for lack of Git: a cluster does not show how it was installed. */
const notInGit = ({ declared, role }: Side): Unknown =>
  declared === null
    ? nothing(
        `no ClusterInstance of the ${role} is listed in Git`,
        'ask by hand what it was installed with',
      )
    : nothing(
        `ConfigMap ${declared.missing.join(', ')} of the ${role} is not in Git`,
        'commit the ConfigMaps that its `extraManifestsRefs` name',
      )

/** Why a cluster does not answer; null where it answers every query. */
export const firstUnanswered = (
  { answers, role }: Side,
  reads: readonly Query[],
): Unknown | null => {
  for (const query of reads) {
    if (answers === null) return notNamed(role, query)
    const read = answers(query)
    if (read.seen === 'unknown')
      return nothing(whyNot(read.why, query, role), toDo(read.why, query))
  }
  return null
}

const unasked = { seed: new Map<Query, Unknown>(), target: new Map<Query, Unknown>() }

/** The same for each of thousands of targets, so it is made once. */
const notNamed = (role: Side['role'], query: Query): Unknown => {
  const known =
    unasked[role].get(query) ??
    nothing(`${gitIsSilent}, and the ${role} was not asked`, toDo('not-asked', query))
  unasked[role].set(query, known)
  return known
}

const whyNot = (why: UnknownBecause, query: Query, role: Side['role']): string => {
  const what = [query.resource, query.group].filter(part => part !== '').join('.')
  return why === 'not-asked'
    ? `the must-gather of the ${role} does not hold ${what}`
    : `no answer of the ${role} for ${what}: ${why}`
}

const toDo = (why: UnknownBecause, query: Query): string =>
  why === 'forbidden'
    ? `let the user list ${query.resource}`
    : `name a kubeconfig or a must-gather that holds it, or ask by hand: \`${commandOf(query)}\``
