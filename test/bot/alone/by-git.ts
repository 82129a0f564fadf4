import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fileAttempts } from '../../../src/adapters/files/file-attempts.ts'
import { fileBookmark, fileInbox } from '../../../src/adapters/files/file-inbox.ts'
import { askByGit, orderByGit } from '../../../src/bot/alone/ask-by-git.ts'
import { forgeByGit } from '../../../src/bot/alone/forge-by-git.ts'
import { pushByHand } from '../../../src/bot/alone/push-by-hand.ts'
import { startBot } from '../../../src/bot/start-bot.ts'
import { describeRun } from '../../../src/cli/commands/run/describe-run.ts'
import { isEnded, type Run } from '../../../src/core/run/run.ts'
import { createContext } from '../../../src/operations/context.ts'
import { fakeWorld, requestFile, type FakeWorld } from '../../support/fake-world.ts'

/** `sower run --head asks` on fakes: each round is a process of its own, and nothing but files and branches outlasts it. */
const driven = (t: Test, settings = '') => {
  const world = fakeWorld(settings)
  const directory = t.testdir()
  const request = { path: 'seeds/sno1/request.yaml', content: requestFile('sno1') }
  const headSha = world.repository.write('asks', 'Ask', [request])
  const kept = new Map<string, string>()
  const told: string[] = []
  const inbox = fileInbox(join(directory, 'inbox'))
  const { runs } = world.ports
  const of = { cluster: 'sno1', runs, branch: 'main', head: 'asks', now: world.now }
  const round = async (): Promise<void> => {
    const repository = pushByHand(world.ports.repository, {
      ...{ mirror: '/my data/mirror.git', url: 'https://git.example/site.git', ...of },
      kept: {
        find: async name => kept.get(name),
        keep: async (name, sha) => void kept.set(name, sha),
      },
    })
    const { forge, pulls } = forgeByGit({
      ...{ ...of, repository },
      written: ({ marker, body }) => {
        if (marker.includes('answer')) told.push(body)
      },
    })
    const bot = await startBot({
      context: createContext({
        ports: { ...world.ports, repository, forge, pulls },
        settings: { repository: 'example/site', branch: 'main', namespace: 'sower' },
        now: world.now,
      }),
      ...{ inbox, attempts: fileAttempts(join(directory, 'attempts')) },
      ...{ webhookSecret: null, host: '127.0.0.1', port: 0, pollInterval: 0 },
      news: {
        feed: askByGit({ ...of, pullRequest: 7, repository, say: text => told.push(text) }),
        ...{ bookmark: fileBookmark(join(directory, 'news')), interval: 0 },
      },
      stopping: new AbortController(),
      log: {
        ...{ debug: () => undefined, info: () => undefined },
        warn: (_fields, message) => told.push(message),
      },
      once: { patience: 0 },
    })
    await bot.ended
    await bot.stop()
  }
  const run = (): Run => world.runs.get('sno1')!
  const order = async (verb: 'retry' | 'abort'): Promise<void> => {
    inbox.put(await orderByGit(verb, of))
  }
  return { world, round, run, order, told, headSha, inbox }
}

/** What is printed for the person to do. */
const asked = (run: Run): string =>
  describeRun(run, null, { head: 'asks', branch: 'main', report: '/report.md' }).next ?? ''

/** Does the printed push, and opens and merges what it says; returns the branch that was pushed to. */
const push = ({ repository }: FakeWorld, text: string): string | null => {
  const [, sha, branch] = / push \S+ ([0-9a-f]{40}):refs\/heads\/([\w./-]+)`/.exec(text) ?? []
  if (sha === undefined || branch === undefined) return null
  repository.branches.set(branch, sha)
  return branch
}

const merge = ({ repository }: FakeWorld, branch: string, as: 'merge' | 'squash'): void => {
  if (as === 'squash') repository.squash('main', branch)
  else repository.merge('main', branch)
  // As GitLab does by itself.
  repository.branches.delete(branch)
}

for (const [as, settings] of [
  ['merge', ''],
  ['squash', ''],
  ['merge', 'commit: pull-request\n'],
] as const)
  t.test(
    `a run ends Completed by what is printed, pushed and merged: ${as} ${settings}`,
    async t => {
      const { world, round, run, told } = driven(t, settings)
      const printed: string[] = []
      for (let rounds = 0; !isEnded(world.runs.get('sno1')?.phase ?? 'Requested'); rounds += 1) {
        if (rounds === 150) throw new Error(JSON.stringify(run()))
        await round()
        const text = asked(run())
        if (text !== '' && !printed.includes(text)) {
          // It is the same in the next process, and nothing is done meanwhile.
          await round()
          t.equal(asked(run()), text, 'the same after a restart')
          printed.push(text)
        }
        const pushed = push(world, text)
        const [, from] = /^open a pull request from (\S+) to main/.exec(text) ?? []
        if (from !== undefined) merge(world, from, as)
        if (pushed === null && run().phase === 'Proposed' && !run().blocked)
          merge(world, 'asks', as)
        world.turn()
        world.tick(60)
      }
      t.match(run(), {
        phase: 'Completed',
        request: { pullRequest: 7 },
        facts: { digest: 'sha256:new' },
      })
      t.strictSame(world.seed.created, ['Secret', 'SeedGenerator'], 'each was delivered once')
      t.notOk(world.acts.some(act => act === 'repository.push' || act.startsWith('pulls.')))
      t.strictSame(told, [])
      const steps = settings === '' ? 5 : 8
      t.equal(printed.length, steps, printed.join('\n'))
      t.match(
        printed[0],
        /^look at it \(`git -C '\/my data\/mirror\.git' show [0-9a-f]{40}`\), then run `git -C '\/my data\/mirror\.git' push https:\/\/git\.example\/site\.git [0-9a-f]{40}:refs\/heads\/asks`; the run goes on by itself$/,
      )
      t.match(printed[1], /^read the proof in \/report\.md, then merge asks into main/)
      t.match(world.repository.text('main', 'seeds/sno1/record.yaml'), /^status: completed$/m)
      t.equal(world.repository.text('main', 'seeds/sno1/seedgenerator.yaml'), undefined)
    },
  )

t.test(
  'a merge is seen by what the base branch holds, and not where the branch was set back',
  async t => {
    const { world, round, run, headSha } = driven(t)
    await round()
    t.match(run(), { phase: 'Requested', blocked: { code: 'PUSH_AWAITED' } })
    const proven = run().facts.pushedAs!
    const main = world.repository.branches.get('main')!
    const read = async () => {
      const { repository, runs } = world.ports
      const of = { cluster: 'sno1', repository, runs, branch: 'main', head: 'asks' }
      return forgeByGit({ ...of, written: () => undefined }).forge.pullRequest(7)
    }
    const stands = (head: string | null, base = main): void => {
      if (head === null) world.repository.branches.delete('asks')
      else world.repository.branches.set('asks', head)
      world.repository.branches.set('main', base)
    }
    t.match(await read(), { value: { state: 'open', headSha, labels: ['seed'] } })
    stands(main)
    t.match(await read(), { value: { state: 'open', headSha: main } }, 'set back to the base')
    stands(headSha)
    const request = 'seeds/sno1/request.yaml'
    const nothing = world.repository.write('asks', 'No', [{ path: request, content: null }])
    t.match(await read(), { value: { state: 'open', headSha: nothing } }, 'all is taken back')
    stands(headSha)
    world.repository.squash('main', 'asks')
    const early = world.repository.branches.get('main')!
    t.match(await read(), { value: { state: 'merged', mergedAs: early } }, 'merged before the edit')
    stands(headSha)
    stands(null)
    await t.rejects(read(), {
      ...{ code: 'REQUEST_INVALID', fix: /push asks again, .*`sower run sno1 --abort`/ },
      message: 'reading the branch asks: it is gone, and main does not hold what it brought',
    })
    await round()
    t.match(
      run(),
      { phase: 'Requested', blocked: { code: 'REQUEST_INVALID' } },
      'a person hears of it',
    )
    stands(proven)
    world.repository.write('main', 'Another cluster', [{ path: 'notes.md', content: 'Hello.' }])
    t.match(await read(), { value: { state: 'open', headSha: proven } })
    world.repository.squash('main', 'asks')
    const squashed = world.repository.branches.get('main')!
    world.repository.write('main', 'More', [{ path: 'notes.md', content: 'Bye.' }])
    t.match(await read(), { value: { state: 'merged', mergedAs: squashed } })
    world.repository.branches.delete('asks')
    t.match(
      await read(),
      { value: { state: 'merged', mergedAs: squashed } },
      'its branch is deleted',
    )
    stands(proven, proven)
    t.match(await read(), { value: { state: 'merged', mergedAs: proven } }, 'by a fast-forward')
    world.runs.clear()
    stands(headSha)
    t.match(await read(), { value: { state: 'open', headSha } })
    stands(null)
    t.strictSame(await read(), { seen: 'absent' })
    world.repository.branches.delete('main')
    await t.rejects(read(), { code: 'GIT_FAILED' })
  },
)

t.test('a head that nobody asked for waits for `--retry`, and `--abort` ends the run', async t => {
  const { world, round, run, order, told, inbox } = driven(t)
  await t.rejects(order('abort'), {
    ...{ code: 'REQUEST_INVALID', message: 'abort: no run of sno1 is under way' },
  })
  await round()
  const content = requestFile('sno1').replace('4.18.5', '4.18.6')
  world.repository.write('asks', 'Another image', [{ path: 'seeds/sno1/request.yaml', content }])
  await round()
  t.match(run(), { blocked: { code: 'HEAD_MOVED' } })
  t.match(asked(run()), /then stop this, and start it once more with `--retry`/)
  await order('retry')
  await round()
  t.match(run(), { blocked: { code: 'PUSH_AWAITED' } })
  t.ok(push(world, asked(run())))
  await round()
  t.match(run(), { phase: 'Proposed', blocked: null })
  world.tick(60)
  await order('abort')
  await round()
  t.match(run(), { phase: 'Cancelled' })
  await round()
  t.match(run(), { phase: 'Cancelled' }, 'the same number asks for no other')
  t.strictSame(inbox.waiting(), [])
  t.strictSame(world.seed.created, [])
  t.strictSame(told, [])
})

t.test('waits for the branch, and says so once', async t => {
  const { world, round, told } = driven(t)
  const head = world.repository.branches.get('asks')!
  world.repository.branches.delete('asks')
  const { repository, runs } = world.ports
  const feed = askByGit({
    ...{ cluster: 'sno1', head: 'asks', repository, runs, pullRequest: 7, now: world.now },
    say: text => void told.push(text),
  })
  t.strictSame([await feed.since(''), await feed.since('')], [[], []])
  t.strictSame(told, ['waiting for the branch asks: push it\n'])
  world.repository.branches.set('asks', head)
  t.match(await feed.since(''), [{ what: 'label', pullRequest: 7, label: 'seed' }])
  const settings = world.repository.text('main', 'sower.yaml') ?? ''
  for (const [from, to, reason] of [
    ['sno1, ', '', /^\*\*Refused\*\* \(`REQUEST_INVALID`\)/],
    ['{ abort', '{ detach: { users: [alice] }, abort', /^\*\*Refused\*\* \(`PERMISSION_DENIED`\)/],
  ] as const) {
    const content = settings.replace(from, to)
    world.repository.write('main', 'Settings', [{ path: 'sower.yaml', content }])
    world.repository.write('asks', 'More', [{ path: 'notes.md', content }])
    world.tick(60)
    await round()
    t.match(told.at(-1), reason, 'what is refused is said')
  }
  t.equal(world.runs.size, 0)
})
