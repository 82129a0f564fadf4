import t, { type Test } from 'tap'
import { configurationOf } from '../../../src/adapters/kubernetes/configuration-of.ts'
import { leaseLeadership } from '../../../src/adapters/kubernetes/lease-leadership.ts'
import { loadKubeconfig } from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { startApi } from '../../support/sandbox/start-api.ts'

const key = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  name: 'sower',
  namespace: 'sower',
}

/** A hub, and bots that each have a clock of their own, in seconds. */
const start = async (t: Test) => {
  const { store, server } = await startApi(t)
  const configuration = configurationOf(loadKubeconfig(await server.kubeconfig('admin')))
  const bot = (identity: string) => {
    const own = { seconds: 0 }
    const options = { namespace: 'sower', identity, now: () => new Date(own.seconds * 1000) }
    const leadership = leaseLeadership(configuration, {
      ...options,
      monotonic: () => own.seconds * 1000,
    })
    return { ...leadership, own }
  }
  return { store, server, bot, holder: () => store.get(key)?.['spec'] }
}

void t.test(
  'one of two bots leads, and the other does once it is silent for long enough',
  async t => {
    const { bot, holder } = await start(t)
    const [a, b] = [bot('a'), bot('b')]
    t.notOk(a.holds(), 'before it has asked')
    await a.renew()
    await b.renew()
    t.strictSame([a.holds(), b.holds()], [true, false])
    t.match(holder(), { holderIdentity: 'a', leaseDurationSeconds: 30, leaseTransitions: 1 })
    t.match(holder(), { renewTime: '1970-01-01T00:00:00.000000Z' })
    b.own.seconds = 25
    a.own.seconds = 19
    await a.renew()
    await b.renew()
    b.own.seconds = 54
    await b.renew()
    t.strictSame([a.holds(), b.holds()], [true, false], 'it has changed 29 seconds ago')
    b.own.seconds = 56
    await b.renew()
    t.ok(b.holds())
    t.match(holder(), { holderIdentity: 'b', leaseTransitions: 2 })
    a.own.seconds = 40
    t.notOk(a.holds(), 'a frozen bot knows by its own clock that it leads no more')
    await a.renew()
    t.notOk(a.holds())
  },
)

void t.test('a hub that gives no answer lets the leadership run out', async t => {
  const { bot, server } = await start(t)
  const a = bot('a')
  await a.renew()
  await server.setAvailable(false)
  a.own.seconds = 10
  await a.renew()
  t.ok(a.holds(), 'for as long as nobody else can have it')
  a.own.seconds = 21
  await a.renew()
  t.notOk(a.holds())
  await a.release()
})
