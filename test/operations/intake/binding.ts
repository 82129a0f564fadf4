import t from 'tap'
import { clustersAskedFor } from '../../../src/operations/intake/clusters-asked-for.ts'
import { requireHead } from '../../../src/operations/intake/require-head.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import type { Answer } from '../../../src/operations/intake/sender.ts'
import type { Incoming } from '../../../src/operations/ports/inbox.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import {
  fakeWorld,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../../support/fake-world.ts'

type Comment = Extract<Incoming, { kind: 'comment' }>
const take = (
  world: FakeWorld,
  body: string,
  change: Partial<Comment> = {},
): Promise<readonly Answer[]> =>
  takeIn(world.start(), {
    ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1, sender: 'alice' },
    ...{ body, ...change },
  })
const label = (world: FakeWorld, headSha: string): Promise<readonly Answer[]> => {
  const from = { key: '#7/label', pullRequest: 7, sender: 'alice' }
  return takeIn(world.start(), { ...from, kind: 'label', headSha })
}
const minutesAgo = (world: FakeWorld, minutes: number): string =>
  new Date(world.now().getTime() - minutes * 60_000).toISOString()

t.test('a command counts for the head that it names, or that it was written on', async t => {
  for (const [wording, headOf, code] of [
    ['', () => undefined, null],
    ['', (head: string) => head, null],
    ['', () => 'f'.repeat(40), 'HEAD_MOVED'],
    ['--sha HEAD', () => undefined, null],
    ['--sha HEAD', () => 'f'.repeat(40), null],
    [`--sha ${'f'.repeat(12)}`, (head: string) => head, 'HEAD_MOVED'],
  ] as const) {
    const world = fakeWorld()
    const head = openPullRequest(world, 7)
    const body = `/seed detach sno1 ${wording.replace('HEAD', head.slice(0, 12))}`
    const answers = await take(world, body, { headSha: headOf(head) })
    t.match(answers, [
      code === null ? null : { code, text: new RegExp(`--sha ${head.slice(0, 12)}`) },
    ])
    t.equal(world.runs.size, code === null ? 1 : 0)
  }
})

t.test('a comment that is first seen late names the head, or is refused', async t => {
  for (const [minutes, sha, code] of [
    [1, false, null],
    [3, false, 'COMMAND_LATE'],
    [3, true, null],
  ] as const) {
    const world = fakeWorld()
    const head = openPullRequest(world, 7)
    const body = `/seed detach sno1${sha ? ` --sha ${head}` : ''}`
    const answers = await take(world, body, { at: minutesAgo(world, minutes) })
    t.match(answers, [code === null ? null : { code, text: /--sha/ }])
  }
  const world = fakeWorld()
  const head = openPullRequest(world, 7)
  await take(world, '/seed detach sno1')
  const at = minutesAgo(world, 0)
  world.tick(3600)
  const late = { at, key: 'late' }
  t.strictSame(await take(world, '/seed retry', late), [null], 'where no head is meant, it counts')
  t.match(await take(world, `/seed retry --sha ${'f'.repeat(12)}`, late), [{ code: 'HEAD_MOVED' }])
  t.doesNotThrow(() => {
    const from = { key: 'k', pullRequest: 7, sender: 'alice', permission: 'write' } as const
    requireHead({ now: world.now }, from, { head, sha: undefined })
  })
})

t.test('an order that was written before the run came to its phase is no order for it', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const at = minutesAgo(world, 10)
  await take(world, '/seed detach sno1')
  world.permissions.set('alice', 'admin')
  for (const verb of ['retry', 'abort'])
    t.match(await take(world, `/seed ${verb}`, { at, key: verb }), [
      { code: 'COMMAND_LATE', text: /was written before the run came to Requested/ },
    ])
  t.strictSame(world.runs.get('sno1')?.orders, [])
})

t.test(
  'a label that was taken away, or a description that was changed since, begins nothing',
  async t => {
    const world = fakeWorld()
    const asking = { body: '/seed detach sno1' }
    const from = { kind: 'label', key: '#7/label', pullRequest: 7, sender: 'alice' } as const
    const bare = openPullRequest(world, 7, { ...asking, labels: ['bug'] })
    t.match(await takeIn(world.start(), { ...from, headSha: bare }), [
      { code: 'REQUEST_INVALID', text: /removed again/ },
    ])
    const headSha = openPullRequest(world, 7, { ...asking, labels: ['Seed'] })
    const changed = { ...from, headSha, described: '/seed detach sno2' }
    t.match(await takeIn(world.start(), changed), [
      { code: 'REQUEST_INVALID', text: /description was changed/ },
    ])
    t.equal(world.runs.size, 0)
    t.strictSame(await takeIn(world.start(), { ...changed, described: asking.body }), [null])
  },
)

t.test('what was edited or stands on a line of code is answered, and never obeyed', async t => {
  for (const [unread, text] of [
    ['edited', /text that was edited/],
    ['on-code', /line of code/],
  ] as const) {
    const world = fakeWorld()
    openPullRequest(world, 7)
    t.match(await take(world, '/seed detach sno1', { unread }), [
      { code: 'ARGUMENT_INVALID', text },
    ])
    t.match(await take(world, '/seed abort', { unread, sender: 'mallory' }), [{ text }])
    t.equal(world.runs.size, 0)
  }
})

t.test(
  'the label also asks for the cluster of the description, or the one that is taken out',
  async t => {
    const named = fakeWorld()
    const body = 'A new image.\n\n/seed detach <sno1>\n'
    const headSha = openPullRequest(named, 7, { body })
    t.strictSame(await label(named, headSha), [null])
    t.match(named.runs.get('sno1'), { request: { cluster: 'sno1', headSha } })

    const edited = fakeWorld()
    const path = 'clusters/kustomization.yaml'
    const text = edited.repository.text('main', path) ?? ''
    t.match(text, /- sno1/)
    const content = text.replace(/^( *)(- sno1)/m, '$1#$2')
    const head = openPullRequest(edited, 7, { files: { [path]: content } })
    t.strictSame(await label(edited, head), [null])
    t.match(edited.runs.get('sno1'), { request: { cluster: 'sno1', headSha: head } })

    const both = fakeWorld()
    const all = openPullRequest(both, 7, { body: '/seed detach sno1\n/seed detach sno2' })
    t.match(await label(both, all), [
      { code: 'REQUEST_INVALID', text: /several clusters: sno1, sno2/ },
    ])
    const foreign = fakeWorld()
    const other = openPullRequest(foreign, 7, { body: '/seed detach prod1' })
    t.match(await label(foreign, other), [{ code: 'NOT_A_SEED' }])
  },
)

t.test('a request file counts before the description, and a conflict asks for nothing', async t => {
  const world = fakeWorld()
  const files = { 'seeds/sno1/request.yaml': requestFile('sno1') }
  const headSha = openPullRequest(world, 7, { files, body: '/seed detach sno2' })
  t.strictSame(await label(world, headSha), [null])
  t.strictSame([...world.runs.keys()], ['sno1'])
  const context = world.start()
  const base = await readBase(context)
  t.strictSame(await clustersAskedFor(context, base, { body: '- /seed detach sno1', headSha }), [])
  world.faults.set('repository.merge', async () => undefined)
  t.strictSame(await clustersAskedFor(context, base, { body: '', headSha }), [])
})
