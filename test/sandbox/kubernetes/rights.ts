import t from 'tap'
import { grant } from '../../support/sandbox/grant.ts'
import {
  admin,
  api,
  at,
  authority,
  type Body,
  failure,
  namespace,
  raw,
  server,
  store,
  type Written,
  written,
} from '../../support/sandbox/kubernetes-scene.ts'

t.test('lets a user do what the rules allow, and answers the rest with 403', async t => {
  const client = await authority.issueClient({ commonName: 'sower' })
  const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }
  grant(store, {
    user: 'sower',
    namespace: 'sower',
    rules: [{ ...rule, resourceNames: ['allowed'] }],
  })
  const secret = { metadata: { name: 'allowed', namespace: 'sower' }, stringData: { k: 'v' } }
  await api('/api/v1/namespaces/sower/secrets', { method: 'POST', body: secret })
  t.match(await api('/api/v1/namespaces/sower/secrets/allowed', { client }), {
    data: { k: 'dg==' },
  })
  t.match(await api('/api/v1/namespaces/y/secrets/x', { client }), {
    code: 403,
    reason: 'Forbidden',
    message:
      'secrets "x" is forbidden: User "sower" cannot get resource "secrets" in API group "" in the namespace "y"',
    details: { name: 'x', kind: 'secrets' },
  })
  t.match(await api('/api/v1/secrets', { client }), {
    message:
      'secrets is forbidden: User "sower" cannot list resource "secrets" in API group "" at the cluster scope',
  })
  const named = '/api/v1/namespaces/sower/secrets?fieldSelector=metadata.name%3Dallowed'
  t.match(await api(named, { client }), { kind: 'SecretList', items: [{ data: { k: 'dg==' } }] })
  const review = async (verb: string): Promise<unknown> => {
    const resourceAttributes = { verb, resource: 'secrets', namespace: 'sower', name: 'allowed' }
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    const answer = await api(path, {
      method: 'POST',
      client,
      body: { spec: { resourceAttributes } },
    })
    return at(answer, 'status', 'allowed')
  }
  t.same([await review('get'), await review('delete')], [true, false])
  t.match(server.requests.at(-1), { user: 'sower', verb: 'create', status: 201 })
  t.match(
    await api('/apis/nothing.example/v1/namespaces/y/things/x', { client }),
    {
      code: 403,
      message:
        'things.nothing.example "x" is forbidden: User "sower" cannot get resource "things" in API group "nothing.example" in the namespace "y"',
    },
    'RBAC is asked before the server looks for the kind',
  )
})

t.test(
  'reads rights from the objects that are there, so a Role goes with its namespace',
  async t => {
    const reader = await authority.issueClient({ commonName: 'system:serviceaccount:sower:reader' })
    const path = '/api/v1/namespaces/seed/configmaps'
    const code = async (): Promise<number> => (await raw(path, { client: reader })).code
    await admin.create(namespace('seed'))
    t.equal(await code(), 403)
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' }
    const place = { name: 'reader', namespace: 'seed' }
    const rule = { apiGroups: [''], resources: ['configmaps'], verbs: ['*'] }
    await admin.create(written({ ...rbac, kind: 'Role', metadata: place, rules: [rule] }))
    const subjects = [{ kind: 'ServiceAccount', name: 'reader', namespace: 'sower' }]
    const roleRef = { kind: 'Role', name: 'reader' }
    await admin.create(
      written({ ...rbac, kind: 'RoleBinding', metadata: place, roleRef, subjects }),
    )
    t.equal(await code(), 200)
    await admin.delete(namespace('seed'))
    await admin.create(namespace('seed'))
    t.equal(await code(), 403)
  },
)

t.test(
  'refuses what the schema of a kind does not take, and drops what it does not know',
  async t => {
    const of = (kind: string, apiVersion: string, spec: unknown, place: Body = {}): Written =>
      written({ apiVersion, kind, metadata: { name: 'seedimage', ...place }, spec })
    const generator = (spec: unknown) => of('SeedGenerator', 'lca.openshift.io/v1', spec)
    const typed = 'spec.seedImage: Invalid value: "integer": spec.seedImage in body must be of type'
    for (const [object, message] of [
      [
        generator({ seedImage: 7 }),
        `SeedGenerator.lca.openshift.io "seedimage" is invalid: ${typed} string: "integer"`,
      ],
      [
        generator({ seedImage: '' }),
        /should be at least 1 chars long, spec.seedImage: .* should match/,
      ],
      [
        of('SealedSecret', 'bitnami.com/v1alpha1', {}, { namespace: 'sower' }),
        /is invalid: spec.encryptedData: Required value$/,
      ],
      [
        of('SealedSecret', 'bitnami.com/v1alpha1', undefined, { namespace: 'sower' }),
        /is invalid: spec: Required value$/,
      ],
      [
        of(
          'ClusterInstance',
          'siteconfig.open-cluster-management.io/v1alpha1',
          { clusterName: 'a', clusterType: 'Tiny', nodes: [{ hostName: 'h' }], templateRefs: {} },
          { namespace: 'sower' },
        ),
        /\[spec.baseDomain: Required value, .*spec.clusterType: Unsupported value: "Tiny": supported values: "SNO", .*spec.nodes\[0\].bmcAddress: Required value/,
      ],
    ] as const)
      t.match(await failure(admin.create(object)), { code: 422, reason: 'Invalid', message })
    const seed = await admin.create(generator({ seedImage: 'a/b:c', seedImages: ['d'] }))
    t.same(at(seed, 'spec'), { seedImage: 'a/b:c' })
    await admin.delete(generator({}))
  },
)
