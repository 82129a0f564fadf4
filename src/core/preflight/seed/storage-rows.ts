import { field } from '../field.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const { nodeSummary } = seedQueries

const gibibyte = 2 ** 30
const spaceForImage = 25 * gibibyte

/** Rows about the room that making an image takes. */
export const storageRows: readonly Row[] = [
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
