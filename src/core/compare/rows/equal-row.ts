import type { Check } from '../../preflight/check.ts'
import type { Query, ReadObject } from '../../preflight/query.ts'
import type { Declared } from '../git/declared.ts'
import type { Judge } from '../judged.ts'
import type { Minors } from './minors.ts'
import type { Value } from '../value.ts'

/** The objects that a query found. */
export type Found = (query: Query) => readonly ReadObject[]

/** A row of the group "must be equal": the same question to the seed and to each target. */
export type EqualRow = Readonly<{
  /** `equal.<name>`; the name is the key under `expect` in sower.yaml. */
  id: string
  /** 'block': the upgrade of this target would fail, or the image would not fit it. */
  level: Check['level']
  /** When it passes, in words. */
  passes: string
  minors: Minors
  reads: readonly Query[]
  /** Null where the objects do not say. */
  read: (found: Found) => Value | null
  /** The value from the ClusterInstance and its companions in Git; null where they do not say. */
  git: (declared: Declared) => Value | null
  judge: Judge
  fix: string
  source: readonly string[]
}>

/** A row that looks at the seed alone. The preflight asks it too. */
export type SeedRow = Readonly<{
  /** `seed.<name>`. */
  id: string
  level: Check['level']
  passes: string
  minors: Minors
  reads: readonly Query[]
  test: (found: Found) => Readonly<{ ok: boolean; reason: string }>
  fix: string
  source: readonly string[]
}>

/** A row of the group "belongs in an extra manifest": objects that a target gets after its upgrade. */
export type ExtraRow = Readonly<{
  /** `extra.<name>`. */
  id: string
  passes: string
  minors: Minors
  query: Query
  /** True if an object that the query finds is meant. */
  isMeant: (object: ReadObject) => boolean
  /** True if it may be in the seed image where it is the same on every target. */
  mayBeShared: boolean
  source: readonly string[]
}>
