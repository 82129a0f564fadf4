import t from 'tap'
import { identifyLabel, labelKey } from '../../../src/operations/intake/identify-label.ts'
import type { Incoming } from '../../../src/operations/ports/inbox.ts'
import { fakeWorld } from '../../support/fake-world.ts'

const at = '2026-11-22T10:00:00Z'
const label: Incoming = {
  ...{ kind: 'label', key: '#7/label/abc/x', pullRequest: 7, sender: 'alice', headSha: 'abc', at },
}

t.test('a label has the key of its event, however Sower heard of it', async t => {
  const world = fakeWorld()
  const context = world.start()
  const asked: unknown[] = []
  world.faults.set('forge.labelling', given => {
    asked.push(given)
    return Promise.resolve({ id: 5, at })
  })
  t.equal(await identifyLabel(context, label), '#7/label/5')
  t.strictSame(asked, [{ pullRequest: 7, by: 'alice', until: at }])
  t.equal(await identifyLabel(context, { ...label, key: labelKey(7, 6) }), '#7/label/6')
  t.equal(asked.length, 1, 'one that a look found has it')
})

t.test('GitHub may be late to list it, and not for ever', async t => {
  const world = fakeWorld()
  const context = world.start()
  world.faults.set('forge.labelling', () => Promise.resolve(null))
  await t.rejects(identifyLabel(context, label), {
    ...{ name: 'UnavailableError', retryAt: '2026-11-22T10:00:05.000Z' },
  })
  world.tick(601)
  await t.rejects(identifyLabel(context, label), {
    ...{ name: 'FailedError', code: 'GITHUB_FAILED', fix: 'set the label `seed` again' },
  })
})
