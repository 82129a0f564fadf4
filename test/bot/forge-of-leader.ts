import t from 'tap'
import { forgeOfLeader } from '../../src/bot/forge-of-leader.ts'
import { leadAlone } from '../../src/bot/lead-alone.ts'
import { fakeWorld, openPullRequest } from '../support/fake-world.ts'

t.test('a bot that leads no more writes nothing to GitHub, and still reads', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const told: string[] = []
  const forge = {
    ...world.ports.forge,
    upsertComment: async ({ body }: { body: string }) => void told.push(body),
    setStatus: async ({ description }: { description: string }) => void told.push(description),
    react: async ({ content }: { content: string }) => void told.push(content),
  }
  const leads = { now: true }
  const guarded = forgeOfLeader(forge, { ...leadAlone, holds: () => leads.now })
  const writes = [
    () => guarded.upsertComment({ pullRequest: 7, marker: 'm', body: 'a comment' }),
    () => guarded.setStatus({ sha: 'a', state: 'success', description: 'a status' }),
    () => guarded.react({ id: 1, content: 'eyes' }),
  ]
  for (const write of writes) await write()
  t.strictSame(told, ['a comment', 'a status', 'eyes'])
  leads.now = false
  for (const write of writes) await t.rejects(write(), { code: 'LEADERSHIP_LOST', exitCode: 75 })
  t.equal(told.length, 3)
  t.match(await guarded.pullRequest(7), { seen: 'present' })
})
