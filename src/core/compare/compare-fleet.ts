import type { Check } from '../preflight/check.ts'
import { minorOf, version } from '../preflight/version.ts'
import { compareConformance, type Conformance } from './conformance.ts'
import { compareEqual } from './compare-equal.ts'
import { compareExtra, type ExtraSettings } from './compare-extra.ts'
import { compareQueries } from './compare-queries.ts'
import { checkFormat } from './image-labels.ts'
import { compareSeed } from './compare-seed.ts'
import { standingOf, standings, type Compared, type Standing } from './compared.ts'
import { isFor, type Minors } from './rows/minors.ts'
import { belongsInExtraManifest } from './rows/belongs-in-extra-manifest.ts'
import { mustBeEqual } from './rows/must-be-equal.ts'
import { mustBeOnTheSeed } from './rows/must-be-on-the-seed.ts'
import { mustNotBeOnTheSeed } from './rows/must-not-be-on-the-seed.ts'
import { factOf, objectsOf, type Side } from './side.ts'
import { textAt } from '../preflight/field.ts'

/** One target, with every row that counts for it. */
export type ComparedTarget = Readonly<{
  cluster: string
  from: Source
  standing: Standing
  checks: readonly Compared[]
}>

/** Where the facts of a side come from first. */
export type Source = 'cluster' | 'git' | 'sower.yaml'

/** A seed against its targets. */
export type Comparison = Readonly<{
  cluster: string
  from: Source
  /** The OpenShift minor whose table counts, such as `4.18`; null where nothing says it. */
  minor: string | null
  /** Checks about the seed alone. */
  seed: readonly Check[]
  /** The worst first. */
  targets: readonly ComparedTarget[]
}>

/** Compares a seed with each of its targets. */
export const compareFleet = (
  seed: Side,
  targets: readonly Side[],
  settings: ExtraSettings & Readonly<{ conformance?: ReadonlyMap<string, Conformance> }>,
): Comparison => {
  const minor = minorOfSide(seed)
  const { conformance = new Map<string, Conformance>() } = settings
  const counts = ({ minors }: Readonly<{ minors: Minors }>): boolean => isFor(minors, minor)
  const equal = mustBeEqual.filter(counts).map(row => ({ row, seed: factOf(row, seed) }))
  const extra = belongsInExtraManifest.filter(counts)
  const compared = targets.map(target => {
    const checks = [
      ...equal.map(one => compareEqual(one.row, one.seed, target)),
      ...extra.map(row => compareExtra(row, { seed, target }, settings)),
      ...(conformance.size > 0 ? [compareConformance(conformance.get(target.cluster))] : []),
    ]
    const { cluster } = target
    return { cluster, from: sourceOf(target), standing: standingOf(checks), checks }
  })
  return {
    ...{ cluster: seed.cluster, from: sourceOf(seed), minor },
    seed: [
      ...(seed.image ? [checkFormat(seed.image)] : []),
      ...[...mustNotBeOnTheSeed, ...mustBeOnTheSeed]
        .filter(counts)
        .map(row => compareSeed(row, seed)),
    ],
    targets: compared.sort(
      (one, other) =>
        standings.indexOf(one.standing) - standings.indexOf(other.standing) ||
        failing(other) - failing(one) ||
        (one.cluster < other.cluster ? -1 : 1),
    ),
  }
}

const failing = ({ checks }: ComparedTarget): number =>
  checks.filter(({ status }) => status === 'fail').length

const sourceOf = ({ answers, expected }: Side): Source => {
  if (expected) return 'sower.yaml'
  return answers ? 'cluster' : 'git'
}

/** The minor of a side: what runs, else what its ClusterInstance says was installed (inferred from the name). */
const minorOfSide = (side: Side): string | null => {
  const fact = objectsOf(compareQueries.clusterVersion, side)
  const running = textAt(fact.isKnown ? fact.value[0] : null, 'status', 'desired', 'version')
  const found = version(running || textAt(side.declared?.spec, 'clusterImageSetNameRef'))
  return found ? minorOf(found) : null
}
