import t from 'tap'
import { nothingShown, renderReport } from '../../../src/core/report/render-report.ts'
import { aRun, at } from '../../support/run/run-scene.ts'

t.test('shows why the record of the merge is not merged yet, while that is asked for', t => {
  const own = { heads: {}, triedAt: at(0), refusal: 'a review is required' }
  const facts = { recordMergeIn: 9, own }
  const shown = (phase: 'Detaching' | 'Detached', change = {}): string =>
    renderReport(aRun(phase, { facts: { ...facts, ...change } }), nothingShown)
  t.match(shown('Detaching'), /in #9: until that is merged, .* not conflict; a review is required/)
  t.notMatch(shown('Detached'), /a review is required/)
  t.notMatch(shown('Detaching', { own: { ...own, refusal: null } }), /conflict;/)
  t.notMatch(shown('Detaching', { own: undefined }), /conflict;/)
  t.end()
})
