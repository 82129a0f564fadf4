import { join } from 'node:path'
import t from 'tap'
import { fileAttempts } from '../../src/adapters/files/file-attempts.ts'
import { fileBookmark, fileInbox } from '../../src/adapters/files/file-inbox.ts'
import { learnRepository } from '../../src/bot/learn-repository.ts'
import { startBot, type ToStart } from '../../src/bot/start-bot.ts'
import { UnavailableError } from '../../src/errors.ts'
import type { Happening } from '../../src/operations/ports/inbox.ts'
import { fakeWorld, openPullRequest, requestFile, type FakeWorld } from '../support/fake-world.ts'

/** One round by a process of its own, which has the files of those before it. */
const round = async (
  world: FakeWorld,
  {
    directory,
    feed = { since: async () => [] },
    ...more
  }: Readonly<{ directory: string; feed?: Readonly<{ since: () => Promise<Happening[]> }> }> &
    Partial<ToStart>,
): Promise<void> => {
  const bot = await startBot({
    context: world.start(),
    inbox: fileInbox(join(directory, 'inbox')),
    attempts: fileAttempts(join(directory, 'attempts')),
    ...{ webhookSecret: null, host: '127.0.0.1', port: 0 },
    // As where a round takes longer than these.
    pollInterval: 0,
    news: { feed, bookmark: fileBookmark(join(directory, 'news')), interval: 0 },
    stopping: new AbortController(),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    once: { patience: 0 },
    ...more,
  })
  await bot.ended
  await bot.stop()
}

const upgrade = (image: string, version: string): string =>
  `apiVersion: lca.openshift.io/v1
kind: ImageBasedUpgrade
metadata: { name: upgrade }
spec:
  stage: Idle
  seedImageRef:
    image: ${image}
    version: ${version}
`

t.test('a run comes to its end by rounds alone, and its record is what promote reads', async t => {
  const world = fakeWorld('promote: [{ file: upgrade.yaml }]\n')
  world.repository.write('main', 'Upgrade', [
    { path: 'upgrade.yaml', content: upgrade('registry.example.com/old:1', '4.17.1') },
  ])
  const directory = t.testdir()
  openPullRequest(world, 7, { files: { 'seeds/sno1/request.yaml': requestFile('sno1') } })
  const by = { login: 'alice', type: 'User' }
  const at = world.now().toISOString()
  const feed = {
    since: async (): Promise<Happening[]> => [
      { what: 'label', id: Date.parse(at) / 1000, by, label: 'seed', pullRequest: 7, at },
    ],
  }
  await round(world, { directory, feed })
  t.equal(world.runs.get('sno1')?.phase, 'Proposed', 'from the label to the edit in one round')
  t.strictSame(world.repository.log('seed-7'), ['Detach sno1', 'Ask in #7', 'Upgrade', 'Begin'])
  await round(world, { directory, feed })
  t.equal(world.repository.log('seed-7').length, 4, 'nothing is done twice')
  world.merge(7)
  let rounds = 0
  while (world.runs.get('sno1')?.phase !== 'Completed') {
    if ((rounds += 1) === 100) throw new Error(JSON.stringify(world.runs.get('sno1')))
    world.turn()
    world.tick(60)
    await round(world, { directory, feed })
  }
  t.strictSame(world.seed.created, ['Secret', 'SeedGenerator'])
  t.match([...world.comments.values()].join(), /: Completed/)
  const comment = { kind: 'comment', commentId: 70, body: '/seed promote sno1' } as const
  const from = { pullRequest: 7, sender: 'alice', at: world.now().toISOString() }
  fileInbox(join(directory, 'inbox')).put({ ...comment, ...from, key: '#7/comment/70' })
  await round(world, { directory, feed })
  const promoted = [...world.pullRequests.values()].find(({ number }) => number !== 7)
  t.match(promoted, { state: 'open', base: 'main', branch: /^promote-sno1-/ })
  t.equal(
    world.repository.text(promoted?.branch ?? '', 'upgrade.yaml'),
    upgrade('registry.example.com/ibu/sno1@sha256:new', '4.18.5'),
    'the image by its digest, and its version',
  )
})

t.test('a round does nothing while another bot acts, and ends where GitHub is silent', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: {} })
  let asked = 0
  const feed = {
    since: async () => {
      asked += 1
      throw new UnavailableError('GITHUB_FAILED', 'reading the news: no answer')
    },
  }
  const context = world.start()
  const leadership = { ...context.ports.leadership, holds: () => false }
  const standing = { ...context, ports: { ...context.ports, leadership } }
  await round(world, { directory: t.testdir(), feed, context: standing })
  t.equal(asked, 0)
  await round(world, { directory: t.testdir(), feed })
  t.equal(asked, 1)
  t.strictSame(world.acts, [])
})

t.test('a repository is asked for its number until GitHub tells it', async t => {
  const reasons: object[] = []
  const note = (fields: object): void => void reasons.push(fields)
  let asked = 0
  const learned = learnRepository({
    forge: {
      repositoryId: async () => {
        asked += 1
        if (asked === 1) throw new UnavailableError('GITHUB_FAILED', 'no answer')
        return 4711
      },
    },
    log: { debug: note, info: note, warn: note },
    now: () => new Date(0),
  })
  await learned.learn()
  t.equal(learned.id(), null)
  await learned.learn()
  await learned.learn()
  t.strictSame([learned.id(), asked, reasons], [4711, 2, [{ reason: 'no answer' }]])
})
