import type { Test } from 'tap'
import { leaseLeadership } from '../../src/adapters/kubernetes/lease-leadership.ts'
import { runEvents } from '../../src/adapters/kubernetes/run-events.ts'
import { seedRunStore } from '../../src/adapters/kubernetes/seed-run-store.ts'
import { at, inNamespace, told, type Body, type PeerScene } from '../support/peers/peer-scene.ts'
import { aRun } from '../support/run/run-scene.ts'

/** Leadership by a Lease, and Events about runs, as an API takes them. The definition of SeedRun is there already. */
export const leaseAndEventsAreTaken = async (t: Test, scene: PeerScene): Promise<void> => {
  const { admin, namespace } = scene

  /** Bots of one namespace that each have a clock of their own, in seconds. */
  const bots = async () => {
    const where = await namespace()
    const configuration = await scene.configuration('admin')
    const path = `${inNamespace('coordination.k8s.io/v1', where, 'leases')}/sower`
    const bot = (identity: string) => {
      const own = { seconds: 0 }
      const leadership = leaseLeadership(configuration, {
        ...{ namespace: where, identity, now: () => new Date(own.seconds * 1000) },
        monotonic: () => own.seconds * 1000,
      })
      return { ...leadership, own }
    }
    return { bot, path, holder: async () => (await admin(path)).body['spec'] }
  }

  await t.test('one of two bots leads, and the other does once it is silent', async t => {
    const { bot, holder, path } = await bots()
    const [a, b] = [bot('a'), bot('b')]
    await a.renew()
    await b.renew()
    t.strictSame([a.holds(), b.holds()], [true, false])
    t.match(await holder(), {
      ...{ holderIdentity: 'a', leaseDurationSeconds: 30, leaseTransitions: 1 },
      ...{ acquireTime: '1970-01-01T00:00:00.000000Z', renewTime: '1970-01-01T00:00:00.000000Z' },
    })
    a.own.seconds = 19
    await a.renew()
    t.match(await holder(), { renewTime: '1970-01-01T00:00:19.000000Z' })
    await b.renew()
    b.own.seconds = 31
    await b.renew()
    t.strictSame([a.holds(), b.holds()], [true, true], 'b now; a for as long as its clock says')
    a.own.seconds = 40
    t.notOk(a.holds())
    await a.renew()
    t.notOk(a.holds())
    t.match(await holder(), { holderIdentity: 'b', leaseTransitions: 2 })
    const lease = (await admin(path)).body
    t.strictSame(
      (at(lease, 'metadata', 'managedFields') as Body[]).map(({ manager }) => manager),
      ['sower'],
    )
    t.notOk(at(lease, 'metadata', 'generation'), 'a Lease counts no generations')
  })

  await t.test('a lease that is given back is free at once, and of many one gets it', async t => {
    const { bot, holder } = await bots()
    const all = ['a', 'b', 'c', 'd'].map(bot)
    await Promise.all(all.map(each => each.renew()))
    const leaders = all.filter(each => each.holds())
    t.equal(leaders.length, 1)
    const next = all.find(each => each !== leaders[0])
    await next?.release()
    t.match(await holder(), { holderIdentity: /^[abcd]$/ }, 'only its holder gives it back')
    await leaders[0]?.release()
    t.notOk(leaders[0]?.holds())
    t.match(await holder(), { holderIdentity: '' })
    await next?.renew()
    t.ok(next?.holds())
  })

  await t.test('a Lease is replaced in the version that was read, or not at all', async t => {
    const { bot, path } = await bots()
    const a = bot('a')
    await a.renew()
    const { body: before } = await admin(path)
    a.own.seconds = 1
    await a.renew()
    const put = async (body: unknown) => told(await admin(path, { method: 'PUT', body }))
    t.match(await put(before), { code: 409, reason: 'Conflict' })
    const metadata = { ...(before['metadata'] as Body), resourceVersion: undefined }
    t.match(await put({ ...before, metadata }), {
      code: 422,
      message: /metadata\.resourceVersion: Invalid value: .*: must be specified for an update/,
    })
  })

  await t.test('an event is about the SeedRun, and within what Kubernetes takes', async t => {
    const where = await namespace()
    const configuration = await scene.configuration('admin')
    const runs = seedRunStore(configuration, { namespace: where })
    await runs.create(aRun('Requested'))
    const write = runEvents(configuration, {
      ...{ namespace: where, identity: 'ü'.repeat(200), now: () => new Date(0) },
    })
    const event = { type: 'Normal', reason: 'Detaching', note: 'Proposed → Detaching' } as const
    await write('sno1', event)
    await write('sno1', { ...event, note: '→'.repeat(2000) })
    await write('sno1', { ...event, note: `${'n'.repeat(1022)}😀😀` })
    const { body: run } = await admin(
      `${inNamespace('sower.dev/v1alpha1', where, 'seedruns')}/sno1`,
    )
    const { body } = await admin(inNamespace('events.k8s.io/v1', where, 'events'))
    const events = body['items'] as Body[]
    t.equal(events.length, 3, 'each has a name of its own')
    t.match(
      events.find(({ note }) => note === event.note),
      {
        ...event,
        ...{ action: 'Detaching', eventTime: '1970-01-01T00:00:00.000000Z' },
        regarding: {
          kind: 'SeedRun',
          name: 'sno1',
          namespace: where,
          uid: at(run, 'metadata', 'uid'),
        },
      },
    )
    for (const { note, reportingInstance } of events) {
      t.ok(Buffer.byteLength(String(note)) <= 1024)
      t.ok(Buffer.byteLength(String(reportingInstance)) <= 128)
      t.notMatch(`${String(note)}${String(reportingInstance)}`, /�/)
    }
    await t.rejects(write('other', event), { code: 'OBJECT_REFUSED' })
  })
}
