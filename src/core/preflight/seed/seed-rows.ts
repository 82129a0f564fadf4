import { absent } from '../../seen.ts'
import type { Answer } from '../query.ts'
import type { Row } from '../row.ts'
import { checkNoSeedGenerator } from './check-no-seed-generator.ts'
import { seedQueries } from './seed-queries.ts'

/** The checks of the seed itself: whatever the Lifecycle Agent rejects or waits for, before the cluster leaves the hub. */
export const seedRows: readonly Row[] = [
  {
    id: 'seed.no-seed-generator',
    level: 'block',
    passes: 'the Lifecycle Agent is there and has no SeedGenerator',
    reads: [seedQueries.seedGenerator],
    source: ['S13', 'lifecycle-agent api/seedgenerator/v1/types.go:30-38'],
    check: answers => checkNoSeedGenerator(noneAsAbsent(answers(seedQueries.seedGenerator))),
  },
]

const noneAsAbsent = (read: Answer): Answer =>
  read.seen === 'present' && read.value.length === 0 ? absent : read
