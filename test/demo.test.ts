import t from 'tap'
import { askToAdopt } from '../src/demo/ask-to-adopt.ts'
import type { Demo } from '../src/demo/demo.ts'
import type { DemoEvent } from '../src/demo/demo-event.ts'
import { emitInOrder } from '../src/demo/emit-in-order.ts'
import type { Sandbox } from '../src/sandbox/start-sandbox.ts'
import { createPatience } from '../src/demo/create-patience.ts'
import { createStory } from '../src/demo/story.ts'
import { until } from '../src/demo/until.ts'

t.test('tells what happened in the order in which it was given', async t => {
  const emitted: object[] = []
  const { emit, emitLater, done } = emitInOrder(event => emitted.push(event))
  let complete = (): void => undefined
  const slow = new Promise<void>(resolve => {
    complete = resolve
  })
  emitLater(slow.then(() => ({ event: 'phase', from: 'a', to: 'b' }) as const))
  emit({ event: 'problem', code: 'X', reason: 'behind it' })
  t.strictSame(emitted, [])
  complete()
  await done()
  t.match(emitted, [{ event: 'phase' }, { event: 'problem' }])
  emitLater(Promise.reject(new Error('no diff')))
  await t.rejects(done(), { message: 'no diff' })
})

t.test('a command of the person that fails ends the demo with what it said', async t => {
  const told: object[] = []
  const demo = {
    ...{ cluster: 'sno1', version: '4.18.5', directory: t.testdir(), environment: {} },
    ...{ program: '/nowhere/sower.js', tokens: { ada: 'a', bot: 'b' } },
    surroundings: { node: process.execPath },
    emit: (event: object) => void told.push(event),
  } as unknown as Demo
  const sandbox = { seeds: new Map(), hubKubeconfig: 'x' } as unknown as Sandbox
  await t.rejects(askToAdopt(demo, sandbox), {
    ...{ code: 'DEMO_FAILED', message: /^sower access: [^]*Cannot find module/ },
  })
  t.match(told, [{ event: 'act', actor: 'person', message: /sower access save/ }])
})

t.test('waits until a condition holds, and names it where it never does', async t => {
  const answers = [false, true]
  await until('the second answer', () => answers.shift() ?? false)
  t.strictSame(answers, [])
  await t.rejects(
    until('rain', () => false, -1),
    { code: 'DEMO_STUCK', message: /^waiting for rain/ },
  )
})

t.test('the story shows the detach as a diff, and leaves out what only prepares the hub', t => {
  let printed = ''
  const { tell, end } = createStory({
    print: text => (printed += text),
    ...{ isTerminal: false, columns: 100, environment: {} },
  })
  const at = '2026-11-29T10:00:00.000Z'
  const events: readonly DemoEvent[] = [
    { at, event: 'start', scenario: 'run', cluster: 'sno1', directory: '/d', speed: 180 },
    { at, event: 'act', actor: 'siteconfig', message: 'renders the hosts' },
    { at, event: 'act', actor: 'hub', message: 'manages five clusters' },
    {
      ...{ at, event: 'commit', branch: 'seed/sno1', sha: '1'.repeat(40), parents: [] },
      ...{ author: 'Sower', subject: 'Detach sno1' },
      diff: 'diff --git a/site/kustomization.yaml b/site/kustomization.yaml\n-  - sno1.yaml\n+  #- sno1.yaml\n',
    },
    { at, event: 'effect', effect: { do: 'deliver-secret' } },
    { at, event: 'phase', from: 'Proposed', to: 'Detaching' },
    { at, event: 'comment', body: '<!-- sower:run sno1 -->\n### Seed image of `sno1`' },
    { at, event: 'end', outcome: 'Completed', digest: 'sha256:1', seconds: 40 },
  ]
  for (const event of events) tell(event)
  end()
  for (const expected of [
    /A seed image of sno1/,
    /hub +manages five clusters/,
    /\+ {2}#- sno1\.yaml/,
    /copies the unsealed Secret to the seed, once/,
    /Proposed → Detaching: merged/,
    /### Seed image of `sno1`/,
    /The run is Completed after 40 seconds\.\nThe image is in the registry: sha256:1/,
  ])
    t.match(printed, expected)
  t.notMatch(printed, /renders the hosts|sower:run/)
  t.notOk(printed.includes('\u001b'), 'no colours where there is no terminal')
  t.end()
})

t.test('a run waits for a person once it has said so for twenty seconds', t => {
  const blocked = { code: 'GIT_CONFLICT', reason: 'two branches', fix: 'merge them' }
  const world: { run: object | undefined; now: number } = { run: undefined, now: 0 }
  const hub = { get: () => world.run }
  const problem: { last: typeof blocked | null } = { last: null }
  const waitsFor = createPatience(
    { hub } as unknown as Sandbox,
    'sno1',
    () => problem.last,
    () => world.now,
  )
  const at = (now: number): unknown => {
    world.now = now
    return waitsFor()
  }
  t.equal(at(100_000), null, 'nothing is said yet')
  problem.last = blocked
  t.equal(at(119_000), null)
  t.strictSame(at(120_000), blocked, 'a request that is no run waits for what was said last')
  world.run = { status: { phase: 'Requested' } }
  t.equal(at(121_000), null, 'a run that goes on waits for nothing')
  world.run = { status: { blocked } }
  t.equal(at(130_000), null)
  t.strictSame(at(141_000), blocked)
  t.end()
})

t.test('the story of a rehearsal ends with what would have been refused', t => {
  let printed = ''
  const { tell } = createStory({
    print: text => (printed += text),
    ...{ isTerminal: false, columns: 100, environment: {} },
  })
  const at = '2026-11-29T10:00:00.000Z'
  const event = { at, event: 'rehearsed', repository: '/d/ztp.git' } as const
  tell({ ...event, blocked: null, troubles: [], notes: [] })
  t.equal(
    printed,
    '\nNothing would have been refused.\nThe copy with all commits: git clone /d/ztp.git\n',
  )
  printed = ''
  const blocked = { code: 'NOT_A_SEED', reason: 'sno1 is none', fix: 'add it' }
  tell({ ...event, blocked, troubles: ['a: no'], notes: ['b is made up'] })
  tell({ at, event: 'end', outcome: '', digest: null, seconds: 3 })
  t.equal(
    printed,
    `
This would have been refused: sno1 is none [NOT_A_SEED]
  add it
Argo CD of the sandbox did not do all that it was told:
  - a: no
The rehearsal made this up:
  - b is made up
The copy with all commits: git clone /d/ztp.git
`,
  )
  t.end()
})
