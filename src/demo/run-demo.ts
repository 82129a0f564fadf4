import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isDirectory } from '../adapters/files/is-directory.ts'
import { openFolder } from '../adapters/files/open-folder.ts'
import { runGit } from '../adapters/git/run-git.ts'
import type { Surroundings } from '../surroundings.ts'
import { FailedError } from '../errors.ts'
import { startSandbox } from '../sandbox/start-sandbox.ts'
import type { Demo } from './demo.ts'
import { emitInOrder } from './emit-in-order.ts'
import { playRun, type Ended } from './play-run.ts'
import { prepareHub } from './prepare-hub.ts'

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
  adopt: {
    cluster: 'seed-sno1',
    askBy: 'command line',
    hasWebhook: true,
    managed: 4,
    changed: { '  - clusterinstance-seed-sno1.yaml': '  #- clusterinstance-seed-sno1.yaml' },
  },
} as const
export type Scenario = keyof typeof scenarios

/** The sandbox's time against ours, which the bot lives in. */
export const speed = 180
const repository = 'example/ztp'
const version = '4.18.5'
const tokens = { ada: 'sandbox-token-of-ada', bot: 'sandbox-token-of-sower' }

/** Reads the files that a demo takes from the checkout beside the built program. Throws FailedError DEMO_FAILED. */
const filesOf = ({
  home,
}: Surroundings): Readonly<{ roles: readonly string[]; example: string }> => {
  const inCheckout = (...path: readonly string[]): string => {
    const directory = join(home, '..', ...path)
    if (isDirectory(directory)) return directory
    throw new FailedError('DEMO_FAILED', `preparing the demo: there is no ${directory}`, {
      fix: 'run it in a checkout of Sower, with `npm run demo`',
    })
  }
  return {
    roles: [
      inCheckout('manifests', 'crd'),
      inCheckout('manifests', 'base'),
      inCheckout('manifests', 'overlays', 'example'),
    ],
    example: inCheckout('examples', 'ztp'),
  }
}

/** Plays one scenario to its end and returns how the run ended. Throws FailedError DEMO_FAILED. */
export const runDemo = async ({
  surroundings,
  scenario,
  directory,
  emit: tell,
}: Pick<Demo, 'surroundings' | 'directory' | 'emit'> &
  Readonly<{ scenario: Scenario }>): Promise<Ended> => {
  const { roles, example } = filesOf(surroundings)
  const { PATH: path = '', SOWER_KUSTOMIZE: kustomize } = surroundings.environment
  const told: string[] = []
  const { emit, emitLater, done } = emitInOrder(tell)
  const demo: Demo = {
    hasTold: act => told.some(message => act.test(message)),
    surroundings,
    ...scenarios[scenario],
    directory,
    emit,
    program: join(surroundings.home, 'sower.js'),
    environment: { PATH: path, ...(kustomize === undefined ? {} : { SOWER_KUSTOMIZE: kustomize }) },
    version,
    tokens,
    credential: { username: 'pusher', password: `push-${randomBytes(18).toString('base64url')}` },
  }
  emit({ event: 'start', scenario, cluster: demo.cluster, directory, speed })
  const sandbox = await startSandbox({
    directory,
    repository,
    accounts: [
      { login: 'ada', type: 'User', token: tokens.ada, permission: 'write' },
      { login: 'sower[bot]', type: 'Bot', token: tokens.bot, permission: 'write' },
    ],
    seeds: { 'seed-sno1': version, 'seed-sno5': version },
    credential: demo.credential,
    speed,
    roles,
    plugin: [surroundings.node, demo.program, 'generate', '.'],
    environment: demo.environment,
    tell: (actor, message, details) => {
      told.push(message)
      emit({ event: 'act', actor, message, ...(details === undefined ? {} : { details }) })
    },
    onPush: commits => {
      for (const { branch, sha, parents, author, subject } of commits)
        emitLater(
          diffOf(demo, sha, parents).then(diff => ({
            ...{ event: 'commit', branch, sha, parents, author, subject, diff },
          })),
        )
    },
  })
  try {
    const person = await prepareHub(demo, sandbox, example)
    if (demo.isProtected) sandbox.gitHub.protect(['main'])
    return await playRun(demo, sandbox, person)
  } finally {
    openFolder(directory).write(
      'github-requests.jsonl',
      sandbox.gitHub.requests.map(request => `${JSON.stringify(request)}\n`).join(''),
    )
    await sandbox.stop()
    await done()
  }
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Shows what a commit changes against its first parent, as `git diff` prints it. */
const diffOf = async (
  { directory, environment }: Demo,
  sha: string,
  parents: readonly string[],
): Promise<string> => {
  const place = { directory: join(directory, 'github', `${repository}.git`), environment }
  const words = ['diff', '--no-color', '--no-ext-diff', parents[0] ?? emptyTree, sha, '--']
  return (await runGit(place, words)).toString()
}
