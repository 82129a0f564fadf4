import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isDirectory } from '../adapters/files/is-directory.ts'
import { openFolder } from '../adapters/files/open-folder.ts'
import { runGit } from '../adapters/git/run-git.ts'
import type { Surroundings } from '../surroundings.ts'
import { FailedError } from '../errors.ts'
import { startSandbox, type Sandbox } from '../sandbox/start-sandbox.ts'
import type { Demo } from './demo.ts'
import { emitInOrder } from './emit-in-order.ts'
import type { Person } from './person.ts'
import { playRun, type Ended } from './play-run.ts'

/** The sandbox's time against ours, which the bot lives in. */
export const speed = 180
const repository = 'example/ztp'
const tokens = { ada: 'sandbox-token-of-ada', bot: 'sandbox-token-of-sower' }

/** A story: who asks for which image, on which hub. */
export type Scene = Pick<Demo, 'surroundings' | 'directory' | 'emit' | 'version'> &
  Partial<Demo> &
  Pick<Demo, 'cluster' | 'askBy' | 'hasWebhook'> &
  Readonly<{
    scenario: string
    /** The clusters that have an API. */
    seeds: readonly string[]
    /** A directory with the bot's rights to its seeds. */
    rights: string
    /** Makes the repository and the hub before the story begins. */
    prepare: (demo: Demo, sandbox: Sandbox) => Promise<Person>
    /** Looks on when the story has ended, also where it failed. */
    beforeStop?: (sandbox: Sandbox) => void
  }>

/** Finds a directory of the checkout beside the built program. Throws FailedError DEMO_FAILED. */
export const inCheckout = ({ home }: Surroundings, ...path: readonly string[]): string => {
  const directory = join(home, '..', ...path)
  if (isDirectory(directory)) return directory
  throw new FailedError('DEMO_FAILED', `preparing the demo: there is no ${directory}`, {
    fix: 'run it in a checkout of Sower, with `npm run demo`',
  })
}

/** Plays one run in a simulated world to its end and returns how it ended. Throws FailedError DEMO_FAILED. */
export const runOnSandbox = async ({
  scenario,
  seeds,
  rights,
  prepare,
  beforeStop,
  emit: tell,
  ...scene
}: Scene): Promise<Ended> => {
  const { surroundings, directory, version } = scene
  const roles = [
    inCheckout(surroundings, 'manifests', 'crd'),
    inCheckout(surroundings, 'manifests', 'base'),
    rights,
  ]
  const { PATH: path = '', SOWER_KUSTOMIZE: kustomize } = surroundings.environment
  const told: string[] = []
  const { emit, emitLater, done } = emitInOrder(tell)
  const demo: Demo = {
    hasTold: act => told.some(message => act.test(message)),
    ...scene,
    emit,
    program: join(surroundings.home, 'sower.js'),
    environment: { PATH: path, ...(kustomize === undefined ? {} : { SOWER_KUSTOMIZE: kustomize }) },
    tokens,
    app: scene.isApp === true ? { id: '123456', ...newKey() } : null,
    credential: { username: 'pusher', password: `push-${randomBytes(18).toString('base64url')}` },
  }
  emit({ event: 'start', scenario, cluster: demo.cluster, directory, speed })
  const sandbox = await startSandbox({
    directory,
    repository,
    accounts: [
      { login: 'ada', type: 'User', token: tokens.ada, permission: 'write' },
      {
        ...{ login: 'sower[bot]', type: 'Bot', token: tokens.bot, permission: 'write' },
        ...(demo.app === null ? {} : { app: demo.app }),
      },
    ],
    seeds: Object.fromEntries(seeds.map(name => [name, version])),
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
    const person = await prepare(demo, sandbox)
    if (demo.isProtected) sandbox.gitHub.protect(['main'])
    return await playRun(demo, sandbox, person)
  } finally {
    beforeStop?.(sandbox)
    openFolder(directory).write(
      'github-requests.jsonl',
      sandbox.gitHub.requests.map(request => `${JSON.stringify(request)}\n`).join(''),
    )
    await sandbox.stop()
    await done()
  }
}

const newKey = (): Omit<NonNullable<Demo['app']>, 'id'> =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

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
