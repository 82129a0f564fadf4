import '../../../src/cli/commands/forget/forget-command.ts'
import '../../../src/cli/commands/forget/register-forget-command.ts'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { seedRunStore } from '../../../src/adapters/kubernetes/seed-run-store.ts'
import { seedRunDefinition } from '../../../src/core/run/seed-run-definition.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { fileRunStore } from '../../../src/adapters/files/file-run-store.ts'
import { aRun } from '../../support/run/run-scene.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test(
  'deletes the kept access once the run has ended, and says for how long it was kept',
  async t => {
    const cwd = temporaryDirectory(t)
    const hub = await startApi(t)
    writeFileSync(join(cwd, 'hub'), await hub.server.kubeconfig('admin'))
    const key = { apiVersion: 'v1', kind: 'Secret', namespace: 'sower', name: 'sno1-access' }
    const { name, namespace } = key
    hub.store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } })
    const runs = fileRunStore(join(cwd, 'data', 'runs'))
    await runs.create(aRun('Generating'))
    const forget = (...words: readonly string[]) =>
      runInProcess(['forget', '--kubeconfig', 'hub', ...words], { cwd })
    t.match(await forget('--data', 'data', 'SNO1'), { exitCode: 2 })
    t.match(await forget('--context', 'lab', 'sno1'), {
      exitCode: 2,
      stderr: /the kubeconfig has no context lab .*\n +name one of its contexts: \w/,
    })
    t.match(await forget('--data', 'none', 'sno1'), { exitCode: 2, stderr: /it holds no runs/ })
    t.match(await forget('--data', 'data', 'sno1'), { exitCode: 3, stderr: /RUN_UNDER_WAY/ })
    t.ok(hub.store.get(key))

    const accessSince = new Date(Date.now() - 3 * 3600 * 1000 - 60_000).toISOString()
    const [kept] = await runs.list()
    await runs.replace({ ...aRun('Failed', { facts: { accessSince } }), version: kept!.version })
    t.match(await forget('--data', 'data', 'sno1'), {
      exitCode: 0,
      stdout: /^deleted the access to sno1, which was kept for 3h 1m\n$/,
    })
    t.equal(hub.store.get(key), undefined)
    t.match(await forget('--data', 'data', 'sno1'), {
      exitCode: 0,
      stdout: 'no access to sno1 is saved in namespace sower\n',
    })
    t.match(await forget('--data', 'data', 'sno1', '-o', 'yaml'), {
      exitCode: 0,
      stdout: /^kind: ForgottenAccess\ncluster: sno1\nnamespace: sower\nwasThere: false\nsince: /m,
    })
    hub.store.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } })
    t.match(await forget('sno1'), { stderr: /SeedRun sower\/sno1/ }, 'nobody knows of its run')
    t.ok(hub.store.get(key))
    hub.store.create(parseObject(seedRunDefinition()))
    const configuration = configurationOf(loadKubeconfig(await hub.server.kubeconfig('admin')))
    const seedRuns = seedRunStore(configuration, { namespace })
    await seedRuns.create(aRun('Requested'))
    t.match(await forget('sno1'), { exitCode: 3, stderr: /RUN_UNDER_WAY/ })
    t.ok(hub.store.get(key))
    await seedRuns.replace({ ...(await seedRuns.get('sno1'))!, phase: 'Cancelled' })
    t.match(await forget('sno1'), { exitCode: 0, stdout: 'deleted the access to sno1\n' })
    t.equal(hub.store.get(key), undefined)
  },
)
