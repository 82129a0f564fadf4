import { compareQueries } from '../../compare/compare-queries.ts'
import type { Found, SeedRow } from '../../compare/rows/equal-row.ts'
import { describeMinors, isFor } from '../../compare/rows/minors.ts'
import { mustBeOnTheSeed } from '../../compare/rows/must-be-on-the-seed.ts'
import { mustNotBeOnTheSeed } from '../../compare/rows/must-not-be-on-the-seed.ts'
import { listAt, textAt } from '../field.ts'
import { answer } from '../judge.ts'
import { customRow, row, type Row } from '../row.ts'
import { minorOf, version } from '../version.ts'
import { seedQueries } from './seed-queries.ts'

const { clusterVersion } = seedQueries
const { performanceProfiles } = compareQueries

/** The OpenShift minor that the seed runs or is being updated to; null where it does not say. */
const minorOfSeed = (found: Found): string | null => {
  const [newest] = listAt(found(clusterVersion)[0], 'status', 'history')
  const running = version(textAt(newest, 'version'))
  return running ? minorOf(running) : null
}

/** A row of `sower compare` as one of the preflight: it passes on an OpenShift for which it does not count. */
const ofItsMinor = (compared: SeedRow): Row => {
  const minors = describeMinors(compared.minors)
  if (minors === '') return row(compared)
  return row({
    ...compared,
    passes: `${compared.passes} (OpenShift ${minors})`,
    reads: [clusterVersion, ...compared.reads],
    test: found => {
      const minor = minorOfSeed(found)
      return isFor(compared.minors, minor)
        ? compared.test(found)
        : { ok: true, reason: `it does not count for OpenShift ${minor ?? 'of no version'}` }
    },
  })
}

/** The same, asked only of a seed with a PerformanceProfile, without which it is none of the RAN DU profile (inferred). */
const ofTheProfile = (compared: SeedRow): Row => {
  const whole = ofItsMinor(compared)
  const { id, level } = compared
  return customRow({
    ...whole,
    passes: `${whole.passes}, or the seed has no PerformanceProfile`,
    reads: [performanceProfiles, ...whole.reads.filter(query => query !== performanceProfiles)],
    source: [...whole.source, 'inferred'],
    check: (answers, facts) => {
      const profiles = answers(performanceProfiles)
      if (
        profiles.seen === 'absent' ||
        (profiles.seen === 'present' && profiles.value.length === 0)
      )
        return answer(id, level, { ok: true, reason: 'it has no PerformanceProfile', fix: '' })
      return whole.check(answers, facts)
    },
  })
}

/** The rows of `sower compare` about the seed alone, from the same tables. */
export const comparedRows: readonly Row[] = [
  ...mustNotBeOnTheSeed.map(ofItsMinor),
  ...mustBeOnTheSeed.map(ofTheProfile),
]
