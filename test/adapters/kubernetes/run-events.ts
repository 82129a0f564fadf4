import t from 'tap'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { runEvents } from '../../../src/adapters/kubernetes/run-events.ts'
import { seedRunStore } from '../../../src/adapters/kubernetes/seed-run-store.ts'
import { seedRunDefinition } from '../../../src/core/run/seed-run-definition.ts'
import { parseObject } from '../../../src/sandbox/kubernetes/requests/parse-object.ts'
import { startApi } from '../../support/sandbox/start-api.ts'
import { aRun } from '../../support/run/run-scene.ts'

t.test(
  'an event is about the SeedRun with its uid, and keeps to the limits of Kubernetes',
  async t => {
    const { store, server } = await startApi(t)
    store.create(parseObject(seedRunDefinition()))
    const writeAs = async (user: string, identity = 'pod-1_uuid') => {
      const configuration = configurationOf(loadKubeconfig(await server.kubeconfig(user)))
      const options = { namespace: 'sower', identity, now: () => new Date(0) }
      await seedRunStore(configuration, options)
        .create(aRun('Requested'))
        .catch(() => false)
      return runEvents(configuration, options)
    }
    const write = await writeAs('admin', 'p'.repeat(200))
    const event = { type: 'Normal', reason: 'Detaching', note: 'Proposed → Detaching' } as const
    await write('sno1', event)
    await write('sno1', { ...event, note: 'n'.repeat(2000) })
    const run = store.get({
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun', name: 'sno1', namespace: 'sower' },
    })
    const events = store.list({ apiVersion: 'events.k8s.io/v1', kind: 'Event' })
    t.equal(events.length, 2, 'each has a name of its own')
    t.match(events[0], {
      ...event,
      action: 'Detaching',
      eventTime: '1970-01-01T00:00:00.000000Z',
      regarding: { kind: 'SeedRun', name: 'sno1', namespace: 'sower', uid: run?.metadata.uid },
    })
    t.equal(String(events[0]?.['reportingInstance']).length, 128)
    t.equal(String(events[1]?.['note']).length, 1024)
    await t.rejects(write('other', event), { code: 'OBJECT_REFUSED' })
    const forbidden = await writeAs('stranger')
    await t.rejects(forbidden('sno1', event), {
      code: 'OBJECT_REFUSED',
      message: /SeedRun sower\/sno1/,
    })
  },
)
