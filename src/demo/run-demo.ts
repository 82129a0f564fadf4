import type { Demo } from './demo.ts'
import type { Ended } from './play-run.ts'
import { prepareHub } from './prepare-hub.ts'
import { inCheckout, runOnSandbox } from './run-on-sandbox.ts'

/** The stories: which cluster each is about, and how it is asked for. */
export const scenarios = {
  run: { cluster: 'seed-sno1', askBy: 'label', hasWebhook: true },
  'last-cluster': { cluster: 'seed-sno5', askBy: 'comment', hasWebhook: true },
  'no-webhook': { cluster: 'seed-sno1', askBy: 'label', hasWebhook: false },
  foreground: { cluster: 'seed-sno1', askBy: 'label', hasWebhook: false, isForeground: true },
  'protected-base': {
    cluster: 'seed-sno1',
    askBy: 'label',
    hasWebhook: true,
    isProtected: true,
    changed: { 'commit: push': 'commit: pull-request' },
  },
  app: { cluster: 'seed-sno1', askBy: 'label', hasWebhook: true, isApp: true },
  adopt: {
    cluster: 'seed-sno1',
    askBy: 'command line',
    hasWebhook: true,
    managed: 4,
    changed: { '  - clusterinstance-seed-sno1.yaml': '  #- clusterinstance-seed-sno1.yaml' },
  },
} as const
export type Scenario = keyof typeof scenarios

/** Plays one scenario to its end and returns how the run ended. Throws FailedError DEMO_FAILED. */
export const runDemo = async ({
  scenario,
  ...given
}: Pick<Demo, 'surroundings' | 'directory' | 'emit'> &
  Readonly<{ scenario: Scenario }>): Promise<Ended> => {
  const rights = inCheckout(given.surroundings, 'manifests', 'overlays', 'example')
  const example = inCheckout(given.surroundings, 'examples', 'ztp')
  return runOnSandbox({
    ...{ ...scenarios[scenario], ...given, scenario, rights, version: '4.18.5' },
    seeds: ['seed-sno1', 'seed-sno5'],
    prepare: (demo, sandbox) => prepareHub(demo, sandbox, example),
  })
}
