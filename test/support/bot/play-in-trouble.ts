import { execFileSync } from 'node:child_process'
import type { Test } from 'tap'
import { startBotInGroup } from './start-bot-in-group.ts'
import { startDemoHub, type DemoHub } from './start-demo-hub.ts'
import { webhookRelay } from './webhook-relay.ts'

const cluster = 'seed-sno5'

/** Trouble of the outside while a run is played; what it returns ends it. */
export type Trouble = (hub: DemoHub) => () => void

type Statuses = { statuses: { context: string; state: string }[] }
type Comment = { body: string; user: { login: string } }

const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 900_000
  // Whoever looks on may meet a connection that was closed meanwhile, and looks again.
  const holds = async (): Promise<boolean> => {
    try {
      return await condition()
    } catch {
      return false
    }
  }
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** Plays one whole run of a bot process on the sandbox, from a comment to its end, and returns what it left behind. */
export const playInTrouble = async (
  t: Test,
  { troubles, hasPoorWebhook }: Readonly<{ troubles: readonly Trouble[]; hasPoorWebhook: boolean }>,
) => {
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
    const isOurs = ['seedgen', 'seedimage'].includes(object.metadata.name)
    // With a status it is the Lifecycle Agent that puts it back.
    if (isOurs && type === 'ADDED' && object['status'] === undefined) onSeed.push(object.kind)
  })
  const words = await hub.wordsFor('bot')
  if (hasPoorWebhook) {
    const address = words[words.indexOf('--listen') + 1] ?? ''
    const relay = await webhookRelay(t, `http://${address}/webhook`)
    sandbox.gitHub.setWebhook({ url: relay.url, secret: hub.secret })
  }
  const bot = startBotInGroup([...words, '--news-interval', '3'])
  t.teardown(() => {
    try {
      bot.signalAll('SIGKILL')
    } catch {
      // It has ended.
    }
  })
  await person.push({
    branch: `seed/${cluster}`,
    message: `Seed image of ${cluster}`,
    files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
  })
  const { number } = (await person.call('POST', '/pulls', {
    ...{ title: `Seed image of ${cluster}`, head: `seed/${cluster}`, base: 'main' },
  })) as { number: number }
  await until('the bot to act', () => bot.said('this bot acts'))
  const ends = troubles.map(begin => begin(hub))
  await person.call('POST', `/issues/${number}/comments`, { body: `/seed detach ${cluster}` })
  const checkOf = async (sha: string): Promise<string | undefined> => {
    const { statuses } = (await person.call('GET', `/commits/${sha}/status`)) as Statuses
    return statuses.find(({ context }) => context === 'sower')?.state
  }
  const pull = async () =>
    (await person.call('GET', `/pulls/${number}`)) as {
      head: { sha: string }
      merge_commit_sha: string
    }
  await until('the check to be green', async () => {
    return (await checkOf((await pull()).head.sha)) === 'success'
  })
  await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
  const { merge_commit_sha: merge } = await pull()
  const outcome = () =>
    sandbox.hub
      .list({ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun' })
      .map(({ status }) => (status as { phase?: string } | undefined)?.phase)
  await until('the end of the run', () => /Completed|Failed|Cancelled/.test(outcome().join()))
  for (const end of ends) end()
  const comments = async (): Promise<Comment[]> =>
    (await person.call('GET', `/issues/${number}/comments?per_page=100`)) as Comment[]
  const reports = async (): Promise<string[]> =>
    (await comments()).map(({ body }) => body).filter(body => body.startsWith('<!-- sower:run'))
  await until('the final report', async () => (await reports()).join().includes(': Completed'))
  await until('the final check', async () => (await checkOf(merge)) === 'success')
  bot.signalBot('SIGTERM')
  const subjects = execFileSync('git', ['log', '--format=%s', 'main'], {
    ...{ cwd: sandbox.gitHub.bareRepository, encoding: 'utf8' },
  })
  return {
    outcome: outcome(),
    pushed: pushed.sort(),
    onMain: subjects.split('\n').filter(subject => pushed.includes(subject)).length,
    onSeed,
    reports: (await reports()).length,
    exit: await bot.ended,
  }
}

/** What every whole run leaves behind. */
export const left = {
  outcome: ['Completed'],
  pushed: [
    `Detach ${cluster}`,
    `Generate the seed image of ${cluster}`,
    `Record the merge of ${cluster}`,
    `Record the seed image of ${cluster}: completed`,
  ],
  onMain: 4,
  onSeed: ['Secret', 'SeedGenerator'],
  reports: 1,
  exit: 0,
}
