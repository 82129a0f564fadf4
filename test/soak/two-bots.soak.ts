import { execFileSync } from 'node:child_process'
import t from 'tap'
import { startBotInGroup, type BotInGroup } from '../support/bot/start-bot-in-group.ts'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'

const cluster = 'seed-sno5'
const acts = 'this bot acts'

type Statuses = { statuses: { context: string; state: string }[] }

const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 480_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

t.test(
  'of two bot processes, one frozen past its lease and one terminated, nothing is made twice',
  async t => {
    const pushed: string[] = []
    const saved: string[] = []
    const bots: BotInGroup[] = []
    const on: { save: () => void; push: () => void } = {
      save: () => undefined,
      push: () => undefined,
    }
    const hub = await startDemoHub(t, cluster, {
      tell: () => undefined,
      onPush: commits => {
        for (const { subject, pusher } of commits) {
          if (pusher !== 'sower[bot]') continue
          pushed.push(subject)
          // The branch has moved, and the bot does not know it yet.
          if (subject.startsWith('Detach ')) on.push()
        }
      },
    })
    const { sandbox, person } = hub
    t.teardown(() => {
      for (const { signalAll } of bots)
        try {
          signalAll('SIGKILL')
        } catch {
          // It has ended.
        }
    })
    sandbox.hub.watch(({ type, object }) => {
      if (object.kind !== 'Secret' || object.metadata.name !== `${cluster}-access`) return
      saved.push(type)
      // The access is there, and the answer to the bot is not sent yet.
      if (saved.length === 1) on.save()
    })
    const start = async (name: string): Promise<BotInGroup> => {
      const words = await hub.wordsFor(name)
      const bot = startBotInGroup([...words, '--no-webhook', '--news-interval', '1'])
      bots.push(bot)
      return bot
    }
    const first = await start('first')
    await until('the first bot to act', () => first.said(acts))
    const second = await start('second')
    await until('the second bot to stand by', () => second.said('another bot acts'))
    const state = { isFrozen: false, isTerminated: false }
    on.save = () => {
      first.signalAll('SIGSTOP')
      state.isFrozen = true
    }
    on.push = () => {
      second.signalBot('SIGTERM')
      state.isTerminated = true
    }

    await person.push({
      branch: `seed/${cluster}`,
      message: `Seed image of ${cluster}`,
      files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
    })
    const { number } = (await person.call('POST', '/pulls', {
      ...{ title: `Seed image of ${cluster}`, head: `seed/${cluster}`, base: 'main' },
    })) as { number: number }
    await person.call('POST', `/issues/${number}/comments`, { body: `/seed detach ${cluster}` })

    await until('the first bot to save the access', () => state.isFrozen)
    await until('the second bot to act', () => second.said(acts))
    first.signalAll('SIGCONT')
    await until('the first bot to notice', () => first.said('another bot acts'))
    await until('the second bot to push', () => state.isTerminated)
    t.equal(await second.ended, 0, 'a bot that is terminated ends well')
    t.match(
      second.log.filter(({ msg }) => msg === 'effect done').map(({ effect }) => effect?.do),
      ['commit-detach'],
      'and finishes the effect under way',
    )
    const isGreen = async (): Promise<boolean> => {
      const { head } = (await person.call('GET', `/pulls/${number}`)) as { head: { sha: string } }
      const { statuses } = (await person.call('GET', `/commits/${head.sha}/status`)) as Statuses
      return statuses.some(({ context, state }) => context === 'sower' && state === 'success')
    }
    await until('the check to be green', isGreen)
    t.equal(first.log.filter(({ msg }) => msg === acts).length, 2, 'the first one acts again')
    t.equal(saved[0], 'ADDED')
    t.equal(saved.filter(type => type === 'ADDED').length, 1, 'the access was saved once')
    t.strictSame(pushed, [`Detach ${cluster}`], 'one commit was pushed')
    const subjects = execFileSync('git', ['log', '--all', '--format=%s'], {
      ...{ cwd: sandbox.gitHub.bareRepository, encoding: 'utf8' },
    }).split('\n')
    t.equal(subjects.filter(subject => subject === `Detach ${cluster}`).length, 1)
    const comments = (await person.call('GET', `/issues/${number}/comments?per_page=100`)) as {
      body: string
    }[]
    const reports = comments.filter(({ body }) => body.startsWith('<!-- sower:run'))
    t.equal(reports.length, 1, 'there is one report')
    t.equal(comments.length, 2, 'and nothing else but the command')
    first.signalBot('SIGTERM')
    t.equal(await first.ended, 0)
  },
)
