import type { Check } from '../preflight/check.ts'
import type { Value } from './value.ts'

/** An object of a target that has to become an extra manifest, and the ConfigMap that it goes into. */
export type ExtraManifest = Readonly<{ object: string; configMap: string }>

/** One row for one target: a check as those of the preflight, with what both sides have. */
export type Compared = Check &
  Readonly<{
    /** Null where it is not known, and in rows that compare no lines. */
    seed: Value | null
    target: Value | null
    /** The message of the Lifecycle Agent on the target; null where it does not look. */
    agent: string | null
    extraManifests: readonly ExtraManifest[]
  }>

/** How a target ends up: its worst check. */
export type Standing = 'fails' | 'unknown' | 'warns' | 'fits'

/** The standings, the worst first. */
export const standings: readonly Standing[] = ['fails', 'unknown', 'warns', 'fits']

/** A check that fails, or has no answer, counts by its level: only what blocks is 'fails' or 'unknown'. */
export const standingOf = (checks: readonly Check[]): Standing => {
  const open = checks.filter(({ status }) => status !== 'pass')
  const blocking = open.filter(({ level }) => level === 'block')
  if (blocking.some(({ status }) => status === 'fail')) return 'fails'
  if (blocking.length > 0) return 'unknown'
  return open.length > 0 ? 'warns' : 'fits'
}

/** The extra manifests of a target, each once. */
export const extraManifestsOf = (checks: readonly Compared[]): readonly ExtraManifest[] => [
  ...new Map(
    checks.flatMap(({ extraManifests }) => extraManifests.map(one => [one.object, one] as const)),
  ).values(),
]
