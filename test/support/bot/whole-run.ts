import type { Test } from 'tap'
import { startBotInGroup, type BotInGroup, type Started } from './start-bot-in-group.ts'
import { startDemoHub, type DemoHub } from './start-demo-hub.ts'

type Story = Readonly<{
  status?: Readonly<{
    phase?: string
    intent?: object | null
    blocked?: Readonly<{ code: string; reason: string; since: string }> | null
  }>
}>
type Comment = Readonly<{ body: string }>
type Statuses = Readonly<{ statuses: readonly Readonly<{ context: string; state: string }>[] }>

const cluster = 'seed-sno5'
const ended = ['Completed', 'Failed', 'Cancelled']

/** The parts of a whole run that a test may trouble. */
export type RunUnderWay = Readonly<{
  t: Test
  hub: DemoHub
  /** The words that the last bot was started with. */
  words: readonly string[]
  /** The phase that the run is in; empty before there is one. */
  phase: () => string
  bots: readonly BotInGroup[]
}>

/** The parts of a run that differ from one in peace. */
export type WholeRunOptions = Readonly<{
  /** More words for the bot, which replace those of the same name. */
  words?: Readonly<Record<string, string>>
  /** Begins the troubles, before anybody asks for the image; called with what it may trouble. */
  trouble?: (run: RunUnderWay) => Promise<void> | void
  /** Called again and again while the run is under way. */
  meanwhile?: (run: RunUnderWay) => Promise<void> | void
  /** How many bots there are. */
  bots?: number
  /** How a bot's process is started, given its words. */
  started?: (words: readonly string[]) => Started
}>

/** Trouble of the outside during a whole run, and how often each part of it has happened. */
export type Trouble = WholeRunOptions &
  Readonly<{ happened: () => Readonly<Record<string, number>> }>

/** Waits for a condition; after so many minutes in vain it throws what `tell` says. */
const until = async (
  what: string,
  condition: () => Promise<boolean>,
  tell: () => string = () => '',
): Promise<void> => {
  const end = Date.now() + 900_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}: ${tell()}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

/**
 * Plays a whole run of the built bot on the sandbox: a person asks by a comment, merges once the check is green, and says
 * `/seed retry` where a delivery is unknown. Resolves to what it left behind, to be held against `wholeRunLeft`.
 */
export const wholeRun = async (
  t: Test,
  options: WholeRunOptions = {},
): Promise<Readonly<{ left: object; run: RunUnderWay; retries: number }>> => {
  const pushed: string[] = []
  const onSeed: string[] = []
  const told: string[] = []
  const hub = await startDemoHub(t, cluster, {
    tell: (actor, message) => told.push(`${actor}: ${message}`),
    onPush: commits => {
      for (const { subject, pusher } of commits) if (pusher === 'sower[bot]') pushed.push(subject)
    },
  })
  const { sandbox, person } = hub
  sandbox.seeds.get(cluster)?.store.watch(({ type, object }) => {
    if (type === 'MODIFIED' || !['seedgen', 'seedimage'].includes(object.metadata.name)) return
    onSeed.push(`${type} ${object.kind}${type === 'ADDED' && object['status'] ? ' again' : ''}`)
  })
  const bots: BotInGroup[] = []
  t.teardown(() => {
    for (const { signalAll } of bots)
      try {
        signalAll('SIGKILL')
      } catch {
        // It has ended.
      }
  })
  const story = (): Story =>
    (sandbox.hub.list({ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun' })[0] ?? {}) as Story
  const phase = (): string => story().status?.phase ?? ''
  let words: readonly string[] = []
  for (let number = 0; number < (options.bots ?? 1); number += 1) {
    words = [
      ...(await hub.wordsFor(`bot-${number}`)),
      ...Object.entries(options.words ?? {}).flat(),
    ]
    bots.push(startBotInGroup(words, options.started?.(words)))
  }
  const run: RunUnderWay = { t, hub, words, phase, bots }
  await options.trouble?.(run)
  await person.push({
    branch: `seed/${cluster}`,
    message: `Seed image of ${cluster}`,
    files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
  })
  const { number } = (await person.call('POST', '/pulls', {
    ...{ title: `Seed image of ${cluster}`, head: `seed/${cluster}`, base: 'main' },
  })) as { number: number }
  const say = (body: string): Promise<unknown> =>
    person.call('POST', `/issues/${number}/comments`, { body })
  const stateOf = async (ref: string): Promise<string> => {
    const { statuses } = (await person.call('GET', `/commits/${ref}/status`)) as Statuses
    return statuses.find(({ context }) => context === 'sower')?.state ?? ''
  }
  const comments = async (): Promise<readonly Comment[]> =>
    (await person.call('GET', `/issues/${number}/comments?per_page=100`)) as readonly Comment[]
  await say(`/seed detach ${cluster}`)

  let mergedAs = ''
  const retried: string[] = []
  const tell = (): string =>
    `${JSON.stringify(story().status)}\n${bots.map(({ log }) => JSON.stringify(log.slice(-12))).join('\n')}`
  await until(
    'the end of the run',
    async () => {
      await options.meanwhile?.(run)
      const { code = '', since = '' } = story().status?.blocked ?? {}
      if (code === 'DELIVERY_UNKNOWN' && !retried.includes(since)) {
        // Nobody knows whether the delivery arrived: a person looks on the seed, and says so.
        retried.push(since)
        await say('/seed retry')
      }
      if (mergedAs === '' && phase() === 'Proposed') {
        const { head } = (await person.call('GET', `/pulls/${number}`)) as { head: { sha: string } }
        if ((await stateOf(head.sha)) === 'success') {
          const merge = { merge_method: 'merge' }
          const merged = await person.call('PUT', `/pulls/${number}/merge`, merge)
          mergedAs = (merged as { sha: string }).sha
        }
      }
      return ended.includes(phase())
    },
    tell,
  )
  await until(
    'all that is shown of its end',
    async () => {
      await options.meanwhile?.(run)
      const bodies = (await comments()).map(({ body }) => body)
      return (
        bodies.some(body => body.includes(`: ${phase()}`)) &&
        bodies.some(body => body.startsWith('<!-- sower:ended ')) &&
        (await stateOf(mergedAs)) === 'success'
      )
    },
    tell,
  )
  const pulls = (await person.call('GET', '/pulls?state=all')) as readonly object[]
  const kinds = (await comments()).map(({ body }) => /^<!-- (sower:\w+)/.exec(body)?.[1] ?? body)
  const remains = sandbox.seeds
    .get(cluster)
    ?.store.list({ apiVersion: 'lca.openshift.io/v1', kind: 'SeedGenerator' })
  const left = {
    phase: phase(),
    blocked: story().status?.blocked ?? null,
    intent: story().status?.intent ?? null,
    pushed,
    onSeed,
    images: told.filter(line => line.startsWith('registry: took in')).length,
    pulls: pulls.length,
    // A call for a person belongs to the trouble, and so does the answer to it.
    comments: kinds.filter(kind => !/^(?:sower:waits|\/seed retry)/.test(kind)).sort(),
    remains,
  }
  return { left, run, retries: retried.length }
}

/** What every whole run leaves behind: each thing was made once. */
export const wholeRunLeft = {
  phase: 'Completed',
  blocked: null,
  intent: null,
  pushed: [
    `Detach ${cluster}`,
    `Record the merge of ${cluster}`,
    `Generate the seed image of ${cluster}`,
    `Record the seed image of ${cluster}: completed`,
  ],
  onSeed: [
    'ADDED Secret',
    'ADDED SeedGenerator',
    // The Lifecycle Agent hides both, and brings them back.
    'DELETED Secret',
    'DELETED SeedGenerator',
    'ADDED Secret',
    'ADDED SeedGenerator again',
    'DELETED SeedGenerator',
    'DELETED Secret',
  ],
  images: 1,
  pulls: 1,
  comments: [`/seed detach ${cluster}`, 'sower:ended', 'sower:run'],
  remains: [],
}
