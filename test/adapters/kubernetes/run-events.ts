import t from 'tap'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { runEvents } from '../../../src/adapters/kubernetes/run-events.ts'
import { startApi } from '../../support/sandbox/start-api.ts'

// What an API server takes of it is tried in test/peers, on a real one too.
t.test('an event that may not be written says which run it was about', async t => {
  const { server } = await startApi(t)
  const configuration = configurationOf(loadKubeconfig(await server.kubeconfig('stranger')))
  const write = runEvents(configuration, {
    ...{ namespace: 'sower', identity: 'pod-1_uuid', now: () => new Date(0) },
  })
  await t.rejects(write('sno1', { type: 'Normal', reason: 'Detaching', note: 'a' }), {
    ...{ code: 'OBJECT_REFUSED', message: /SeedRun sower\/sno1/ },
  })
})
