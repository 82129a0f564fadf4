import t from 'tap'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import type { Incoming } from '../../../src/operations/ports/inbox.ts'
import {
  fakeWorld,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../../support/fake-world.ts'

const comment = (sender: string, body: string): Incoming => ({
  ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1 },
  ...{ sender, body },
})

/** Counts the calls of ports until their answer. */
const counted = (world: FakeWorld, calls: readonly string[]): readonly string[] => {
  const made: string[] = []
  for (const call of calls)
    world.faults.set(call, () => {
      made.push(call)
      return undefined
    })
  return made
}
const question = 'forge.permission'
const costly = [question, 'forge.pullRequest', 'repository.fetch', 'runs.list', 'hub', 'seed']

t.test(
  'who may run nothing costs one question a minute, and nothing is fetched for it',
  async t => {
    for (const has of ['none', 'read'] as const) {
      const world = fakeWorld()
      const headSha = openPullRequest(world, 7, {
        files: { 'seeds/sno1/request.yaml': requestFile('sno1') },
      })
      world.permissions.set('mallory', has)
      const made = counted(world, costly)
      const context = world.start()
      const all = comment('mallory', '/seed detach sno1\n/seed retry\n/seed abort\n/seed help')
      const from = { key: '#7/label', pullRequest: 7, sender: 'mallory' }
      for (const incoming of [all, { ...from, kind: 'label', headSha } as const])
        t.match(await takeIn(context, incoming), [{ code: 'PERMISSION_DENIED' }], 'one answer')
      t.strictSame(made, [question])
      world.tick(60)
      world.permissions.set('mallory', 'write')
      t.strictSame(await takeIn(context, comment('mallory', '/seed status')), [null])
      t.strictSame(made, [question, question], 'a right that was given since is seen')
      world.permissions.set('mallory', 'none')
      t.match(await takeIn(context, all), [{ code: 'PERMISSION_DENIED' }])
      t.equal(made.length, 3, 'and one that was taken at once')
    }
  },
)

t.test('who may run nothing gets three answers an hour, whoever else is answered', async t => {
  const world = fakeWorld()
  const context = world.start()
  const says = (sender: string, body: string) => takeIn(context, comment(sender, body))
  t.match(await says('mallory', '/seed help\n/seed bake'), [{ code: null, text: /Commands/ }])
  t.match(await says('mallory', '/seed bake\n/seed abort'), [{ code: 'PERMISSION_DENIED' }])
  t.match(await says('mallory', '/seed status'), [null])
  t.strictSame(await says('mallory', '/seed abort'), [])
  t.match(await says('trudy', '- /seed abort'), [{ code: 'ARGUMENT_INVALID' }])
  const edited = { ...comment('mallory', '/seed abort'), unread: 'edited' } as Incoming
  t.strictSame(await takeIn(context, edited), [])
  for (let comments = 0; comments < 9; comments += 1)
    t.match(await says('alice', '/seed help'), [{ code: null }])
  world.tick(3600)
  t.match(await says('mallory', '/seed abort'), [{ code: 'PERMISSION_DENIED' }])
})

t.test('a comment without a command asks nobody', async t => {
  const world = fakeWorld()
  const made = counted(world, costly)
  const quoted = comment('mallory', 'Why?\n\n> /seed abort\n\na\n```\n/seed abort\n```')
  t.strictSame(await takeIn(world.start(), quoted), [])
  t.strictSame(made, [])
})
