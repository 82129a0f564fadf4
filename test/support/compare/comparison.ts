import type { Comparison } from '../../../src/core/compare/compare-fleet.ts'
import type { Compared } from '../../../src/core/compare/compared.ts'

const compared = (id: string, more: Partial<Compared> = {}): Compared => ({
  ...{ id, level: 'block', status: 'pass', reason: 'both', fix: '' },
  ...{ seed: null, target: null, agent: null, extraManifests: [] },
  ...more,
})
const hostile = '<script>alert(1)</script>'
/** A comparison with a target that would fail, and one of which not all is known. */
export const comparison: Comparison = {
  ...{ cluster: 'seed-sno1', from: 'git', minor: '4.18' },
  seed: [
    { id: 'seed.a', level: 'block', status: 'pass', reason: 'none', fix: '' },
    { id: 'seed.b', level: 'warn', status: 'fail', reason: 'it is there', fix: 'delete it' },
  ],
  targets: [
    {
      ...{ cluster: 'target-bad', from: 'git', standing: 'fails' },
      checks: [
        compared('equal.fips', {
          status: 'fail',
          reason: `on | off ${hostile}`,
          agent: 'seed image',
          fix: 'change',
        }),
        compared('extra.ptp', {
          ...{ level: 'warn', status: 'fail', reason: 'becomes', fix: 'list it' },
          extraManifests: [{ object: 'PtpConfig a/b', configMap: 'n/c' }],
        }),
      ],
    },
    {
      ...{ cluster: 'target-open', from: 'git', standing: 'unknown' },
      checks: [
        compared('equal.fips', { status: 'unknown', reason: 'nobody' }),
        compared('extra.ptp'),
      ],
    },
  ],
}
