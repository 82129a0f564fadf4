import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { alone, program, shell } from '../support/run-sower.ts'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'
import { wholeRunLeft } from '../support/bot/whole-run.ts'
import { whileWeLive } from '../support/while-we-live.ts'

type Story = Readonly<{
  status?: {
    phase?: string
    intent?: { effect: { do: string } } | null
    blocked?: { code: string; since: string } | null
  }
}>

const cluster = 'seed-sno5'
const ended = ['Completed', 'Failed', 'Cancelled']
const until = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  tell: () => string = () => '',
): Promise<void> => {
  const end = Date.now() + 1_800_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what} ${tell()}`)
    await sleep(100)
  }
}

// Whichever of two bots has just written down what it is about to do is frozen there, until the other has taken over and
// done it; then it is thawed, in the middle of what it was about to do.
t.test('a replica that is frozen past its lease and thawed makes no second effect', async t => {
  const pushed: string[] = []
  const onSeed: string[] = []
  const hub = await startDemoHub(t, cluster, {
    tell: () => undefined,
    onPush: commits => {
      for (const { subject, pusher } of commits) if (pusher === 'sower[bot]') pushed.push(subject)
    },
  })
  const { sandbox, person } = hub
  sandbox.seeds.get(cluster)?.store.watch(({ type, object }) => {
    if (type === 'MODIFIED' || !['seedgen', 'seedimage'].includes(object.metadata.name)) return
    onSeed.push(`${type} ${object.kind}${type === 'ADDED' && object['status'] ? ' again' : ''}`)
  })
  const log: string[] = []
  const start = async (name: string): Promise<number> => {
    // A bot that stands by, or is frozen, takes no webhook: both look on GitHub by themselves.
    const all = await hub.wordsFor(name)
    const at = all.indexOf('--webhook-secret-file')
    const words = ['--no-webhook', ...all.slice(0, at), ...all.slice(at + 2)]
    const command = alone(shell(), process.execPath, program, 'bot', ...words)
    const [file, ...rest] = whileWeLive(...command)
    const child = spawn(file, rest, { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
    child.stderr.on('data', text => {
      log.push(`${name} ${String(text)}`)
    })
    t.teardown(() => {
      process.kill(-Number(child.pid), 'SIGKILL')
    })
    return Number(child.pid)
  }
  const lease = {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    ...{ name: 'sower', namespace: 'sower' },
  }
  const holder = (): string =>
    (sandbox.hub.get(lease)?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity ??
    ''
  const first = await start('first')
  await until('a leader', () => holder() !== '')
  const pids = new Map([[holder(), first]])
  const second = await start('second')

  let frozen: number | null = null
  let frozenAt = ''
  const froze: string[] = []
  sandbox.hub.watch(({ object }) => {
    const { status } = object as Story
    const { intent = null, phase = '' } = status ?? {}
    if (object.kind !== 'SeedRun' || intent === null || frozen !== null) return
    // Each effect once: else a retry would be frozen too, and the one after it.
    const what = `${phase}: ${intent.effect.do}`
    if (froze.includes(what)) return
    froze.push(what)
    frozenAt = holder()
    frozen = pids.get(frozenAt) ?? second
    process.kill(-frozen, 'SIGSTOP')
  })
  const thaw = async (): Promise<void> => {
    if (frozen === null) return
    const [pid, was] = [frozen, frozenAt]
    await until('the other to take over', () => holder() !== was && holder() !== '')
    if (!pids.has(holder())) pids.set(holder(), pid === first ? second : first)
    const before = storyOf()
    await until('the other to go on', () => storyOf() !== before || isOver())
    process.kill(-pid, 'SIGCONT')
    frozen = null
  }
  const story = (): Story =>
    (sandbox.hub.list({ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun' })[0] ?? {}) as Story
  const storyOf = (): string => JSON.stringify(story().status ?? null)
  const isOver = (): boolean => ended.includes(story().status?.phase ?? '')

  await person.push({
    branch: `seed/${cluster}`,
    message: `Seed image of ${cluster}`,
    files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
  })
  const { number } = (await person.call('POST', '/pulls', {
    ...{ title: `Seed image of ${cluster}`, head: `seed/${cluster}`, base: 'main' },
  })) as { number: number }
  await person.call('POST', `/issues/${number}/comments`, { body: `/seed detach ${cluster}` })
  let isMerged = false
  let retriedFor = ''
  await until(
    'the end of the run',
    async () => {
      await thaw()
      const { code = '', since = '' } = story().status?.blocked ?? {}
      if (code === 'DELIVERY_UNKNOWN' && since !== retriedFor) {
        // Nobody knows what a bot did that was frozen right before it: a person looks on the seed, and says so.
        retriedFor = since
        await person.call('POST', `/issues/${number}/comments`, { body: '/seed retry' })
      }
      if (!isMerged && story().status?.phase === 'Proposed') {
        isMerged = true
        await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
      }
      return isOver()
    },
    () =>
      `${storyOf()} ${log
        .filter(line => !line.includes('"observed"'))
        .slice(-40)
        .join('')}`,
  )
  await thaw()
  // Whatever a thawed bot was about to do it has done, or refused to do, once it has looked again.
  await sleep(15_000)
  t.comment(`frozen at ${froze.length} effects: ${froze.join('; ')}`)
  t.equal(story().status?.phase, 'Completed')
  t.ok(froze.length >= 5, 'most effects were met')
  for (const once of [/^Detach /, /^Record the merge /, /^Generate /, /^Record the seed image /])
    t.equal(pushed.filter(subject => once.test(subject)).length, 1, String(once))
  t.strictSame(onSeed, wholeRunLeft.onSeed, 'each was created once')
  const comments = (await person.call('GET', `/issues/${number}/comments?per_page=100`)) as {
    body: string
  }[]
  t.equal(comments.filter(({ body }) => body.startsWith('<!-- sower:run ')).length, 1)
})
