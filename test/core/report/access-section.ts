import t from 'tap'
import { accessSection } from '../../../src/core/report/access-section.ts'
import { renderReport, nothingShown } from '../../../src/core/report/render-report.ts'
import { aRun, at } from '../../support/run/run-scene.ts'

t.test('says since when the access of an ended run is kept', t => {
  const facts = { accessSince: at(0) }
  t.match(accessSection(aRun('Failed', { facts })), /is kept on the hub since 2026-11-22T10:00:00/)
  t.match(accessSection(aRun('Failed', { facts })), /Secret `sno1-access`/)
  t.equal(accessSection(aRun('Completed', { facts: { accessSince: null } })), '')
  t.equal(accessSection(aRun('Failed')), '')
  t.equal(accessSection(aRun('Generating', { facts })), '')
  t.end()
})

t.test('asks for a new credential after a failure too, once the old one has left the hub', t => {
  const failed = (facts: object): string =>
    renderReport(aRun('Failed', { outcome: 'Failed', facts }), nothingShown)
  t.match(failed({ clusterID: null }), /has left the hub.*rotate it/)
  t.match(failed({ generation: { awaySince: null, waited: 0, ended: false } }), /rotate it/)
  t.notMatch(failed({}), /rotate/)
  const cancelled = (facts: object): string =>
    renderReport(aRun('Cancelled', { facts }), nothingShown)
  t.match(cancelled({ clusterID: null }), /has left the hub.*rotate it/)
  t.notMatch(cancelled({}), /rotate/)
  t.end()
})

t.test('says what the last word of the Lifecycle Agent means', t => {
  const lastMessage =
    'Seed generation failed: Rejected: Cluster must not have any Persistent Volumes configured'
  const text = renderReport(aRun('Verifying', { facts: { lastMessage } }), nothingShown)
  t.match(text, /which means.*PersistentVolume on the seed; remove what uses it/)
  t.notMatch(text, /lca_image_builder/)
  t.end()
})
