import './bot/hostile-repository.ts'
import './bot/under-attack.ts'
import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import type { Check } from '../../src/core/preflight/check.ts'
import { alone, program, runSower, shell } from '../support/run-sower.ts'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'
import { compareRights } from '../support/sandbox/compare-rights.ts'
import { whileWeLive } from '../support/while-we-live.ts'

type Line = {
  msg: string
  effect?: { do: string } | null
  from?: string
  to?: string
  code?: string
}
type Statuses = { statuses: { context: string; state: string }[] }
type Comment = { body: string; user: { login: string } }

const cluster = 'seed-sno5'
const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 480_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

/** A bot that can be killed with all that it has started, and that is started again at once. */
const startMortalBot = (
  words: readonly string[],
  logFile: string,
  heard: (line: Line, bot: { kill: () => void }) => void,
) => {
  const state: {
    child: ChildProcess | null
    endedByItself: number
    isStopping: boolean
    ended: Promise<void>
  } = { child: null, endedByItself: 0, isStopping: false, ended: Promise.resolve() }
  const kill = (): void => {
    const pid = state.child?.pid
    state.child = null
    // Of the group: git would else end its work in peace.
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  }
  const start = (): void => {
    if (state.isStopping) return
    const command = alone(shell(), process.execPath, program, 'bot', ...words)
    const [file, ...rest] = whileWeLive(...command)
    const child = spawn(file, rest, { detached: true, stdio: ['pipe', 'ignore', 'pipe'] })
    state.child = child
    createInterface({ input: child.stderr }).on('line', text => {
      appendFileSync(logFile, `${text}\n`)
      // What a killed process had still to say is not heard: it is read after its death.
      if (state.child === child && text.startsWith('{')) heard(JSON.parse(text) as Line, { kill })
    })
    state.ended = new Promise(resolve => {
      child.once('close', () => {
        if (state.child === child) state.endedByItself += 1
        resolve()
        start()
      })
    })
  }
  start()
  return {
    kill,
    endedByItself: () => state.endedByItself,
    stop: async () => {
      state.isStopping = true
      kill()
      await state.ended
    },
  }
}

t.test('a bot that is killed after every effect makes nothing twice', async t => {
  const told: string[] = []
  const pushed: string[] = []
  const killedAt: string[] = []
  const onSeed: string[] = []
  const bot: { kill: (at: string) => void } = { kill: () => undefined }
  const hub = await startDemoHub(t, cluster, {
    tell: (actor, message) => told.push(`${actor}: ${message}`),
    onPush: commits => {
      for (const { subject, pusher } of commits) {
        if (pusher !== 'sower[bot]') continue
        pushed.push(subject)
        // The branch has moved, and the bot does not know it yet.
        bot.kill(`push: ${subject}`)
      }
    },
  })
  const { directory, secrets, sandbox, person, freeLease } = hub
  const log = join(directory, 'bot.log')
  const seed = sandbox.seeds.get(cluster)
  seed?.store.watch(({ type, object }) => {
    if (type === 'MODIFIED' || !['seedgen', 'seedimage'].includes(object.metadata.name)) return
    const by = object['status'] === undefined ? '' : ' with a status'
    onSeed.push(`${type} ${object.kind}${type === 'ADDED' ? by : ''}`)
    // The object is there, and the answer to the bot is not sent yet.
    if (onSeed.length <= 2) bot.kill(`${type} ${object.kind}`)
  })
  const words = await hub.wordsFor('bot-data')
  const heard = { outcome: '', effects: [] as string[], isSpared: false }
  const mortal = startMortalBot(words, log, ({ msg, effect, to }, { kill }) => {
    if (to === 'Completed' || to === 'Failed' || to === 'Cancelled') heard.outcome = to
    if (msg !== 'effect done' || !effect || heard.isSpared) return
    heard.effects.push(effect.do)
    killedAt.push(`log: ${effect.do}`)
    kill()
    freeLease()
  })
  bot.kill = at => {
    killedAt.push(at)
    mortal.kill()
    freeLease()
  }
  t.teardown(mortal.stop)
  // GitHub sends nothing again by itself; here each delivery comes again once, when somebody listens.
  const redelivered = new Set<string>()
  const redeliver = async (): Promise<void> => {
    for (const { id, guid, isRedelivery } of [...sandbox.gitHub.deliveries])
      if (!isRedelivery && !redelivered.has(guid))
        if ((await sandbox.gitHub.redeliver(id)).status === 202) redelivered.add(guid)
  }

  const checked = await runSower([
    'preflight',
    cluster,
    ...Object.entries({
      '-C': join(directory, 'person', 'clone'),
      '--kubeconfig': join(secrets, 'hub.kubeconfig'),
      '--authfile': join(directory, 'person', 'auth.json'),
      '--registry-ca': join(secrets, 'registry-ca.pem'),
    }).flat(),
    '--json',
  ])
  t.match(checked, { exitCode: 0, stderr: '' }, 'a healthy seed passes the preflight')
  const { checks } = JSON.parse(checked.stdout) as { checks: readonly Check[] }
  t.strictSame(
    checks.filter(({ status }) => status !== 'pass').map(({ id }) => id),
    ['git.base-writable', 'hub.application-not-emptied'],
    "but what GitHub alone can say, and the one sync that needs Argo CD's token: both warn",
  )
  await person.push({
    branch: `seed/${cluster}`,
    message: `Seed image of ${cluster}`,
    files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
  })
  const { number } = (await person.call('POST', '/pulls', {
    title: `Seed image of ${cluster}`,
    head: `seed/${cluster}`,
    base: 'main',
  })) as { number: number }
  const say = (body: string): Promise<unknown> =>
    person.call('POST', `/issues/${number}/comments`, { body })
  const comments = async (): Promise<Comment[]> =>
    (await person.call('GET', `/issues/${number}/comments?per_page=100`)) as Comment[]
  const reports = async (): Promise<Comment[]> =>
    (await comments()).filter(({ body }) => body.startsWith(`<!-- sower:run ${cluster} -->`))
  await say(`/seed detach ${cluster}`)
  await say(`/seed detach ${cluster}`)

  const isGreen = async (): Promise<boolean> => {
    await redeliver()
    const { head } = (await person.call('GET', `/pulls/${number}`)) as { head: { sha: string } }
    const { statuses } = (await person.call('GET', `/commits/${head.sha}/status`)) as Statuses
    return statuses.some(({ context, state }) => context === 'sower' && state === 'success')
  }
  await until('the check to be green', isGreen)

  // The base is fetched with the merge in it while the pull request is still told of as open.
  heard.isSpared = true
  const proven = /exactly this cluster leaves the render/
  await until('the proof in the report', async () =>
    (await reports()).some(({ body }) => proven.test(body)),
  )
  const { head } = (await person.call('GET', `/pulls/${number}`)) as { head: { sha: string } }
  const stale = { reads: 0, isOver: false }
  sandbox.gitHub.setTrouble(({ method, path }) => {
    if (stale.isOver || method !== 'GET' || !path.endsWith(`/pulls/${number}`)) return null
    stale.reads += 1
    return 'as-before'
  })
  await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
  stale.reads = 0
  // Each look at the run begins with such a read: three of them were looked through to their end.
  await until('looks at a merge that is not told of', () => stale.reads > 3)
  t.match(await reports(), [{ body: proven }], 'the good proof stays')
  const { statuses } = (await person.call('GET', `/commits/${head.sha}/status`)) as Statuses
  const ofRun = statuses.filter(({ context }) => context === 'sower')
  t.match(ofRun, [{ state: 'success' }], 'no failure is posted')
  t.notMatch(readFileSync(log, 'utf8'), /"to":"(?:Cancelled|Failed)"/)
  heard.isSpared = false
  stale.isOver = true
  await until('the end of the run', async () => {
    await redeliver()
    return heard.outcome !== ''
  })
  await until('the final report', async () =>
    (await reports()).some(({ body }) => body.includes(`: ${heard.outcome}`)),
  )
  const ended = async (): Promise<number> =>
    (await comments()).filter(({ body }) => body.startsWith('<!-- sower:ended ')).length
  await until('the word that it has ended', async () => (await ended()) > 0)
  await until('all redeliveries', async () => {
    await redeliver()
    return sandbox.gitHub.deliveries.every(({ guid }) => redelivered.has(guid))
  })

  const story = sandbox.hub.list({ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun' })
  t.match(story, [{ metadata: { name: cluster }, status: { phase: 'Completed' } }])
  const rights = compareRights(sandbox, cluster)
  t.strictSame(rights.denied, [], 'the manifests give every right that the bot used')
  const elsewhere = [
    // A request after a run that ended, the end of its time, an Application that has not looked at Git, a host in another namespace.
    ...['update seedruns.sower.dev sower/', 'delete seedruns.sower.dev sower/'],
    'patch applications.argoproj.io openshift-gitops/',
    'get baremetalhosts.metal3.io /',
    // The client does not ask for kinds that the simulated hub does not serve.
    'list dataimages.metal3.io /',
    'list imageclusterinstalls.extensions.hive.openshift.io /',
    'list policies.policy.open-cluster-management.io /',
    'list clustergroupupgrades.ran.openshift.io /',
    'list imagebasedgroupupgrades.lcm.openshift.io /',
  ]
  const unused = rights.unused.filter(right => !elsewhere.includes(right))
  t.strictSame(unused, [], 'and none that it does not use')

  t.equal(heard.outcome, 'Completed', readFileSync(log, 'utf8').slice(-2000))
  for (const at of [
    `push: Detach ${cluster}`,
    `push: Record the merge of ${cluster}`,
    `push: Generate the seed image of ${cluster}`,
    `push: Record the seed image of ${cluster}: completed`,
    'ADDED Secret',
    'ADDED SeedGenerator',
    'log: save-access',
    'log: sync-with-prune',
    'log: delete-seed-generator',
    'log: delete-secret',
  ])
    t.ok(killedAt.includes(at), `it was killed at ${at}`)
  t.equal(mortal.endedByItself(), 0, 'it never ended by itself')
  t.notMatch(readFileSync(log, 'utf8'), /Warning: /, 'Node warned of nothing')

  const subjects = execFileSync('git', ['log', '--all', '--format=%s'], {
    cwd: sandbox.gitHub.bareRepository,
    encoding: 'utf8',
  }).split('\n')
  for (const once of [/^Detach /, /^Record the merge /, /^Generate /, /^Record the seed image /]) {
    t.equal(subjects.filter(subject => once.test(subject)).length, 1, String(once))
    t.equal(pushed.filter(subject => once.test(subject)).length, 1, `${String(once)} was pushed`)
  }
  t.equal((await reports()).length, 1, 'there is one report')
  const answers = (await comments()).filter(({ body }) => body.startsWith('<!-- sower:answer -->'))
  t.match(answers, [{ body: /RUN_EXISTS/ }], 'the second comment got one answer')
  t.equal(await ended(), 1, 'a person is told once that it has ended')
  const calls = (await comments()).filter(({ body }) => body.startsWith('<!-- sower:waits '))
  t.equal((await comments()).length - calls.length, 5)
  t.same(
    onSeed,
    [
      'ADDED Secret',
      'ADDED SeedGenerator',
      // The Lifecycle Agent hides both, and brings them back.
      'DELETED Secret',
      'DELETED SeedGenerator',
      'ADDED Secret',
      'ADDED SeedGenerator with a status',
      'DELETED SeedGenerator',
      'DELETED Secret',
    ],
    'we made each of the two once',
  )
  t.equal(told.filter(line => line.startsWith('registry: took in')).length, 1, 'one image was made')
})
