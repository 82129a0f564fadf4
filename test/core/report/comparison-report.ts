import t from 'tap'
import { comparisonReport } from '../../../src/core/report/comparison-report.ts'
import { comparison } from '../../support/compare/comparison.ts'

const same = (text: string): string => text

t.test('a pull request shows the counts, and the rest folded, the worst first', t => {
  const report = comparisonReport(comparison, ['a note'], text => text.replace('nobody', 'CLEAN'))
  t.match(
    report,
    /^\*\*`seed-sno1` against 2 targets \(OpenShift 4\.18\):\*\* 1 would fail, 1 not known completely\.\n/,
  )
  const titles = [...report.matchAll(/<summary>([^<]+)</g)].map(([, title]) => title)
  t.strictSame(titles, [
    'would make the upgrade fail, or leave a target that does not work: 1',
    'no answer: 1',
    'to be decided, or applied as an extra manifest: 1',
    'the targets',
    'the seed itself',
    '1 checks passed',
  ])
  t.match(report, 'CLEAN')
  t.notMatch(report, '<script>')
  t.match(report, 'The Lifecycle Agent: seed image')
  const many = comparison.targets.flatMap(target =>
    Array.from({ length: 25 }, (_, at) => ({ ...target, cluster: `t${at}` })),
  )
  const long = comparisonReport({ ...comparison, minor: null, targets: many }, [], same)
  t.match(long, 'and 10 more')
  t.match(comparisonReport({ ...comparison, targets: [] }, [], same), 'there is none')
  t.end()
})
