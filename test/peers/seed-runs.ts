import type { Test } from 'tap'
import { seedRunStore } from '../../src/adapters/kubernetes/seed-run-store.ts'
import { seedRunDefinition } from '../../src/core/run/seed-run-definition.ts'
import { specOf, statusOf } from '../../src/core/run/seed-run-fields.ts'
import { at, inNamespace, told, type Body, type PeerScene } from '../support/peers/peer-scene.ts'
import { keepsToContract } from '../support/run/run-store-contract.ts'
import { aRun, at as moment, blockedBy, order } from '../support/run/run-scene.ts'

const api = 'sower.dev/v1alpha1'
const mergePatch = 'application/merge-patch+json'

/** What SeedRuns keep to in an API: the lock, compare-and-swap, the two writers, the size, the rules. */
export const seedRunsKeepRuns = async (t: Test, scene: PeerScene): Promise<void> => {
  const { admin, namespace } = scene
  await scene.define(seedRunDefinition())
  const open = async () => {
    const where = await namespace()
    const told: (readonly [string, string])[] = []
    const connect = async (user: string) =>
      seedRunStore(await scene.configuration(user), {
        ...{ namespace: where, unreadable: (run, reason) => told.push([run, reason]) },
      })
    const path = inNamespace(api, where, 'seedruns')
    return { where, path, connect, told, runs: await connect('admin') }
  }

  await t.test('SeedRuns keep runs', t =>
    keepsToContract(t, async () => {
      const { connect } = await open()
      const views = await Promise.all([1, 2, 3, 4].map(() => connect('admin')))
      let next = 0
      return () => views[next++ % views.length]!
    }),
  )

  await t.test('a SeedRun has the request as its spec and all else as its status', async t => {
    const { path, runs } = await open()
    await runs.create(aRun('Requested'))
    const sneaked = { ...aSeedRun('sno2'), status: { phase: 'Completed' } }
    t.match(told(await admin(path, { method: 'POST', body: sneaked })), {
      ...{ code: 201, status: undefined, metadata: { generation: 1 } },
    })
    const begun = (await runs.get('sno1'))!
    const next = await runs.replace({ ...begun, phase: 'Proposed', since: moment(5) })
    const { body } = await admin(`${path}/sno1`)
    t.match(body, {
      ...{ spec: specOf(begun), status: statusOf(next) as Body },
      metadata: { resourceVersion: next.version, generation: 1 },
    })
    const same = await runs.replace(next)
    t.equal(same.version, next.version, 'what is there already is not written again')
    const aside = await admin(`${path}/sno1`, {
      ...{ method: 'PATCH', type: mergePatch, body: { status: { phase: 'Completed' } } },
    })
    t.match(told(aside), { code: 200, status: { phase: 'Proposed' } })
    t.equal(at(aside.body, 'metadata', 'resourceVersion'), next.version, 'nothing has changed')
    const managers = at(body, 'metadata', 'managedFields') as Body[]
    t.strictSame(
      managers.map(({ manager, operation, subresource }) => [manager, operation, subresource]),
      [
        ['sower', 'Update', undefined],
        ['sower', 'Update', 'status'],
      ],
    )
  })

  await t.test('the rules of the definition hold, whoever writes', async t => {
    const { path, runs } = await open()
    const post = async (body: object) => told(await admin(path, { method: 'POST', body }))
    const refused = (message: string | RegExp) => ({ code: 422, reason: 'Invalid', message })
    t.match(
      await post({ ...aSeedRun('sno1'), metadata: { name: 'other' } }),
      refused(
        'SeedRun.sower.dev "other" is invalid: <nil>: Invalid value: "object": a SeedRun is named after its cluster: creating it is the lock',
      ),
    )
    const run = aSeedRun('sno1')
    t.match(
      await post({ ...run, spec: { ...run.spec, pullRequest: 0 } }),
      refused(
        'SeedRun.sower.dev "sno1" is invalid: spec.pullRequest: Invalid value: 0: spec.pullRequest in body should be greater than or equal to 1',
      ),
    )
    t.match(
      await post({ ...run, spec: { ...run.spec, pullRequest: 'seven' } }),
      refused(/spec\.pullRequest in body must be of type integer: "string"/),
    )
    t.match(
      await post({ ...run, spec: { ...run.spec, image: 'i'.repeat(513) } }),
      refused(/spec\.image: Too long: may not be more than 512 bytes/),
    )
    t.match(
      await post({ ...run, spec: { ...run.spec, image: undefined } }),
      refused(/spec\.image: Required value/),
    )
    t.match(
      await post({ apiVersion: api, kind: 'SeedRun', metadata: { name: 'sno1' } }),
      refused(
        'SeedRun.sower.dev "sno1" is invalid: [spec: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
      ),
    )
    t.match(await post({ apiVersion: api, metadata: { name: 'sno1' } }), {
      ...{ code: 400, message: /^the object provided is unrecognized .*Object 'Kind' is missing/ },
    })
    t.match(await post({ kind: 'SeedRun', metadata: { name: 'sno1' } }), {
      code: 400,
      message:
        'the API version in the data () does not match the expected API version (sower.dev/v1alpha1)',
    })
    const odd = { ...run, spec: { ...run.spec, unknown: 1 }, more: 2 }
    const kept = await post(odd)
    t.match(kept, { code: 201, more: undefined, spec: { unknown: undefined } })
    t.notOk('more' in kept || 'unknown' in (kept['spec'] as object), 'what is unknown is dropped')

    const patch = async (body: object, of = '') =>
      told(await admin(`${path}/sno1${of}`, { method: 'PATCH', type: mergePatch, body }))
    t.match(
      await patch({ spec: { image: 'other:1' } }),
      refused(/the request of a run that is under way cannot change/),
      'a run that has just begun',
    )
    const begun = (await runs.get('sno1'))!
    const next = await runs.replace({ ...begun, phase: 'Proposed' })
    t.match(
      await patch({ spec: { image: 'other:1' } }),
      refused(/the request of a run that is under way cannot change/),
    )
    const strategic = 'application/strategic-merge-patch+json'
    t.match(told(await admin(`${path}/sno1`, { method: 'PATCH', type: strategic, body: {} })), {
      code: 415,
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    })
    t.match(
      await patch({ status: { phase: 'Baking' } }, '/status'),
      refused(
        /status\.phase: Unsupported value: "Baking": supported values: "Requested", "Proposed"/,
      ),
    )
    t.match(
      await patch(
        { status: { orders: Array.from({ length: 101 }, () => order('abort')) } },
        '/status',
      ),
      refused(/status\.orders: Too many: 101: must have at most 100 items/),
    )
    await runs.replace({ ...next, phase: 'Cancelled' })
    t.match(await patch({ spec: { image: 'other:1' } }), { code: 200, spec: { image: 'other:1' } })
  })

  await t.test('the longest run there can be is taken, and shorter than etcd allows', async t => {
    const { runs, path } = await open()
    await runs.create(aRun('Requested'))
    const long = '😀'.repeat(5000)
    const version = { name: 'ü'.repeat(512), version: 'ü'.repeat(512) }
    const begun = (await runs.get('sno1'))!
    const next = await runs.replace({
      ...aRun('CleaningUp', {
        blocked: { ...blockedBy('DETACH_SLOW')!, reason: long, fix: long },
        orders: Array.from({ length: 200 }, () => order('retry')),
        facts: {
          lastMessage: long,
          versions: { openshift: '4', lifecycleAgent: '4', operators: Array(100).fill(version) },
        },
      }),
      version: begun.version,
    })
    t.equal((await runs.get('sno1'))?.version, next.version)
    const { text } = await admin(`${path}/sno1`)
    t.ok(Buffer.byteLength(text) < 1_000_000)
    t.notOk(text.includes('�') || /\\ud[89ab]/i.test(text), 'no character is cut in half')
  })

  await t.test('a SeedRun of a version that is not known keeps its cluster locked', async t => {
    const { runs, path, told: unreadable } = await open()
    const later = JSON.parse(
      JSON.stringify(seedRunDefinition()).replace('"Requested",', '"Baking","Requested",'),
    ) as unknown
    await scene.define(later)
    await runs.create(aRun('Requested'))
    const { request } = aRun('Requested')
    const second = { name: 'sno2', request: { ...request, cluster: 'sno2' } }
    await runs.create(aRun('Requested', second))
    const run = await runs.replace({ ...(await runs.get('sno1'))!, phase: 'Proposed' })
    const baking = { method: 'PATCH', type: mergePatch, body: { status: { phase: 'Baking' } } }
    // A definition counts a moment after it is changed.
    for (let code = 0; code !== 200;) ({ code } = await admin(`${path}/sno1/status`, baking))
    await scene.define(seedRunDefinition())
    for (let code = 0; code !== 422;)
      ({ code } = await admin(`${path}/sno2/status`, {
        ...baking,
        body: { status: { ...(statusOf(run) as Body), phase: 'Baking' } },
      }))
    await t.rejects(runs.get('sno1'), {
      code: 'RUN_UNREADABLE',
      message: /SeedRun .*\/sno1: phase/,
    })
    t.match(await runs.list(), [{ name: 'sno2' }])
    t.match(unreadable, [['sno1', /SeedRun .*\/sno1: phase/]])
    t.equal(await runs.create(run), false)
  })
}

const aSeedRun = (name: string) => ({
  ...{ apiVersion: api, kind: 'SeedRun', metadata: { name } },
  spec: { ...specOf(aRun('Requested')), cluster: name },
})
