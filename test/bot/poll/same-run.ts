import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fileAttempts } from '../../../src/adapters/files/file-attempts.ts'
import { fileBookmark, fileInbox } from '../../../src/adapters/files/file-inbox.ts'
import { startBot } from '../../../src/bot/start-bot.ts'
import type { Happening } from '../../../src/operations/ports/inbox.ts'
import { fakeWorld, openPullRequest, requestFile } from '../../support/fake-world.ts'

const webhookSecret = 'sixteen letters!'
const person = (login: string) => ({ login, type: 'User' })
const repository = { id: 4711, full_name: 'example/site' }
const at = '2026-11-22T10:00:00Z'
const until = async (condition: () => boolean, turn: () => void): Promise<void> => {
  while (!condition()) {
    turn()
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
const deliver = async (address: string, name: string, payload: object): Promise<void> => {
  const body = JSON.stringify({ repository, ...payload })
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-github-event': name,
    'x-hub-signature-256': `sha256=${signature}`,
  }
  await fetch(`http://${address}/webhook`, { method: 'POST', body, headers })
}

type Way = Readonly<{ webhooks: boolean; polling: boolean }>

/** Plays a run to its end, asked for by a label, with comments of others; returns all that can be seen of it. */
const play = async (t: Test, { webhooks, polling }: Way) => {
  const world = fakeWorld()
  // A look for news is due by the world's clock.
  const pass = (): void => {
    world.tick(0.01)
  }
  const happenings: Happening[] = []
  const sha = openPullRequest(world, 7, {
    files: { 'seeds/sno1/request.yaml': requestFile('sno1') },
  })
  const directory = t.testdir()
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  const bot = await startBot({
    context: world.start(),
    inbox: fileInbox(join(directory, 'inbox')),
    attempts: fileAttempts(join(directory, 'attempts')),
    webhookSecret: webhooks ? webhookSecret : null,
    ...{ host: '127.0.0.1', port: 0, pollInterval: 5, stopping: new AbortController(), log },
    news: polling
      ? {
          feed: { since: async () => happenings },
          bookmark: fileBookmark(join(directory, 'news')),
          interval: 5,
        }
      : undefined,
  })
  const happen = async (happening: Happening, name: string, payload: object): Promise<void> => {
    happenings.push(happening)
    if (webhooks) await deliver(bot.address, name, payload)
  }
  const comment = (id: number, login: string, body: string): Promise<void> =>
    happen(
      {
        ...{ what: 'comment', id, by: person(login), body, pullRequest: 7, at },
        ...{ editedAt: null, isAnswered: false },
      },
      'issue_comment',
      {
        ...{ action: 'created', sender: person(login) },
        ...{ issue: { number: 7, pull_request: {} }, comment: { id, body, created_at: at } },
      },
    )
  const by = person('alice')
  const pull_request = { number: 7, updated_at: at, head: { sha } }
  await comment(1, 'mallory', '/seed detach sno1')
  await until(() => [...world.comments.keys()].some(key => key.includes('answer')), pass)
  const label = { name: 'seed' }
  await happen(
    { what: 'label', id: Date.parse(at) / 1000, by, label: 'seed', pullRequest: 7, at },
    'pull_request',
    { action: 'labeled', label, sender: by, pull_request },
  )
  const report = () => world.comments.get('#7 <!-- sower:run sno1 -->') ?? ''
  await until(() => report().includes('Proposed'), pass)
  await comment(2, 'alice', '/seed nonsense')
  await until(
    () => (world.comments.get('#7 <!-- sower:answer -->') ?? '').includes('ARGUMENT_INVALID'),
    pass,
  )
  world.merge(7)
  await until(
    () => report().includes('Completed'),
    () => {
      world.turn()
      world.tick(1)
    },
  )
  await bot.stop()
  const run = world.runs.get('sno1')
  return {
    commits: [world.repository.log('main'), world.repository.log('seed-7')],
    record: world.repository.text('main', 'seeds/sno1/record.yaml')?.replace(/\d{4}-\S+Z/g, 'T'),
    comments: [...world.comments].map(([key, body]) => [key, body.replace(/\d{4}-\S+Z/g, 'T')]),
    run: { key: run?.request.key, phase: run?.phase, orders: run?.orders, by: run?.request.by },
  }
}

t.test('by webhooks, by polling alone and by both a run is the same to the letter', async t => {
  const byWebhooks = await play(t, { webhooks: true, polling: false })
  t.match(byWebhooks.run, { key: `#7/label/${Date.parse(at) / 1000}`, phase: 'Completed' })
  t.ok(byWebhooks.record)
  t.strictSame(await play(t, { webhooks: false, polling: true }), byWebhooks)
  t.strictSame(await play(t, { webhooks: true, polling: true }), byWebhooks)
})
