import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { inClusterKubeconfig } from '../../../src/adapters/kubernetes/in-cluster-kubeconfig.ts'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

const key = { apiVersion: 'v1', kind: 'Namespace', name: 'sower' }

void t.test('a pod reaches its hub with a token that is replaced while it lives', async t => {
  const { authority, server } = await startApi(t)
  const directory = temporaryDirectory(t)
  const token = join(directory, 'token')
  writeFileSync(join(directory, 'ca.crt'), authority.certificate)
  const { port } = new URL(server.url)
  const environment = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port }
  t.equal(inClusterKubeconfig(environment, directory), undefined, 'there is no token yet')
  writeFileSync(token, `${server.newToken('admin')}\n`)
  t.equal(inClusterKubeconfig({}, directory), undefined, 'a person is not in a pod')

  const kubeconfig = inClusterKubeconfig(environment, directory) ?? ''
  const cluster = kubernetesCluster(kubeconfig, { credentials: 'any' })
  t.match(await cluster.read(key), { seen: 'present' })
  const next = server.newToken('admin')
  t.same(await cluster.read(key), { seen: 'unknown', why: 'forbidden' }, 'the old one has ended')
  writeFileSync(token, next)
  t.match(await cluster.read(key), { seen: 'present' })

  t.throws(() => kubernetesCluster(kubeconfig), { code: 'ACCESS_MISSING', message: /token/ })
  rmSync(token)
  t.throws(() => kubernetesCluster(kubeconfig, { credentials: 'any' }), {
    code: 'ACCESS_MISSING',
    message: /tokenFile cannot be read/,
  })
})

void t.test('a token file wins over a token, and IPv6 addresses stand in brackets', async t => {
  const directory = temporaryDirectory(t)
  writeFileSync(join(directory, 'token'), 'x')
  const kubeconfig = inClusterKubeconfig({ KUBERNETES_SERVICE_HOST: 'fd00::1' }, directory) ?? ''
  t.match(kubeconfig, /server: https:\/\/\[fd00::1\]:443\n/)
  const config = parse(kubeconfig) as { users: [{ user: object }] }
  config.users[0].user = { ...config.users[0].user, token: 'inline' }
  t.ok(kubernetesCluster(stringify(config), { credentials: 'any' }))
})
