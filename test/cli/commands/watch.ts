import t from 'tap'
import { composeWatch } from '../../../src/cli/commands/status/compose-watch.ts'
import { watchDetach, type Watching } from '../../../src/cli/commands/status/watch-detach.ts'
import { waiting, type Waiting } from '../../../src/core/waiting/waiting.ts'
import { surroundings } from '../../support/surroundings.ts'

const begun = Date.parse('2026-11-30T10:00:00Z')
const going = waiting('detach of sno1', 'going', {
  parts: [
    waiting('ManagedCluster sno1', 'going', { since: '2026-11-30T09:59:00Z' }),
    waiting('Namespace', 'gone'),
  ],
})
const gone = waiting('detach of sno1', 'gone')
const stuck = waiting('detach of sno1', 'stuck', {
  parts: [waiting('BareMetalHost a', 'stuck', { why: 'held', next: 'oc describe it' })],
})

/** Watches what these looks show, the last one for ever, each a minute after the one before. */
const watch = async (
  looks: readonly Waiting[],
  more: Partial<Watching> = {},
  given: Parameters<typeof surroundings>[0] = {},
): Promise<string> => {
  const screen = surroundings(given)
  let [count, minutes] = [0, 0]
  await watchDetach(screen.given, {
    look: async () => [looks[Math.min(count++, looks.length - 1)] ?? gone],
    now: () => new Date(begun + 60_000 * minutes++),
    ...{ interval: 0.001, settled: 30, timeout: null, output: 'text', ...more },
  })
  return screen.said.stdout
}

t.test('without a terminal a tree is printed each time that it changes', async t => {
  t.equal(
    await watch([going, going, gone]),
    '… detach of sno1\n  … ManagedCluster sno1 (since 2026-11-30T09:59:00Z)\n\n✓ detach of sno1\n',
  )
  const lines = (await watch([going, gone], { output: 'json' })).trim().split('\n')
  t.equal(lines.length, 2)
  t.match(JSON.parse(lines[0]!), { kind: 'Waiting', detaches: [{ state: 'going' }] })
})

t.test(
  'on a terminal it is drawn in place, with running ages, and in colour unless told',
  async t => {
    const terminal = { isTerminal: true, environment: {} }
    const drawn = await watch([going, going, gone], {}, terminal)
    const first = '\u001B[2J\u001B[H\u001B[33m…\u001B[0m detach of sno1\u001B[K\n'
    t.ok(drawn.startsWith(first))
    t.match(drawn, /\(2m\)/)
    t.match(drawn, /\(3m\)/)
    t.equal(drawn.split('\u001B[2J').length, 2, 'the screen is cleared once')
    const plain = await watch([gone], {}, { ...terminal, environment: { NO_COLOR: '1' } })
    t.notOk(plain.includes('\u001B[3'))
  },
)

t.test('it waits until all is gone for a while, and not for ever', async t => {
  await t.rejects(watch([stuck], { timeout: 2 }), {
    code: 'DETACH_SLOW',
    exitCode: 75,
    message: /detach of sno1: not finished after 2 minutes: BareMetalHost a: held/,
    fix: 'oc describe it',
  })
  await t.rejects(watch([going], { timeout: 2 }), { code: 'DETACH_SLOW', fix: /^wait again/ })
  t.match(await watch([gone, going, gone], { settled: 0 }), /^✓/)
})

t.test('a signal ends it', async t => {
  const terminated = async (): Promise<void> => undefined
  t.match(await watch([going], { settled: null, interval: 3600 }, { terminated }), /^… detach/)
})

t.test('what is missing is said before anything is asked', async t => {
  const { given } = surroundings()
  const of = { directory: '.', kubeconfig: null, seedKubeconfig: null, namespace: 'sower' }
  for (const [clusters, message] of [
    [[], /no cluster is named/],
    [['No'], /No is not a valid cluster name/],
    [['sno1'], /--kubeconfig: no hub is named/],
  ] as const)
    await t.rejects(composeWatch(given, { ...of, clusters }), { code: 'ARGUMENT_INVALID', message })
})
