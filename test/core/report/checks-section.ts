import t from 'tap'
import { checksSection } from '../../../src/core/report/checks-section.ts'
import { nothingShown, renderReport, renderStatus } from '../../../src/core/report/render-report.ts'
import { adopting, aRun } from '../../support/run/run-scene.ts'

t.test('what blocks comes first, and what passed is folded', t => {
  const check = (id: string, level: 'block' | 'warn', status: 'pass' | 'fail') => ({
    ...{ id, level, status, reason: 'r', fix: status === 'pass' ? '' : 'f' },
  })
  const passed = check('git.a', 'block', 'pass')
  const [warns, blocks] = [check('hub.b', 'warn', 'fail'), check('seed.c', 'block', 'fail')]
  t.match(checksSection([passed, warns, blocks]), /seed\.c[^]*hub\.b[^]*<details>[^]*git\.a/)
  t.notMatch(checksSection([warns]), /details/)
  t.match(checksSection([passed]), /^<details><summary>1 checks passed/)
  t.equal(checksSection([]), '')
  t.end()
})

const root = {
  ...{ path: 'site', isStatic: false, removed: [], removedClusters: [], owned: [] },
  ...{ prunedTooEarly: [], added: [], changed: [], orderKept: true, left: 3 },
}

t.test('the report of an adopted run says that nothing is detached', t => {
  const run = aRun('Detaching', adopting())
  const report = renderReport(run, { ...nothingShown, roots: [root] })
  t.match(report, /making sure, in two looks, that no hub manages the cluster/)
  t.match(report, /\| adopted \| .*nothing is detached/)
  t.match(report, /no root renders the cluster, and nothing leaves/)
  t.match(renderStatus(run).description, /that no hub manages the cluster$/)
  const detached = renderReport(aRun('Detaching'), { ...nothingShown, roots: [root] })
  t.match(detached, /waiting until Argo CD .* let go/)
  t.match(detached, /exactly this cluster leaves the render/)
  t.notMatch(detached, /adopted/)
  t.match(renderReport(aRun('Requested', adopting()), nothingShown), /nothing has been touched/)
  t.end()
})
