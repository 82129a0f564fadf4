import '../../../src/cli/commands/access/register-access-command.ts'
import '../../../src/cli/commands/access/save-access-command.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test('saves the access to a seed on the hub, once it is proven to be that seed', async t => {
  const cwd = temporaryDirectory(t)
  const [hub, seed] = [await startApi(t), await startApi(t, seedResources)]
  const hubConfig = await hub.server.kubeconfig('admin')
  const seedConfig = await seed.server.kubeconfig('admin')
  const save = (cluster: string, kubeconfig: string, ...more: readonly string[]) => {
    writeFileSync(join(cwd, 'hub'), hubConfig)
    writeFileSync(join(cwd, 'seed'), kubeconfig)
    const words = ['access', 'save', '--kubeconfig', 'hub', '--seed-kubeconfig', 'seed', cluster]
    return runInProcess([...words, ...more], { cwd })
  }
  const saved = () =>
    hub.store.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'sower', name: 'sno1-access' })

  t.match(await save('SNO1', seedConfig), { exitCode: 2, stderr: /not a valid cluster name/ })
  const program = seedConfig.replace(/( +)client-certificate-data:.*/, '$1exec: { command: x }')
  for (const other of [program, seedConfig.replace('client-key-data', 'token')])
    t.match(await save('sno1', other), { exitCode: 3, stderr: /ACCESS_MISSING/ })
  seed.store.create({
    ...{ apiVersion: 'config.openshift.io/v1', kind: 'Infrastructure' },
    ...{ metadata: { name: 'cluster' } },
    status: { apiServerURL: 'https://api.sno1.example.com:6443' },
  })
  t.match(await save('sno2', seedConfig), {
    exitCode: 3,
    stderr: /saving the access to sno2: the kubeconfig leads to the cluster sno1/,
  })
  t.equal(saved(), undefined)

  const done = await save('sno1', seedConfig)
  t.match(done, { exitCode: 0, stdout: /^saved the access to sno1 in Secret sower\/sno1-access/ })
  t.match(saved(), {
    metadata: { labels: { 'sower.dev/cluster': 'sno1' } },
    data: { kubeconfig: Buffer.from(seedConfig).toString('base64') },
  })
  t.match(JSON.parse((await save('sno1', seedConfig, '-o', 'json')).stdout), {
    ...{ kind: 'SavedAccess', cluster: 'sno1', namespace: 'sower', secret: 'sno1-access' },
  })
  const key = /client-key-data: "?(\S{40})/.exec(seedConfig)?.[1] ?? 'none'
  t.notMatch(`${done.stdout}${done.stderr}`, key)

  await seed.server.close()
  t.match(await save('sno1', seedConfig), { exitCode: 75, stderr: /CLUSTER_UNAVAILABLE/ })
})
