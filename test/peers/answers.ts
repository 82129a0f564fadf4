import type { Test } from 'tap'
import { askAs, withToken } from '../support/peers/peer.ts'
import { at, inNamespace, told, type PeerScene } from '../support/peers/peer-scene.ts'

const mergePatch = 'application/merge-patch+json'

/** What any API server answers, as far as Sower and its tests rely on it. */
export const answersAsItShould = async (t: Test, scene: PeerScene): Promise<void> => {
  const { admin, make, namespace } = scene

  await t.test('an object that is not there, and a kind that is not served', async t => {
    const configMaps = inNamespace('v1', await namespace(), 'configmaps')
    t.strictSame(told(await admin('/apis/nothing.example/v1/things')), {
      ...{ code: 404, text: '404 page not found\n' },
    })
    t.strictSame(told(await admin(`${configMaps}/a`)), {
      ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 404 },
      ...{ message: 'configmaps "a" not found', reason: 'NotFound' },
      details: { name: 'a', kind: 'configmaps' },
    })
    const elsewhere = inNamespace('v1', 'nowhere', 'configmaps')
    t.match(told(await admin(elsewhere)), { code: 200, items: [] })
    t.match(told(await admin(elsewhere, { method: 'POST', body: { metadata: { name: 'a' } } })), {
      ...{ code: 404, reason: 'NotFound', message: 'namespaces "nowhere" not found' },
      details: { name: 'nowhere', kind: 'namespaces' },
    })
    t.strictSame(told(await admin('/readyz')), { code: 200, text: 'ok' })
  })

  await t.test('a wrong token is 401, and who may nothing is told what is denied', async t => {
    const where = await namespace()
    const wrong = askAs(withToken(await scene.peer.kubeconfig('admin'), 'wrong'))
    t.match(told(await wrong('/api/v1/namespaces')), {
      ...{ kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
    })
    const stranger = await scene.as('stranger')
    const denied = async (path: string, question = {}) => {
      const { code, reason, message, details } = told(await stranger(path, question))
      return { code, reason, message, details }
    }
    const no = { code: 403, reason: 'Forbidden' }
    t.strictSame(await denied(`${inNamespace('v1', where, 'secrets')}/x`), {
      ...no,
      message: `secrets "x" is forbidden: User "stranger" cannot get resource "secrets" in API group "" in the namespace "${where}"`,
      details: { name: 'x', kind: 'secrets' },
    })
    t.strictSame(await denied('/api/v1/secrets'), {
      ...no,
      message:
        'secrets is forbidden: User "stranger" cannot list resource "secrets" in API group "" at the cluster scope',
      details: { kind: 'secrets' },
    })
    t.strictSame(await denied(`/api/v1/namespaces/${where}`), {
      ...no,
      message: `namespaces "${where}" is forbidden: User "stranger" cannot get resource "namespaces" in API group "" in the namespace "${where}"`,
      details: { name: where, kind: 'namespaces' },
    })
    t.strictSame(await denied(inNamespace('nothing.example/v1', where, 'things')), {
      ...no,
      message: `things.nothing.example is forbidden: User "stranger" cannot list resource "things" in API group "nothing.example" in the namespace "${where}"`,
      details: { group: 'nothing.example', kind: 'things' },
    })
    t.match(
      await denied(inNamespace('v1', where, 'secrets'), {
        ...{ method: 'POST', body: { metadata: { name: 'x' } } },
      }),
      {
        ...no,
        message: /^secrets is forbidden: User "stranger" cannot create resource "secrets" /,
      },
    )
  })

  await t.test('one of two writers is refused, and a deletion names what it means', async t => {
    const configMaps = inNamespace('v1', await namespace(), 'configmaps')
    const first = await make(configMaps, { metadata: { name: 'a' }, data: { x: '1' } })
    t.notOk(at(first, 'metadata', 'generation'), 'a ConfigMap counts no generations')
    const again = { method: 'POST', body: { metadata: { name: 'a' } } }
    t.match(told(await admin(configMaps, again)), {
      ...{ code: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' },
      details: { name: 'a', kind: 'configmaps' },
    })
    const put = (body: unknown) => admin(`${configMaps}/a`, { method: 'PUT', body })
    t.match(told(await put({ ...first, data: { x: '2' } })), { code: 200, data: { x: '2' } })
    t.match(told(await put({ ...first, data: { x: '3' } })), {
      ...{ code: 409, reason: 'Conflict' },
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'a', kind: 'configmaps' },
    })
    const other = { name: 'a', uid: 'another' }
    t.match(told(await put({ metadata: other })), {
      ...{
        code: 409,
        reason: 'Conflict',
        message: /Precondition failed: UID in precondition: another/,
      },
    })
    t.match(
      told(await admin(`${configMaps}/b`, { method: 'PUT', body: { metadata: { name: 'b' } } })),
      {
        ...{ code: 404, reason: 'NotFound' },
      },
    )
    const remove = (preconditions: object) =>
      admin(`${configMaps}/a`, { method: 'DELETE', body: { preconditions } })
    const { uid, resourceVersion } = (await admin(`${configMaps}/a`)).body['metadata'] as {
      uid: string
      resourceVersion: string
    }
    t.match(told(await remove({ uid: 'another' })), {
      ...{ code: 409, reason: 'Conflict' },
      message: `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (another) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      details: { name: 'a', kind: 'ConfigMap' },
    })
    t.match(told(await remove({ resourceVersion: '1' })), {
      code: 409,
      message: `Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    })
    t.match(told(await remove({ uid })), {
      ...{ kind: 'Status', code: 200, status: 'Success' },
      details: { name: 'a', kind: 'configmaps', uid },
    })
  })

  await t.test('lists in pages, selects, and tries without keeping', async t => {
    const configMaps = inNamespace('v1', await namespace(), 'configmaps')
    for (const name of ['a', 'b', 'c'])
      await make(configMaps, { metadata: { name, labels: { l: name } } })
    const names = (body: unknown) =>
      (at(body, 'items') as object[]).map(item => at(item, 'metadata', 'name'))
    const first = (await admin(`${configMaps}?limit=2`)).body
    t.match(first, { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { remainingItemCount: 1 } })
    t.strictSame(names(first), ['a', 'b'])
    t.strictSame(
      (at(first, 'items') as object[]).map(item => at(item, 'kind')),
      [undefined, undefined],
    )
    const token = encodeURIComponent(String(at(first, 'metadata', 'continue')))
    const { body: second } = await admin(`${configMaps}?limit=2&continue=${token}`)
    t.strictSame(names(second), ['c'])
    t.notOk(at(second, 'metadata', 'continue'))
    const select = async (query: string) => names((await admin(`${configMaps}?${query}`)).body)
    t.strictSame(await select('labelSelector=l%20in%20(a,c),!m'), ['a', 'c'])
    t.strictSame(await select('fieldSelector=metadata.name%3Db'), ['b'])
    const tried = await admin(`${configMaps}?dryRun=All`, {
      ...{ method: 'POST', body: { metadata: { name: 'd' } } },
    })
    t.match(told(tried), { code: 201, metadata: { name: 'd', uid: String } })
    t.equal((await admin(`${configMaps}/d`)).code, 404)
  })

  await t.test('takes the kinds of patches that a kind knows, and no others', async t => {
    const configMaps = inNamespace('v1', await namespace(), 'configmaps')
    await make(configMaps, { metadata: { name: 'a' }, data: { x: '1', y: '1' } })
    const patch = (type: string, body: unknown) =>
      admin(`${configMaps}/a`, { method: 'PATCH', type, body })
    t.match(told(await patch(mergePatch, { data: { x: null, z: '1' } })), {
      data: { x: undefined, y: '1', z: '1' },
    })
    const operations = [
      { op: 'test', path: '/data/y', value: '1' },
      { op: 'replace', path: '/data/y', value: '2' },
    ]
    const jsonPatch = 'application/json-patch+json'
    t.match(told(await patch(jsonPatch, operations)), { code: 200, data: { y: '2' } })
    t.match(told(await patch(jsonPatch, operations)), { code: 422, reason: 'Invalid' })
    t.match(told(await patch('application/json', {})), {
      ...{ code: 415, reason: 'UnsupportedMediaType' },
      message: '415: Unsupported Media Type',
    })
    t.match(told(await admin(`${configMaps}/a`, { method: 'POST', body: {} })), {
      ...{ code: 405, reason: 'MethodNotAllowed' },
      message: 'the server does not allow this method on the requested resource',
    })
  })

  await t.test('applies for several managers, and names who holds what', async t => {
    const configMaps = inNamespace('v1', await namespace(), 'configmaps')
    const apply = (manager: string, data: object, more = '') =>
      admin(`${configMaps}/a?fieldManager=${manager}${more}`, {
        ...{ method: 'PATCH', type: 'application/apply-patch+yaml' },
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data },
      })
    t.match(told(await apply('one', { a: '1', b: '1' })), { code: 201 })
    t.strictSame((await apply('two', { c: '1' })).body['data'], { a: '1', b: '1', c: '1' })
    t.strictSame((await apply('one', { a: '1' })).body['data'], { a: '1', c: '1' })
    t.match(told(await apply('one', { c: '2' })), {
      ...{ code: 409, reason: 'Conflict' },
      message: 'Apply failed with 1 conflict: conflict with "two": .data.c',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "two"', field: '.data.c' },
        ],
      },
    })
    const patched = { method: 'PATCH', type: mergePatch, body: { data: { d: '1', e: '1' } } }
    await admin(`${configMaps}/a`, patched)
    t.match(told(await apply('one', { d: '2' })), {
      message: 'Apply failed with 1 conflict: conflict with "peer" using v1: .data.d',
    })
    t.match(told(await apply('one', { d: '2', e: '2' })), {
      message:
        'Apply failed with 2 conflicts: conflicts with "peer" using v1:\n- .data.d\n- .data.e',
    })
    const forced = (await apply('one', { c: '2' }, '&force=true')).body
    t.strictSame(forced['data'], { c: '2', d: '1', e: '1' })
    const again = (await apply('one', { c: '2' })).body
    t.equal(at(again, 'metadata', 'resourceVersion'), at(forced, 'metadata', 'resourceVersion'))
    t.match(told(await apply('', { c: '3' })), { message: /fieldManager: Required value/ })
  })

  await t.test('refuses Secrets that it cannot decode, and a change of what is fixed', async t => {
    const secrets = inNamespace('v1', await namespace(), 'secrets')
    const post = async (more: object) =>
      told(await admin(secrets, { method: 'POST', body: { metadata: { name: 's' }, ...more } }))
    const cannot = 'Secret in version "v1" cannot be handled as a Secret:'
    t.match(await post({ data: { a: 'n!!!' } }), {
      ...{ code: 400, message: `${cannot} illegal base64 data at input byte 1` },
    })
    t.match(await post({ data: { a: 'abc' } }), { code: 400 })
    t.match(await post({ stringData: { a: true } }), {
      code: 400,
      message: `${cannot} json: cannot unmarshal bool into Go struct field Secret.stringData of type string`,
    })
    t.match(await post({ stringData: { 'a b': 'c' } }), {
      code: 422,
      message: /^Secret "s" is invalid: data\[a b\]: Invalid value: "a b": a valid config key must/,
    })
    t.match(await post({ type: 'kubernetes.io/dockerconfigjson', data: { a: 'YQ==' } }), {
      code: 422,
      message: 'Secret "s" is invalid: data[.dockerconfigjson]: Required value',
    })
    t.match(await post({ metadata: { name: 'A_b' } }), {
      code: 422,
      message:
        /^Secret "A_b" is invalid: metadata\.name: Invalid value: "A_b": a lowercase RFC 1123/,
    })
    t.match(await post({ data: { a: 'YQ==' }, immutable: true }), { type: 'Opaque' })
    const patch = async (body: object) =>
      told(await admin(`${secrets}/s`, { method: 'PATCH', type: mergePatch, body }))
    t.match(await patch({ type: 'other' }), {
      code: 422,
      message: 'Secret "s" is invalid: type: Invalid value: "other": field is immutable',
    })
    t.match(await patch({ data: { a: 'Yg==' } }), {
      ...{ code: 422, message: /data: Forbidden: field is immutable when `immutable` is set/ },
    })
  })
}
