import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { composeHub } from '../../../src/bot/hub/compose-hub.ts'
import { hubOptions } from '../../../src/bot/hub/hub-options.ts'
import { leadAlone } from '../../../src/bot/hub/lead-alone.ts'
import { createAuthority, kubeconfigOf } from '../../../src/sandbox/kubernetes/authority.ts'
import { aRun } from '../../support/run/run-scene.ts'
import { temporaryDirectory } from '../../support/run-sower.ts'

t.test('runs are kept on the hub for a bot that runs there, else in files', async t => {
  const authority = await createAuthority({ name: 'hub' })
  const client = await authority.issueClient({ commonName: 'sower' })
  const kubeconfig = kubeconfigOf({ url: 'https://127.0.0.1:1', authority, client, name: 'hub' })
  const data = temporaryDirectory(t)
  const concealed: string[] = []
  const around = {
    ...{ environment: {}, data, read: () => kubeconfig, now: () => new Date(0) },
    conceal: (secret: string) => void concealed.push(secret),
    unreadable: () => undefined,
  }
  const given = { kubeconfig: 'hub', namespace: 'sower', runs: undefined }
  const outside = composeHub(given, around)
  t.notOk(existsSync(join(data, 'runs')), 'nothing is written before the directory is held')
  t.ok(concealed.some(secret => client.key.includes(secret) || secret.includes(client.key)))
  const files = outside.openRuns()
  t.ok(files.leadership.holds(), 'who holds the directory acts')
  t.ok(await files.runs.create(aRun('Requested')))
  t.strictSame(readdirSync(join(data, 'runs')), ['sno1.json'])

  const hub = composeHub({ ...given, runs: 'hub' }, around).openRuns()
  await hub.leadership.renew()
  t.notOk(hub.leadership.holds(), 'a hub that gives no answer lets nobody act')
  await t.rejects(hub.runs.list(), { code: 'CLUSTER_UNAVAILABLE' })

  t.throws(() => composeHub({ ...given, context: 'lab' }, around), {
    ...{ code: 'ARGUMENT_INVALID', message: /the kubeconfig has no context lab$/ },
  })
  t.throws(() => composeHub({ ...given, kubeconfig: undefined }, around), {
    ...{ code: 'ARGUMENT_INVALID', message: /not a pod with a service account/, exitCode: 2 },
  })
})

t.test('an empty name of a context or namespace is none', t => {
  for (const name of ['context', 'namespace', 'kubeconfig'] as const)
    t.notOk(hubOptions[name].safeParse('').success, name)
  t.ok(hubOptions.runs.safeParse('hub').success)
  t.end()
})

t.test('who is alone leads, and need not ask', async t => {
  await leadAlone.renew()
  await leadAlone.release()
  t.ok(leadAlone.holds())
})
