import { describeMinors } from '../../compare/rows/minors.ts'
import { mustNotBeOnTheSeed } from '../../compare/rows/must-not-be-on-the-seed.ts'
import { field } from '../field.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const { nodeSummary } = seedQueries

/** The rows of `sower compare` that count for every version of OpenShift. */
const shared = mustNotBeOnTheSeed.filter(({ minors }) => describeMinors(minors) === '').map(row)

const gibibyte = 2 ** 30
const spaceForImage = 25 * gibibyte

/** Rows about objects that the documentation keeps out of a seed image, and the room that making one takes. */
export const storageRows: readonly Row[] = [
  ...shared,
  row({
    id: 'seed.disk-space',
    level: 'warn',
    passes:
      'the file system of the node has 25 GiB free (inferred from the size of what is packed)',
    reads: [nodeSummary],
    source: ['S25', 'inferred'],
    fix: 'free some space on the node: what goes into the image is packed in /var/tmp first',
    test: found => {
      const free = field(found(nodeSummary)[0], 'status', 'node', 'fs', 'availableBytes')
      if (typeof free !== 'number') return { ok: false, reason: 'the kubelet does not say' }
      return {
        ok: free >= spaceForImage,
        reason: `${Math.floor(free / gibibyte)} GiB free`,
      }
    },
  }),
]
