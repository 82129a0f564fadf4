import t from 'tap'
import { compareFleet } from '../../../src/core/compare/compare-fleet.ts'
import { compareConformance, readConformance } from '../../../src/core/compare/conformance.ts'
import { seedWith, targetWith } from '../../support/compare/objects.ts'

const settings = { accept: [], configMap: 'openshift-lifecycle-agent/extra-manifests' }

t.test(
  'what oc cluster-compare says is one row, and its call is named where it says nothing',
  t => {
    const summary = (of: object) =>
      JSON.stringify({ Summary: { NumMissing: 0, NumDiffCRs: 0, TotalCRs: 9, ...of } })
    const good = readConformance(summary({}), 'a.json')
    t.match(compareConformance(good), { status: 'pass', fix: '' })
    const bad = readConformance(summary({ NumDiffCRs: 2, UnmatchedCRS: ['x'] }), 'a.json')
    t.match(compareConformance(bad), {
      ...{ status: 'fail', level: 'warn' },
      reason: 'oc cluster-compare: 0 missing, 2 of 9 differ, 1 not in the reference',
    })
    for (const wrong of ['{', '{}', summary({ TotalCRs: -1 })])
      t.throws(() => readConformance(wrong, 'a.json'), {
        code: 'ARGUMENT_INVALID',
        message: /a\.json/,
      })
    const { targets } = compareFleet(seedWith({}), [targetWith({}), targetWith({ cluster: 'b' })], {
      ...settings,
      conformance: new Map([['b', bad]]),
    })
    const rows = targets.map(({ checks }) => checks.find(({ id }) => id === 'profile.conformance'))
    t.match(rows, [{ status: 'fail' }, { status: 'unknown', fix: /oc cluster-compare -r/ }])
    t.end()
  },
)
