import t, { type Test } from 'tap'
import type { Command } from '../../../src/core/command/parse-line.ts'
import { newRun, type Run } from '../../../src/core/run/run.ts'
import { ConflictError, UnavailableError } from '../../../src/errors.ts'
import type { Answer } from '../../../src/operations/intake/sender.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { type Incoming } from '../../../src/operations/ports/inbox.ts'
import { unknown } from '../../../src/core/seen.ts'
import {
  fakeWorld,
  image,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../../support/fake-world.ts'

const files = { 'seeds/sno1/request.yaml': requestFile('sno1') }

const label = (headSha: string, change: Partial<Incoming> = {}): Incoming =>
  ({
    kind: 'label',
    key: `#7/label/${headSha}`,
    pullRequest: 7,
    sender: 'alice',
    headSha,
    ...change,
  }) as Incoming
const comment = (commands: readonly Command[], change: Partial<Incoming> = {}): Incoming =>
  ({
    kind: 'comment',
    key: '#7/comment/1',
    pullRequest: 7,
    sender: 'alice',
    commentId: 1,
    body: commands.map(each => ['/seed', ...Object.values(each)].join(' ')).join('\n'),
    ...change,
  }) as Incoming
const detach = { verb: 'detach', cluster: 'sno1' } as const

const take = (world: FakeWorld, incoming: Incoming): Promise<readonly Answer[]> =>
  takeIn(world.start(), incoming)

/** Refused with this code, and nothing was written anywhere. */
const refuses = async (
  t: Test,
  world: FakeWorld,
  { incoming, code }: Readonly<{ incoming: Incoming; code: string }>,
): Promise<void> => {
  const before = JSON.stringify([...world.runs])
  const answers = await take(world, incoming)
  t.match(answers, [{ code, text: /./ }])
  t.equal(answers.length, 1)
  t.equal(JSON.stringify([...world.runs]), before)
  t.strictSame(world.acts, [])
}

t.test('a label on a pull request with a request file begins a run', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7, { files })
  t.strictSame(await take(world, label(headSha)), [null])
  t.match(world.runs.get('sno1'), {
    phase: 'Requested',
    request: {
      cluster: 'sno1',
      image,
      pullRequest: 7,
      by: 'alice',
      headSha,
      repository: 'example/site',
    },
  })
})

t.test('a command begins a run, with the image of the template or of the request file', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7)
  t.strictSame(await take(world, comment([detach])), [null])
  t.match(world.runs.get('sno1')?.request, { cluster: 'sno1', image, headSha, by: 'alice' })

  const other = fakeWorld()
  const named = requestFile('sno1').replace(/image: .*/, 'image: registry.example.com/own:1')
  openPullRequest(other, 7, { files: { 'seeds/sno1/request.yaml': named } })
  await take(other, comment([detach]))
  t.equal(other.runs.get('sno1')?.request.image, 'registry.example.com/own:1')
})

t.test('fills the version of the seed into the template', async t => {
  const world = fakeWorld()
  const text = world.repository.text('main', 'sower.yaml')!.replace('4.18.5', '{version}')
  world.repository.write('main', 'Use the version', [{ path: 'sower.yaml', content: text }])
  world.seed.drop('ClusterVersion')
  openPullRequest(world, 7)
  await refuses(t, world, { incoming: comment([detach]), code: 'ACCESS_MISSING' })
  const history = [
    { state: 'Partial', version: '4.19.0' },
    { state: 'Completed', version: '4.18.7' },
  ]
  world.seed.add({
    kind: 'ClusterVersion',
    metadata: { name: 'version', uid: '' },
    status: { history },
  })
  await take(world, comment([detach]))
  t.equal(world.runs.get('sno1')?.request.image, 'registry.example.com/ibu/sno1:4.18.7')
})

t.test('hole 19: asks for the configured permission for each verb', async t => {
  // In this configuration detach and retry want write, abort wants admin.
  const wanted = { detach: 'write', retry: 'write', abort: 'admin' } as const
  const ranks = ['none', 'read', 'write', 'admin'] as const
  for (const verb of ['detach', 'retry', 'abort'] as const)
    for (const has of ranks) {
      const world = fakeWorld()
      const headSha = openPullRequest(world, 7, { files })
      if (verb !== 'detach') await take(world, label(headSha))
      world.permissions.set('alice', has)
      const may = ranks.indexOf(has) >= ranks.indexOf(wanted[verb])
      const incoming = comment([verb === 'detach' ? detach : { verb }])
      if (!may) await refuses(t, world, { incoming, code: 'PERMISSION_DENIED' })
      else {
        t.strictSame(await take(world, incoming), [null], `${verb} with ${has}`)
        const run = world.runs.get('sno1')!
        t.equal(verb === 'detach' ? run.request.key : run.orders[0]?.key, '#7/comment/1/0')
      }
    }
})

t.test('asks for the permission of who set the label', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7, { files })
  const incoming = label(headSha, { sender: 'mallory' })
  await refuses(t, world, { incoming, code: 'PERMISSION_DENIED' })
})

t.test('accepts nothing while permissions cannot be read, and keeps the event', async t => {
  for (const incoming of [label('x'), comment([detach]), comment([{ verb: 'abort' }])]) {
    const world = fakeWorld()
    const headSha = openPullRequest(world, 7, { files })
    world.faults.set('forge.permission', async () => {
      throw new UnavailableError('GITHUB_FAILED', 'reading the permission: no answer')
    })
    const now = incoming.kind === 'label' ? { ...incoming, headSha } : incoming
    await t.rejects(take(world, now), UnavailableError)
    t.equal(world.runs.size, 0)
  }
})

t.test(
  'refuses what is not an open pull request of this repository against the branch',
  async t => {
    for (const change of [{ isFork: true }, { base: 'release' }, { state: 'closed' as const }])
      for (const kind of ['label', 'comment']) {
        const world = fakeWorld()
        const headSha = openPullRequest(world, 7, { files, ...change })
        const incoming = kind === 'label' ? label(headSha) : comment([detach])
        await refuses(t, world, { incoming, code: 'REQUEST_INVALID' })
      }
    await refuses(t, fakeWorld(), { incoming: comment([detach]), code: 'REQUEST_INVALID' })
    const silent = fakeWorld()
    silent.faults.set('forge.pullRequest', async () => unknown('unreachable'))
    await t.rejects(take(silent, comment([detach])), UnavailableError)
  },
)

t.test('hole 15: refuses a head that is not the one with the label', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7, { files })
  world.repository.write('seed-7', 'One more', [{ path: 'notes.md', content: 'x' }])
  await refuses(t, world, { incoming: label(headSha), code: 'HEAD_MOVED' })
})

t.test('refuses a label without exactly one readable request', async t => {
  const two = { ...files, 'seeds/sno2/request.yaml': requestFile('sno2') }
  const foreign = { 'seeds/sno1/request.yaml': requestFile('sno2') }
  const notASeed = { 'seeds/prod1/request.yaml': requestFile('prod1') }
  const broken = { 'seeds/sno1/request.yaml': 'cluster: [' }
  for (const wrong of [{}, two, foreign, notASeed, broken]) {
    const world = fakeWorld()
    const headSha = openPullRequest(world, 7, { files: wrong })
    await refuses(t, world, { incoming: label(headSha), code: 'REQUEST_INVALID' })
  }
})

t.test('does not take a request that the base branch holds already', async t => {
  const world = fakeWorld()
  const [[path, content]] = Object.entries(files) as [[string, string]]
  world.repository.write('main', 'An old request', [{ path, content }])
  const headSha = openPullRequest(world, 7, { files: { 'notes.md': 'x' } })
  await refuses(t, world, { incoming: label(headSha), code: 'REQUEST_INVALID' })
})

t.test('refuses clusters that the base branch does not list as seeds', async t => {
  const world = fakeWorld()
  // What the branch itself says of the configuration does not count.
  const own = world.repository.text('main', 'sower.yaml')!.replace('sno2', 'prod1')
  openPullRequest(world, 7, { files: { 'sower.yaml': own } })
  const incoming = comment([{ verb: 'detach', cluster: 'prod1' }])
  await refuses(t, world, { incoming, code: 'NOT_A_SEED' })
})

t.test('refuses a configuration that is missing or wrong', async t => {
  for (const [content, code] of [
    [null, 'CONFIGURATION_MISSING'],
    ['seeds: 1\n', 'CONFIGURATION_INVALID'],
  ] as const) {
    const world = fakeWorld()
    world.repository.write('main', 'Break it', [{ path: 'sower.yaml', content }])
    openPullRequest(world, 7)
    await refuses(t, world, { incoming: comment([detach]), code })
  }
})

const started = async (): Promise<FakeWorld> => {
  const world = fakeWorld()
  await take(world, label(openPullRequest(world, 7, { files })))
  return world
}
const change = (world: FakeWorld, changed: Partial<Run>): Run => {
  const run = { ...world.runs.get('sno1')!, ...changed }
  world.runs.set('sno1', run)
  return run
}

t.test('refuses a second run of a cluster, wherever it is asked for', async t => {
  const world = await started()
  await refuses(t, world, { incoming: comment([detach]), code: 'RUN_EXISTS' })
  openPullRequest(world, 8)
  const elsewhere = comment([detach], { key: '#8/comment/2', pullRequest: 8 })
  await refuses(t, world, { incoming: elsewhere, code: 'RUN_EXISTS' })
})

t.test('refuses a second cluster on a pull request whose run is under way', async t => {
  const world = await started()
  const incoming = comment([{ verb: 'detach', cluster: 'sno2' }])
  await refuses(t, world, { incoming, code: 'RUN_EXISTS' })
})

t.test('replaces a run that has ended', async t => {
  for (const phase of ['Completed', 'Failed', 'Cancelled'] as const) {
    const world = await started()
    const { version } = change(world, { phase })
    t.strictSame(await take(world, comment([detach])), [null])
    t.match(world.runs.get('sno1'), { phase: 'Requested', request: { key: '#7/comment/1/0' } })
    t.not(world.runs.get('sno1')!.version, version)
  }
})

t.test('a redelivered request begins nothing again, under way or ended', async t => {
  for (const phase of ['Requested', 'Generating', 'Cancelled'] as const) {
    const world = await started()
    const run = change(world, { phase })
    const again = label(run.request.headSha)
    t.strictSame(await take(world, again), [null])
    t.equal(world.runs.get('sno1'), run)
  }
})

t.test('a redelivered request is not refused for what came of it', async t => {
  for (const ask of [label, () => comment([detach])]) {
    const world = fakeWorld()
    const headSha = openPullRequest(world, 7, { files })
    t.strictSame(await take(world, ask(headSha)), [null])
    world.repository.write('seed-7', 'Detach sno1', [{ path: 'a', content: 'b' }])
    t.strictSame(await take(world, ask(headSha)), [null], 'the run moved the head')
    world.merge(7)
    t.strictSame(await take(world, ask(headSha)), [null], 'a person merged')
    t.equal(world.runs.get('sno1')?.version, '1')
  }
})

t.test('of two requests at once one begins', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  openPullRequest(world, 8)
  const answers = await Promise.all([
    take(world, comment([detach])),
    take(world, comment([detach], { key: '#8/comment/2', pullRequest: 8 })),
  ])
  t.strictSame(
    answers
      .flat()
      .map(answer => answer?.code ?? 'begun')
      .sort(),
    ['RUN_EXISTS', 'begun'],
  )
})

t.test('keeps an order with who gave it, once for one comment', async t => {
  const world = await started()
  const incoming = comment([{ verb: 'retry' }])
  await take(world, incoming)
  await take(world, incoming)
  const at = world.now().toISOString()
  const first = { key: '#7/comment/1/0', verb: 'retry', by: 'alice', at } as const
  t.strictSame(world.runs.get('sno1')?.orders, [first])
  await take(world, comment([{ verb: 'abort' }], { key: '#7/comment/2', sender: 'root' }))
  const second = { key: '#7/comment/2/0', verb: 'abort', by: 'root', at } as const
  t.strictSame(world.runs.get('sno1')?.orders, [first, second])
})

t.test('refuses orders where no run is under way', async t => {
  const world = await started()
  const elsewhere = comment([{ verb: 'retry' }], { pullRequest: 8 })
  await refuses(t, world, { incoming: elsewhere, code: 'REQUEST_INVALID' })
  change(world, { phase: 'Completed' })
  await refuses(t, world, { incoming: comment([{ verb: 'retry' }]), code: 'REQUEST_INVALID' })
})

t.test(
  'orders go to the run under way, not to one that has ended on that pull request',
  async t => {
    const world = await started()
    const ended = change(world, { phase: 'Cancelled' })
    const request = { ...ended.request, cluster: 'sno2', key: 'other' }
    await world.ports.runs.create(newRun(request, world.now().toISOString()))
    t.strictSame(await take(world, comment([{ verb: 'retry' }])), [null])
    t.equal(world.runs.get('sno1'), ended)
    t.equal(world.runs.get('sno2')?.orders.length, 1)
  },
)

t.test('an order that loses against another change is not lost', async t => {
  const world = await started()
  world.faults.set('runs.replace', () => {
    throw new ConflictError('RUN_CHANGED', 'saving: it was changed')
  })
  await t.rejects(take(world, comment([{ verb: 'retry' }])), ConflictError)
})

t.test('answers help and words that are no command, and nothing to a status', async t => {
  const world = await started()
  const commands = [
    { verb: 'help' },
    { verb: 'unknown', reason: 'bake' },
    { verb: 'unknown', reason: 'fry' },
    { verb: 'status' },
  ] as const
  t.match(await take(world, comment(commands)), [
    { code: null, list: [/\/seed detach <cluster>/] },
    { code: 'ARGUMENT_INVALID', text: /no such command/ },
    null,
  ])
})

t.test('takes several commands of one comment in their order', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const answers = await take(world, comment([detach, { verb: 'retry' }, { verb: 'abort' }]))
  t.match(answers, [null, null, { code: 'PERMISSION_DENIED' }])
  t.strictSame(
    world.runs.get('sno1')?.orders.map(({ key }) => key),
    ['#7/comment/1/1'],
  )
})

t.test('a wake and what Sower writes itself ask for nothing', async t => {
  const world = await started()
  const run = world.runs.get('sno1')
  const wake: Incoming = { kind: 'wake', key: 'w', pullRequest: 7, sender: 'alice' }
  t.strictSame(await take(world, wake), [])
  world.permissions.set('sower[bot]', 'admin')
  const own = comment([{ verb: 'abort' }], { sender: 'sower[bot]' })
  t.strictSame(await take(world, own), [])
  t.equal(world.runs.get('sno1'), run)
})
