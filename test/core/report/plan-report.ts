import t from 'tap'
import { emptyReport } from '../../../src/core/report/plan-report.ts'

t.test('an empty report names each field, so that a script finds all of them', t => {
  const { apiVersion, kind, cluster, status, ...rest } = emptyReport('sno1')
  t.strictSame(
    { apiVersion, kind, cluster, status },
    { apiVersion: 'sower.dev/v1alpha1', kind: 'Plan', cluster: 'sno1', status: 'refused' },
  )
  t.strictSame(
    new Set(Object.values(rest).map(value => JSON.stringify(value))),
    new Set(['null', 'false', '[]']),
  )
  t.end()
})
