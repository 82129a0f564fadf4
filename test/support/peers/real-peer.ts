import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import type { ServedRequest } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../directory-with.ts'
import { freePort } from '../free-port.ts'
import { whileWeLive } from '../while-we-live.ts'
import { askAs, type Peer } from './peer.ts'

const assets = process.env['KUBEBUILDER_ASSETS'] ?? ''

/** What tap's `skip` takes: false, or the line that says what is not here. */
export const skipped =
  !['etcd', 'kube-apiserver'].every(name => assets !== '' && existsSync(join(assets, name))) &&
  'not here: KUBEBUILDER_ASSETS names no directory with etcd (3.5 or later) and kube-apiserver'

type Process = Readonly<{ kill: () => Promise<void>; hasEnded: () => boolean; said: () => string }>

const start = (t: Pick<Test, 'teardown'>, ...command: readonly string[]): Process => {
  const [file, ...rest] = whileWeLive(...command)
  const child = spawn(file, rest, {
    env: { PATH: process.env['PATH'] ?? '' },
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  const lines: string[] = []
  let isOver = false
  createInterface(child.stderr).on('line', line => {
    lines.push(line)
    if (lines.length > 50) lines.shift()
  })
  child.once('close', () => {
    isOver = true
  })
  const kill = async (): Promise<void> => {
    // The watchdog kills the whole group once nobody can write to it.
    child.stdin.end()
    await ended
  }
  t.teardown(kill)
  return { kill, hasEnded: () => isOver, said: () => lines.join('\n') }
}

/** A real API server, which tells who has asked for what. */
export type RealPeer = Peer & Readonly<{ requests: () => readonly ServedRequest[] }>

// Every request, once, when it is answered.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{ level: Metadata }]
`

type Audited = Readonly<{
  auditID: string
  verb: string
  requestURI: string
  user: Readonly<{ username: string }>
  responseStatus?: Readonly<{ code?: number }>
}>

const requestsIn = (log: string): readonly ServedRequest[] => {
  const lines = log.split('\n').filter(line => line.endsWith('}'))
  const audited = new Map(
    lines.map(line => {
      const event = JSON.parse(line) as Audited
      return [event.auditID, event] as const
    }),
  )
  return [...audited.values()].map(({ verb, requestURI, user, responseStatus }) => ({
    ...{ user: user.username, verb, status: responseStatus?.code ?? 0 },
    path: requestURI.replace(/\?.*/, ''),
  }))
}

/**
 * Starts etcd and kube-apiserver on loopback, with certificates of their own and RBAC, as envtest does: no controllers,
 * so that no namespace is ever gone and nothing is collected. They end with the test.
 */
export const startRealPeer = async (t: Pick<Test, 'teardown'>): Promise<RealPeer> => {
  const authority = await createAuthority({ name: 'real' })
  const serving = await authority.issueServer({ hosts: ['127.0.0.1', 'localhost'] })
  const tokens = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const directory = directoryWith(t, {
    'ca.pem': authority.certificate,
    'audit.yaml': auditPolicy,
    'server.pem': serving.certificate,
    'server-key.pem': serving.key,
    'tokens.pem': tokens.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'tokens-public.pem': tokens.publicKey.export({ type: 'spki', format: 'pem' }),
  })
  const [client, peers, port] = [await freePort(), await freePort(), await freePort()]
  const file = (name: string): string => join(directory, name)
  const [url, etcdUrl] = [`https://127.0.0.1:${port}`, `http://127.0.0.1:${client}`]
  const etcd = start(
    t,
    join(assets, 'etcd'),
    `--data-dir=${file('etcd')}`,
    ...[`--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`],
    `--listen-peer-urls=http://127.0.0.1:${peers}`,
    ...['--unsafe-no-fsync', '--log-level=warn'],
  )
  const serve = (): Process =>
    start(
      t,
      join(assets, 'kube-apiserver'),
      ...[`--etcd-servers=${etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${port}`],
      `--tls-cert-file=${file('server.pem')}`,
      `--tls-private-key-file=${file('server-key.pem')}`,
      ...[`--client-ca-file=${file('ca.pem')}`, '--authorization-mode=RBAC'],
      `--service-account-issuer=${url}`,
      `--service-account-key-file=${file('tokens-public.pem')}`,
      `--service-account-signing-key-file=${file('tokens.pem')}`,
      // No controller gives pods their service accounts here.
      '--disable-admission-plugins=ServiceAccount',
      ...[`--audit-policy-file=${file('audit.yaml')}`, `--audit-log-path=${file('audit.log')}`],
      ...['--service-cluster-ip-range=10.0.0.0/24', '--allow-privileged=true'],
    )
  const kubeconfig = async (user: string): Promise<string> =>
    kubeconfigOf({
      ...{ url, authority, name: 'real' },
      client: await authority.issueClient({
        commonName: user,
        organizations: user === 'admin' ? ['system:masters'] : [],
      }),
    })
  const admin = askAs(await kubeconfig('admin'))
  const ready = async (server: Process): Promise<void> => {
    for (;;) {
      const answer = await admin('/readyz').catch(() => undefined)
      if (answer?.code === 200) return
      if (server.hasEnded() || etcd.hasEnded())
        throw new Error(`the real API server ended:\n${etcd.said()}\n${server.said()}`)
      await pause(200)
    }
  }
  let server = serve()
  await ready(server)
  return {
    kubeconfig,
    bookmarkAfter: 5,
    requests: () => requestsIn(readFileSync(file('audit.log'), 'utf8')),
    tokenOf: async (namespace, name) => {
      const { code, body, text } = await admin(
        `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
        {
          method: 'POST',
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
        },
      )
      if (code !== 201) throw new Error(`no token of ${namespace}/${name}: ${text}`)
      return (body['status'] as { token: string }).token
    },
    restart: async () => {
      await server.kill()
      server = serve()
      await ready(server)
    },
  }
}
