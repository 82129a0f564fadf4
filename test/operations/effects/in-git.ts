import t from 'tap'
import { readRecord } from '../../../src/core/detach/seed-record.ts'
import { textAt } from '../../../src/core/repository-tree.ts'
import { commitRecord } from '../../../src/operations/effects/commit-record.ts'
import { commitSeedGenerator } from '../../../src/operations/effects/commit-seed-generator.ts'
import { bringToBase } from '../../../src/operations/effects/bring-to-base.ts'
import { requireDetach } from '../../../src/operations/effects/require-detach.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { recordMerge } from '../../../src/operations/effects/record-merge.ts'
import { askInSeven, configuration, fakeWorld, image } from '../../support/fake-world.ts'
import { detached, recorded } from '../../support/run/recorded.ts'
import { aRun, merge } from '../../support/run/run-scene.ts'

const of = (file: string): string => `seeds/sno1/${file}.yaml`

t.test('bringing something to the base names its run', async t => {
  const world = fakeWorld()
  const context = world.start()
  const messages: string[] = []
  world.faults.set('repository.commit', given => {
    messages.push((given as { message: string }).message)
    return undefined
  })
  const commit = async (content: string): Promise<string | undefined> => {
    const { sha } = await bringToBase(context, async () => ({
      ...{ run: aRun('Detached'), step: 'record', title: 'Do it', detail: 'so' },
      changes: [{ path: 'notes.md', content }],
    }))
    return sha
  }
  t.equal(await commit('x'), world.repository.branches.get('main'))
  t.strictSame(messages, ['Do it\n\nso\n\nSower-Run: #7/label/1\n'])
})

t.test('a base that moves is fetched and planned for again, five times at most', async t => {
  for (const moves of [1, 4, 5]) {
    const world = fakeWorld()
    let pushes = 0
    let fetches = 0
    world.faults.set('repository.fetch', () => void (fetches += 1))
    world.faults.set('repository.push', () => {
      pushes += 1
      const change = [{ path: 'count.md', content: String(pushes) }]
      if (pushes <= moves) world.repository.write('main', 'Somebody else', change)
    })
    const planned: [string | null, boolean][] = []
    const brought = bringToBase(world.start(), async (base, isAgain) => {
      const { tree } = base.checkout
      const count = tree.entry('count.md') === 'file' ? textAt(tree, 'count.md') : null
      planned.push([count, isAgain])
      return {
        ...{ run: aRun('Detached'), step: 'record', title: 'Do it', detail: 'so' },
        changes: [{ path: 'notes.md', content: 'x' }],
      }
    })
    if (moves < 5) t.equal((await brought).sha, world.repository.branches.get('main'))
    else
      await t.rejects(brought, {
        ...{ name: 'ConflictError', code: 'GIT_CONFLICT' },
        message: 'pushing to main: the branch moved before each of 5 tries',
      })
    const expected = [null, '1', '2', '3', '4'].slice(0, moves + 1)
    t.strictSame(
      planned,
      expected.map((count, index) => [count, index > 0]),
    )
    t.equal(fetches, expected.length - 1)
    t.equal(world.repository.text('main', 'notes.md'), moves < 5 ? 'x' : undefined)
  }
})

t.test('a base that moved and lists the cluster again gets no SeedGenerator', async t => {
  const world = fakeWorld()
  const { headSha } = (await askInSeven(world)).request
  const path = 'clusters/kustomization.yaml'
  const before = world.repository.text('main', path) ?? ''
  world.merge(7)
  world.repository.write('main', 'Detach', [{ path, content: 'resources:\n  - sno2.yaml\n' }])
  world.faults.set('repository.push', () => {
    world.faults.clear()
    world.repository.write('main', 'Revert', [{ path, content: before }])
  })
  const run = aRun('Detached', { facts: { ...aRun('Detached').facts, mergedAs: headSha } })
  const held = { base: await readBase(world.start()), run }
  await t.resolves(requireDetach(world.start(), held, 'generating'))
  await t.rejects(commitSeedGenerator(world.start(), run, image), {
    ...{ name: 'ConflictError', code: 'GIT_CONFLICT' },
    message: 'generating the image of sno1: the branch moved meanwhile',
  })
  t.equal(world.repository.text('main', of('seedgenerator')), undefined)
})

t.test(
  'commit-seed-generator brings a SeedGenerator and a kustomization that lists it',
  async t => {
    for (const more of ['', 'recertImage: quay.io/org/recert:1\n']) {
      const world = fakeWorld()
      const content = `${configuration}${more}`
      world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
      const run = aRun('Detached')
      const { sha } = await commitSeedGenerator(world.start(), run, image)
      t.equal(sha, world.repository.branches.get('main'))
      const generator = world.repository.text('main', of('seedgenerator'))
      t.match(generator, `seedImage: ${image}`)
      t.equal(generator?.includes('recertImage: quay.io/org/recert:1'), more !== '')
      t.match(world.repository.text('main', of('kustomization')), '- seedgenerator.yaml')
      // Once it is there, the same again is no new commit.
      t.equal((await commitSeedGenerator(world.start(), run, image)).sha, sha)
    }
  },
)

t.test('commit-record writes how the run ended, and takes the SeedGenerator out', async t => {
  const back = recorded({ status: 'reattached', detached: null })
  const cases = [
    ['Completed', recorded(), { status: 'completed', digest: 'sha256:new', detached }],
    ['Failed', recorded(), { status: 'failed', digest: null, detached }],
    // That the cluster came back is kept, whatever the run came to, and of no other request.
    ['Failed', back, { status: 'reattached', detached: null }],
    ['Completed', back, { status: 'reattached', digest: 'sha256:new' }],
    ['Failed', recorded({ status: 'reattached', request: '#3' }), { status: 'failed' }],
    ['Failed', 'status: [\n', { status: 'failed', detached: null }],
    ['Failed', null, { status: 'failed', detached: null }],
  ] as const
  for (const [outcome, before, after] of cases) {
    const world = fakeWorld()
    world.repository.write('main', 'Before', [
      { path: of('record'), content: before },
      { path: of('seedgenerator'), content: 'x' },
      { path: of('kustomization'), content: 'x' },
    ])
    const run = aRun('CleaningUp', { outcome })
    await commitRecord(world.start(), run, outcome === 'Completed' ? 'sha256:new' : null)
    t.match(readRecord('record', world.repository.text('main', of('record'))!), {
      ...{ request: '#7/label/1', mergedAs: merge, finishedAt: '2026-11-22T10:00:00.000Z' },
      ...after,
    })
    for (const gone of ['seedgenerator', 'kustomization'])
      t.equal(world.repository.text('main', of(gone)), undefined)
    const ended = outcome === 'Completed' ? 'completed' : 'failed'
    t.equal(world.repository.log('main')[0], `Record the seed image of sno1: ${ended}`)
  }
})

t.test('record-merge records nothing of a merge that the base branch does not hold', async t => {
  const world = fakeWorld()
  const run = await askInSeven(world)
  const mergedAs = run.request.headSha
  const merged = { ...run, facts: { ...run.facts, mergedAs } }
  // Not merged at all, and merged while the list still names the cluster.
  for (const happens of [
    (): void => undefined,
    (): void => {
      world.merge(7)
    },
  ]) {
    happens()
    await t.rejects(recordMerge(world.start(), merged, mergedAs), {
      ...{ name: 'ConflictError', code: 'GIT_CONFLICT' },
      message: 'recording the merge: the branch moved meanwhile',
    })
  }
  t.strictSame(world.acts, [])
  const content = 'resources:\n  - sno2.yaml\n'
  world.repository.write('main', 'Detach', [{ path: 'clusters/kustomization.yaml', content }])
  await recordMerge(world.start(), merged, mergedAs)
  t.match(readRecord('record', world.repository.text('main', of('record'))!), { mergedAs })
})
