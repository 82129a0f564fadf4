import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Demo } from '../../../src/demo/demo.ts'
import { prepareHub } from '../../../src/demo/prepare-hub.ts'
import type { Person } from '../../../src/demo/person.ts'
import {
  startSandbox,
  type Sandbox,
  type SandboxOptions,
} from '../../../src/sandbox/start-sandbox.ts'
import { freePort } from '../free-port.ts'
import { tlsFront } from '../sandbox/tls-front.ts'
import { home, program, shell, temporaryDirectory } from '../run-sower.ts'

const secret = 'webhook-secret-0123456789'
const credential = { username: 'pusher', password: 'push-0123456789abcdef' }

/** The sandbox of examples/ztp, a person, and the words for bots that keep their runs on its hub. */
export type DemoHub = Readonly<{
  directory: string
  secrets: string
  sandbox: Sandbox
  person: Person
  /** The words for one more bot, with a data directory of its own; GitHub's webhook goes to the last one asked for. */
  wordsFor: (bot: string) => Promise<readonly string[]>
  /** Lets GitHub deliver to another address, with the secret that the bots know. */
  deliverTo: (url: string) => void
  /** Frees the Lease, as if the half minute had passed in which another bot waits for a silent one. */
  freeLease: () => void
}>

/** Starts the sandbox for a run of one cluster. It stops with the test. */
export const startDemoHub = async (
  t: Test,
  cluster: string,
  options: Pick<SandboxOptions, 'tell' | 'onPush'>,
): Promise<DemoHub> => {
  const directory = temporaryDirectory(t)
  const sandbox = await startSandbox({
    ...{ directory, repository: 'example/ztp', credential, speed: 120, ...options },
    accounts: [
      { login: 'ada', type: 'User', token: 'token-of-ada', permission: 'write' },
      { login: 'sower[bot]', type: 'Bot', token: 'token-of-sower', permission: 'write' },
    ],
    seeds: { 'seed-sno1': '4.18.5', [cluster]: '4.18.5' },
    roles: ['crd', 'base', 'overlays/example'].map(part => join(home, 'manifests', part)),
    plugin: ['/usr/bin/env', '-u', 'NODE_OPTIONS', process.execPath, program, 'generate', '.'],
    environment: shell(),
  })
  t.teardown(sandbox.stop)
  const demo: Demo = {
    surroundings: {
      ...{ environment: shell(), directory, isTerminal: false, columns: 100 },
      ...{ print: () => undefined, report: () => undefined },
      terminated: () => new Promise(() => undefined),
      ...{ home: join(home, 'dist'), node: process.execPath },
    },
    ...{ cluster, askBy: 'comment', hasWebhook: true, directory, program, credential },
    ...{ emit: () => undefined, hasTold: () => false, environment: shell(), version: '4.18.5' },
    tokens: { ada: 'token-of-ada', bot: 'token-of-sower' },
    app: null,
  }
  const person = await prepareHub(demo, sandbox, join(home, 'examples', 'ztp'))
  const secrets = join(directory, 'secrets')
  mkdirSync(secrets)
  const file = (name: string, content: string): string => {
    writeFileSync(join(secrets, name), content, { mode: 0o600 })
    return join(secrets, name)
  }
  // All that the bot asks is behind TLS, each with a private authority of its own.
  const [gitHub, argocd] = await Promise.all([
    tlsFront(t, sandbox.gitHub.url),
    tlsFront(t, sandbox.argocd.url),
  ])
  const registryCa = sandbox.registry.certificateAuthority
  const authorities = [gitHub.authority, argocd.authority, registryCa]
  file('registry-ca.pem', registryCa)
  const deliverTo = (url: string): void => {
    sandbox.gitHub.setWebhook({ url, secret })
  }
  const wordsFor = async (bot: string): Promise<readonly string[]> => {
    const address = `127.0.0.1:${await freePort()}`
    deliverTo(`http://${address}/webhook`)
    return Object.entries({
      '--repository': 'example/ztp',
      '--token-file': file('token', 'token-of-sower'),
      '--webhook-secret-file': file('webhook-secret', secret),
      '--kubeconfig': file('hub.kubeconfig', sandbox.hubKubeconfig),
      '--runs': 'hub',
      '--data': join(directory, bot),
      '--api-url': gitHub.url,
      '--git-url': `${gitHub.url}/example/ztp.git`,
      '--listen': address,
      ...{ '--poll-interval': '1', '--recheck-interval': '1' },
      '--ca-file': file('authorities.pem', authorities.join('\n')),
      '--argocd-url': argocd.url,
      '--argocd-token-file': file('argocd-token', sandbox.argocd.token),
      '--log-level': 'debug',
    }).flat()
  }
  const freeLease = (): void => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'sower' }
    sandbox.hub.change({ ...lease, namespace: 'sower' }, object => {
      object['spec'] = { ...(object['spec'] as object), holderIdentity: '' }
    })
  }
  return { directory, secrets, sandbox, person, wordsFor, deliverTo, freeLease }
}
