import { describeRight, roleOf } from '../right.ts'
import { field, listAt, textAt } from '../preflight/field.ts'
import type { Seen, UnknownBecause } from '../seen.ts'
import { waiting, type Waiting } from './waiting.ts'

/** An object of the hub, as the tree reads it. */
export type HubObject = Readonly<{
  kind: string
  metadata: Readonly<{
    name: string
    namespace?: string | undefined
    deletionTimestamp?: string | undefined
    finalizers?: readonly string[] | undefined
    labels?: Readonly<Record<string, string>> | undefined
    annotations?: Readonly<Record<string, string>> | undefined
  }>
  spec?: unknown
  status?: unknown
}>

export type Condition = Readonly<{
  type: string
  status: string
  reason: string
  message: string
  since: string | null
}>

/** The conditions in the status of an object. */
export const conditionsIn = (object: unknown): readonly Condition[] =>
  listAt(object, 'status', 'conditions').map(condition => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
    since: textAt(condition, 'lastTransitionTime') || null,
  }))

/** An object as people name it. */
export const nameOf = ({ kind, metadata: { name, namespace } }: HubObject): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`

/** An object as `oc` takes it, behind a verb. */
export const argumentOf = ({ kind, metadata: { name, namespace } }: HubObject): string =>
  `${kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` -n ${namespace}`}`

const finalizersOf = ({ metadata: { finalizers = [] } }: HubObject): string =>
  finalizers.length === 0 ? '' : `held by ${finalizers.join(', ')}`

/** Ten minutes: siteconfig looks once a minute, and a detach takes five to fifteen. */
const patience = 10 * 60_000

/** Tells whether the deletion of an object began so long ago that something holds it. */
export const isOverdue = ({ metadata: { deletionTimestamp } }: HubObject, now: string): boolean =>
  deletionTimestamp !== undefined && Date.parse(now) - Date.parse(deletionTimestamp) > patience

/** The trouble with an object beside its deletion: the reason that makes it stuck, and the next step. */
export type Trouble = Readonly<{ why: string; next: string | null }>

/**
 * An object that must go. With `trouble` it is stuck; being deleted for ten minutes it is, too, and its finalizers say who
 * holds it. `says` is what its own controller says.
 */
export const objectNode = (
  object: HubObject,
  {
    now,
    trouble = null,
    says = '',
    parts = [],
    waitsFor = 'nobody has deleted it yet',
  }: Readonly<{
    now: string
    trouble?: Trouble | null
    says?: string
    parts?: readonly Waiting[]
    waitsFor?: string
  }>,
): Waiting => {
  const { deletionTimestamp = null } = object.metadata
  const shared = { since: deletionTimestamp, parts }
  const what = nameOf(object)
  const words = (...all: readonly string[]): string | null =>
    all.filter(word => word !== '').join('; ') || null
  if (trouble)
    return waiting(what, 'stuck', {
      ...shared,
      why: words(trouble.why, deletionTimestamp === null ? '' : finalizersOf(object)),
      next: trouble.next,
    })
  if (deletionTimestamp === null)
    return waiting(what, 'there', { ...shared, why: words(says, waitsFor) })
  if (!isOverdue(object, now))
    return waiting(what, 'going', { ...shared, why: words(says, finalizersOf(object)) })
  return waiting(what, 'stuck', {
    ...shared,
    why: words('has been in deletion for more than ten minutes', says, finalizersOf(object)),
    next: `see what holds it: oc describe ${argumentOf(object)}`,
  })
}

const answers: Readonly<Partial<Record<UnknownBecause, readonly [why: string, next: string]>>> = {
  forbidden: ['cannot be read', 'give Sower the right to read it: manifests/base'],
  'not-served': ['this kind is not served', 'see that its operator is installed on the hub'],
  'not-asked': ['not asked', 'nothing, or give Sower access to it'],
}

/** One node for each object that was read; one that is `gone` where there is none, `unknown` without an answer. */
export const nodesOf = <T>(
  what: string,
  read: Seen<T>,
  describe: (value: T) => readonly Waiting[],
  on: 'hub' | 'seed' = 'hub',
): readonly Waiting[] => {
  if (read.seen === 'absent') return [waiting(what, 'gone')]
  if (read.seen === 'present') {
    const nodes = describe(read.value)
    return nodes.length === 0 ? [waiting(what, 'gone')] : nodes
  }
  if (read.denied) {
    const next =
      on === 'hub'
        ? `give Sower that right: ${roleOf(read.denied)} holds it`
        : 'use the admin kubeconfig of the seed'
    return [
      waiting(what, 'unknown', {
        why: `Sower is not allowed to ${describeRight(read.denied)}`,
        next,
      }),
    ]
  }
  const [why, next] = answers[read.why] ?? [`no answer: ${read.why}`, null]
  return [waiting(what, 'unknown', { why, next })]
}

/** A text at a path, with what stands before it; empty where there is none. */
export const sayAt = (object: unknown, before: string, ...path: readonly string[]): string => {
  const text = field(object, ...path)
  return typeof text === 'string' && text !== '' ? `${before}${text}` : ''
}
