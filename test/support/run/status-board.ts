import type { Board } from '../../../src/core/status-page/status-page.ts'
import type { ShownRun } from '../../../src/core/status-page/run-section.ts'
import { waiting } from '../../../src/core/waiting/waiting.ts'
import { aRun, at, type Change } from './run-scene.ts'
import type { Run } from '../../../src/core/run/run.ts'

const named = (name: string, phase: Run['phase'], change: Change = {}): Run => {
  const run = aRun(phase, change)
  return {
    ...run,
    name,
    request: { ...run.request, cluster: name, image: `registry.example.com/ibu/${name}:4.18.5` },
  }
}
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`

/** A board with runs in several phases, one of them blocked. */
export const board: Board = {
  ...{ now: at(3_900), webUrl: 'https://github.com/example/site', isActing: true },
  lookedAt: at(3_898),
  runs: [
    {
      run: named('seed-sno1', 'Detaching', {
        blocked: {
          ...{ code: 'DETACH_SLOW', since: at(3_000) },
          reason: 'ManagedCluster seed-sno1 is still there after 30 minutes: its finalizer waits',
          fix: 'look at the klusterlet on the seed, then comment /seed retry',
        },
      }),
      tree: waiting('seed-sno1', 'stuck', {
        parts: [
          waiting('Application clusters-site-a', 'gone'),
          waiting('ManagedCluster seed-sno1', 'stuck', {
            ...{ since: at(600), why: 'its finalizer cluster-api-cleanup waits' },
            next: 'oc get managedcluster seed-sno1 -o yaml',
          }),
          waiting('Namespace seed-sno1', 'going', { since: at(900), why: 'it is terminating' }),
        ],
      }),
    },
    {
      run: named('seed-sno2', 'Generating', {
        since: at(1_800),
        facts: { lastMessage: 'Launching imager container', digestBefore: digest('a') },
      }),
      tree: null,
    },
    { run: named('seed-sno3', 'Proposed'), tree: null },
    { run: named('seed-sno4', 'Completed', { facts: { digest: digest('b') } }), tree: null },
    { run: named('seed-sno5', 'Failed', { since: at(30) }), tree: null },
  ],
}

const attack = '<script>alert(1)</script><b onload="alert(1)">\u202E'

/** Runs in which every text of others is an attack. */
export const hostile: readonly ShownRun[] = (['Detaching', 'Completed'] as const).map(phase => {
  const run = named(attack, phase, {
    blocked: { code: 'DETACH_SLOW', reason: attack, fix: attack, since: attack },
    facts: {
      ...{ mergedAs: attack, generatorAs: attack, lastMessage: attack },
      ...{ digest: attack, digestBefore: attack },
    },
    since: attack,
  })
  return {
    run: { ...run, request: { ...run.request, by: attack, image: attack } },
    tree: waiting(attack, 'stuck', { why: attack, next: attack, since: attack }),
  }
})
