import t from 'tap'
import { recordVersion, readRecord, writeRecord } from '../../../src/core/detach/seed-record.ts'
import { unknown } from '../../../src/core/seen.ts'
import { UnavailableError } from '../../../src/errors.ts'
import { confirmReattach } from '../../../src/operations/change/confirm-reattach.ts'
import { askInSeven, fakeWorld, openPullRequest } from '../../support/fake-world.ts'

const from = {
  ...{ key: '#8/comment/1/0', pullRequest: 8, sender: 'alice' },
  permission: 'write',
} as const
const path = 'seeds/sno1/record.yaml'

/** sno1 is detached on the base, and #8 brings it back. */
const start = () => {
  const world = fakeWorld()
  const whole = world.repository.text('main', 'clusters/kustomization.yaml') ?? ''
  const record = writeRecord({
    ...{ apiVersion: recordVersion, kind: 'SeedRecord', cluster: 'sno1', image: 'r/i:1' },
    ...{ status: 'completed', request: 'k', pullRequest: 7, mergedAs: null, detached: null },
    ...{ digest: 'sha256:1', finishedAt: null },
  })
  world.repository.write('main', 'Detach', [
    { path: 'clusters/kustomization.yaml', content: whole.replace('  - sno1.yaml\n', '') },
    { path, content: record },
  ])
  const headSha = openPullRequest(world, 8, { files: { 'clusters/kustomization.yaml': whole } })
  return { world, headSha }
}

t.test('the record on the branch says who brings the cluster back, and of which head', async t => {
  const { world, headSha } = start()
  const context = world.start()
  t.match(await confirmReattach(context, from, { cluster: 'sno1' }), {
    ...{ code: null, text: /^sno1 may come back with/ },
  })
  const head = world.repository.branches.get('seed-8') ?? ''
  t.match(readRecord(path, world.repository.text('seed-8', path) ?? ''), {
    ...{ status: 'reattached', image: 'r/i:1', digest: 'sha256:1' },
    reattached: { by: 'alice', head: headSha },
  })
  const confirmation = {
    key: from.key,
    pullRequest: 8,
    cluster: 'sno1',
    headSha: head,
    by: 'alice',
  }
  t.strictSame(world.ports.confirmations.list(), [confirmation])
  // Delivered again it makes no second commit.
  await confirmReattach(context, from, { cluster: 'sno1' })
  t.equal(world.repository.branches.get('seed-8'), head)
  t.strictSame(world.acts, ['repository.push'])
})

t.test('a cluster without a record that can be read gets one', async t => {
  const { world } = start()
  world.repository.write('main', 'Break', [{ path, content: 'x' }])
  await confirmReattach(world.start(), from, { cluster: 'sno1' })
  t.match(readRecord(path, world.repository.text('seed-8', path) ?? ''), {
    ...{ status: 'reattached', image: null },
  })
})

t.test(
  'nothing is confirmed without permission, of another head or for another cluster',
  async t => {
    const { world, headSha } = start()
    const context = world.start()
    const asked = (change: object, command: object = {}) =>
      confirmReattach(context, { ...from, ...change }, { cluster: 'sno1', ...command })
    await t.rejects(asked({ permission: 'read' }), { code: 'PERMISSION_DENIED' })
    await t.rejects(asked({}, { sha: '0'.repeat(12) }), { code: 'HEAD_MOVED' })
    await t.rejects(asked({ at: '2026-11-22T09:00:00Z' }), { code: 'COMMAND_LATE' })
    await t.rejects(asked({}, { cluster: 'sno2' }), { code: 'REQUEST_INVALID' })
    world.faults.set('repository.merge', async () => null)
    await t.rejects(asked({}), { code: 'MERGE_CONFLICT' })
    world.faults.delete('repository.merge')
    world.faults.set('forge.branchUse', async () => unknown('timeout'))
    await t.rejects(asked({}), UnavailableError)
    world.faults.delete('forge.branchUse')
    await askInSeven(world)
    await t.rejects(asked({}), { code: 'RUN_EXISTS' })
    t.equal(world.repository.branches.get('seed-8'), headSha)
    t.strictSame(world.ports.confirmations.list(), [])
  },
)
