import './check/create-check-writer.ts'
import t from 'tap'
import { gitRepository } from '../../src/adapters/git/git-repository.ts'
import { kustomizeCli } from '../../src/adapters/kustomize/kustomize-cli.ts'
import { createChecks } from '../../src/bot/check/create-checks.ts'
import { writeRecord } from '../../src/core/detach/seed-record.ts'
import { UnavailableError } from '../../src/errors.ts'
import { clusterInstance } from '../support/memory-tree.ts'
import { repositoryWith } from '../support/repository-with.ts'
import { kustomizePlaces, temporaryDirectory } from '../support/run-sower.ts'
import { kustomization, startChecks as start, without } from '../support/bot/start-checks.ts'
import { fakeWorld, openPullRequest, askInSeven } from '../support/fake-world.ts'

t.test('every pull request is checked once, and again when its head or the base moves', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: { 'docs/a.md': 'x' }, labels: [] })
  openPullRequest(world, 8, { files: without('sno1'), labels: [] })
  const { settle, builds, fetched } = start(t, world)
  const nothing = 'No cluster leaves, and none that was detached comes back.'
  const leaves = 'failure: sno1 leaves, and no record says so'
  t.strictSame(await settle(), [`#7 success: ${nothing}`, `#8 ${leaves}`])
  t.equal(builds.length, 2, 'only what touches a root is rendered')
  t.match([...world.comments], [['#8 <!-- sower:check -->', /✗ sno1 leaves clusters/]])
  t.strictSame(await settle(), [])
  t.strictSame([builds.length, fetched()], [2, 1], 'nothing moved, so nothing is fetched')
  world.repository.write('main', 'Elsewhere', [{ path: 'docs/b.md', content: 'x' }])
  t.strictSame(await settle(), [], 'the same is not written again')
  t.ok(builds.length > 2, 'on the new base')
  world.repository.write('seed-8', 'Put it back', [
    { path: 'clusters/kustomization.yaml', content: kustomization('sno1.yaml', 'sno2.yaml') },
  ])
  t.strictSame(await settle(), [`#8 success: ${nothing}`])
  t.match([...world.comments], [['#8 <!-- sower:check -->', nothing]], 'the comment says so too')
})

/** The list of clusters/, with some of its entries commented out. */
const listWithout = (...out: readonly string[]): string =>
  `resources:\n${['sno1', 'sno2']
    .map(name => `# ${name}\n#\n#\n${out.includes(name) ? '#' : ''}- ${name}.yaml\n#\n`)
    .join('')}`

t.test('two that each take one of the last clusters are both right after each merge', async t => {
  const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
  for (const [first, second] of [
    [7, 8],
    [8, 7],
  ] as const) {
    const { top, git, write } = await repositoryWith(t, {
      'clusters/kustomization.yaml': listWithout(),
      'clusters/sno1.yaml': clusterInstance('sno1'),
      'clusters/sno2.yaml': clusterInstance('sno2'),
    })
    const heads = new Map<number, string>()
    for (const [number, cluster] of [
      [7, 'sno1'],
      [8, 'sno2'],
    ] as const) {
      await git('checkout', '--quiet', '-b', `seed-${number}`, 'main')
      const record = writeRecord({
        ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRecord', cluster, image: null },
        ...{ status: 'detached', request: null, pullRequest: number, mergedAs: null },
        ...{ detached: null, digest: null, finishedAt: null },
      })
      const list = { 'clusters/kustomization.yaml': listWithout(cluster) }
      await write({ ...list, [`seeds/${cluster}/record.yaml`]: record }, `Detach ${cluster}`)
      heads.set(number, (await git('rev-parse', 'HEAD')).trim())
    }
    await git('checkout', '--quiet', 'main')
    const world = fakeWorld()
    const directory = temporaryDirectory(t)
    const path = process.env['PATH'] ?? ''
    const repository = gitRepository({ url: top, directory, tokenFile: null, path })
    const statuses: string[] = []
    world.faults.set('forge.setStatus', given => {
      const { state, description } = given as Record<string, string>
      statuses.push(`${state}: ${description}`)
    })
    const context = world.start()
    const open = new Set([7, 8])
    const checks = createChecks({
      context: { ...context, ports: { ...context.ports, repository, kustomize } },
      changes: {
        against: async () => ({
          head: (await git('rev-parse', 'main')).trim(),
          changes: [...open].map(number => ({
            ...{ number, branch: `seed-${number}`, isFork: false },
            headSha: heads.get(number) ?? '',
          })),
          groups: [],
        }),
        ...{ files: async () => null, requires: async () => true },
      },
      interval: 30_000,
      attempts: {
        ...{ begin: () => true, end: () => undefined },
        ...{ gotFurther: () => undefined, stop: () => undefined },
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    })
    const settle = async (): Promise<readonly string[]> => {
      world.tick(30)
      do await checks.look()
      while (checks.dueAt() === 0)
      return statuses.splice(0)
    }
    t.strictSame(await settle(), [
      'success: sno1 leaves, as its record says',
      'success: sno2 leaves, as its record says',
    ])
    await git('merge', '--quiet', '--no-ff', '-m', 'Merge', `seed-${first}`)
    open.delete(first)
    // Both edits are right alone; together they leave a null list, which kustomize refuses.
    t.match(await settle(), [/^failure: RENDER_EMPTY_LIST: /], `#${second}`)
    await git('checkout', '--quiet', `seed-${second}`)
    await git('merge', '--quiet', '-m', 'Bring up to date', 'main')
    await write({ 'clusters/kustomization.yaml': 'resources: []\n' }, 'Repair')
    heads.set(second, (await git('rev-parse', 'HEAD')).trim())
    await git('checkout', '--quiet', 'main')
    t.match(await settle(), [/^success: sno\d leaves, as its record says$/])
    await git('merge', '--quiet', '--no-ff', '-m', 'Merge', `seed-${second}`)
    open.delete(second)
    t.strictSame(await settle(), [])
  }
})

t.test('what a run reports already gets no comment', async t => {
  const world = fakeWorld()
  await askInSeven(world)
  world.repository.write('seed-7', 'By hand', [
    { path: 'clusters/kustomization.yaml', content: kustomization('sno2.yaml') },
  ])
  const { settle } = start(t, world)
  t.match(await settle(), [/^#7 failure: sno1 leaves/])
  t.strictSame([...world.comments.keys()], [])
  world.repository.write('seed-7', 'And the other', [
    { path: 'clusters/kustomization.yaml', content: 'resources: []\n' },
  ])
  t.match(await settle(), [/^#7 failure: sno1 leaves.*; sno2 leaves/])
  t.match([...world.comments.keys()], ['#7 <!-- sower:check -->'])
})

t.test('a confirmation of this head has it checked again', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
  const { settle, builds, told } = start(t, world)
  await settle()
  const headSha = world.repository.branches.get('seed-7') ?? ''
  const word = { key: 'k', pullRequest: 7, cluster: 'sno1', by: 'alice' }
  world.ports.confirmations.add({ ...word, headSha })
  told.length = 0
  t.strictSame(await settle(), [], 'the same again')
  t.equal(builds.length, 0)
})

t.test('the log and the comment say when the branch does not require the check', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: without('sno1') })
  let asked = 0
  const { settle, told } = start(t, world, {
    requires: async () => {
      asked += 1
      if (asked === 1) throw new UnavailableError('GITHUB_FAILED', 'no answer')
      return false
    },
  })
  await settle()
  t.match(told, ['could not read which checks the branch requires', 'checked a pull request'])
  t.notMatch([...world.comments.values()].join(''), /does not require/)
  world.tick(3600)
  world.repository.write('seed-7', 'More', [{ path: 'docs/x', content: 'x' }])
  await settle()
  t.match(told.slice(2), [/^the branch does not require the check/, 'checked a pull request'])
  t.match([...world.comments.values()].join(''), /`main` does not require the check/)
})

t.test('no answer leaves it to a later look, and keeps no other from being checked', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
  openPullRequest(world, 8, { files: { 'docs/b.md': 'x' } })
  const { settle, checks, told } = start(t, world)
  let isLost = true
  world.faults.set('repository.mergedPaths', (_, head) => {
    if (isLost && head === world.repository.branches.get('seed-7'))
      throw new UnavailableError('GIT_FAILED', 'no answer')
  })
  t.match(await settle(), [/^#8 success/])
  t.match(told, ['could not check a pull request'])
  isLost = false
  t.match(await settle(), [/^#7 success/])
  const retryAt = new Date(world.now().getTime() + 600_000).toISOString()
  world.repository.write('seed-7', 'More', [{ path: 'docs/x', content: 'x' }])
  world.faults.set('repository.fetch', () => {
    throw new UnavailableError('GITHUB_FAILED', 'a limit', { retryAt })
  })
  t.strictSame(await settle(), [])
  t.equal(checks.dueAt(), Date.parse(retryAt))
})

t.test('a webhook has it look soon, and not at once again and again', async t => {
  const world = fakeWorld()
  const { checks, settle } = start(t, world)
  await settle()
  const at = world.now().getTime()
  t.equal(checks.dueAt(), at + 30_000)
  checks.wake()
  t.equal(checks.dueAt(), at + 2_000)
})

t.test('a clock that was ahead, and is put back, keeps no look from being due', async t => {
  const world = fakeWorld()
  const { checks, settle } = start(t, world)
  world.tick(86_400)
  await settle()
  world.tick(-86_400)
  openPullRequest(world, 8, { files: { 'docs/a.md': 'x' } })
  await checks.look()
  t.match(await settle(), [/^#8 success/])
  t.equal(checks.dueAt(), world.now().getTime() + 30_000)
})

t.test('what ended the bot twice is refused and not tried again', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: without('sno1') })
  const { settle, allowed, builds } = start(t, world)
  allowed.is = false
  t.match(await settle(), [/^#7 failure: SET_ASIDE: the bot ended twice/])
  t.equal(builds.length, 0)
})

t.test('what is closed is forgotten, and checked anew when it is opened again', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7, { files: { 'docs/a.md': 'x' } })
  const { settle } = start(t, world)
  t.equal((await settle()).length, 1)
  const pull = world.pullRequests.get(7)!
  world.pullRequests.set(7, { ...pull, state: 'closed' })
  t.strictSame(await settle(), [])
  world.pullRequests.set(7, pull)
  t.equal((await settle()).length, 1)
})
