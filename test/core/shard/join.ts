import t from 'tap'
import { joinRenders } from '../../../src/core/shard/join-renders.ts'
import { legacyOrder } from '../../../src/core/shard/legacy-order.ts'
import { mayRefer, referringKindIn } from '../../../src/core/shard/may-refer.ts'
import { renderedIdentity } from '../../../src/core/shard/rendered-identity.ts'

const object = (kind: string, name: string, namespace = '', apiVersion = 'v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${namespace && `  namespace: ${namespace}\n`}`
const plain = { hasGenerators: false }
const cr = 'siteconfig.open-cluster-management.io/v1alpha1'

t.test('puts the objects of all shards into the order of one build', t => {
  const [namespace, secret, one, other] = [
    object('Namespace', 'b'),
    object('Secret', 'p', 'b'),
    object('ClusterInstance', 'a', 'x', cr),
    object('ClusterInstance', 'a', 'xy', cr),
  ]
  const webhooks = 'admissionregistration.example.com/v1'
  const [sorted] = [object('AgentA', 'z', '', webhooks)]
  t.strictSame(
    joinRenders([`${secret}---\n${one}`, '', `${namespace}---\n${other}`, sorted], plain),
    {
      // In namespaces: `xy|` is before `x|`.
      render: [namespace, secret, sorted, other, one].join('---\n'),
      reason: null,
    },
  )
  t.strictSame(joinRenders([], plain), { render: '', reason: null })
  // By the square of its length such a version would take hours.
  const long = object('A', 'a', '', `p${'.o'.repeat(500_000)}`)
  t.strictSame(joinRenders([long], plain), { render: long, reason: null })
  t.end()
})

t.test('joins nothing that one build might have refused or changed', t => {
  const reasonOf = (hasGenerators: boolean, ...renders: readonly string[]): string | null =>
    joinRenders(renders, { hasGenerators }).reason
  const twice = /may be in it twice$/
  const [map, generated] = [
    object('ConfigMap', 'x-f5g7h2kmtb'),
    object('ConfigMap', 'x-hhgt77kmtb'),
  ]
  t.match(reasonOf(false, object('Secret', 'a'), object('Secret', 'a', 'default')), twice)
  t.match(reasonOf(false, object('Namespace', 'a'), object('Namespace', 'a', 'b')), twice)
  t.match(reasonOf(false, object('Foo', 'a', 'b', cr), object('Foo', 'a', 'b', cr)), twice)
  t.match(
    reasonOf(false, object('Foo', 'a', 'b', 'x.k8s.io/v1'), object('Foo', 'a', '', 'x.k8s.io/v1')),
    twice,
  )
  t.equal(reasonOf(false, object('Foo', 'a', 'b', cr), object('Foo', 'a', 'c', cr)), null)
  t.equal(reasonOf(false, object('Secret', 'a', 'b'), object('Secret', 'a', 'c')), null)
  t.equal(reasonOf(false, map, generated), null)
  t.match(reasonOf(true, map, generated), twice)
  t.match(reasonOf(true, map, object('ConfigMap', 'x')), twice)
  t.equal(reasonOf(true, object('Foo', 'x-f5g7h2kmtb', '', cr), object('Foo', 'x', '', cr)), null)
  t.match(reasonOf(false, object('Deployment', 'd', '', 'apps/v1')), /^Deployment d may refer/)
  t.match(reasonOf(false, object('Namespace', 'd', '', cr)), /not of the core group$/)
  t.match(reasonOf(false, `${object('Secret', 'b')}---\n${object('Secret', 'a')}`), /another order/)
  t.match(reasonOf(false, object('Secret', '"a b"')), /a name that is not plain$/)
  t.end()
})

t.test('reads an identity only where its four lines are beyond doubt', t => {
  const identity = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: 'b' }
  t.strictSame(
    renderedIdentity(
      'apiVersion: v1\ndata:\n  name: no\nkind: Secret\nmetadata:\n  annotations:\n    name: no\n\n  name: a\n  namespace: b\ntype: Opaque\n',
    ),
    identity,
  )
  t.match(renderedIdentity(object('Secret', '"0"', "'1'")), { name: '0', namespace: '1' })
  for (const text of [
    '',
    object('Odd_Kind', 'a'),
    object('Secret', 'a', '', 'v_1'),
    object('Secret', ''),
    object('Secret', 'é'),
    object('Secret', '"a\\x41"'),
    object('Secret', 'a', '- b'),
    `${object('Secret', 'a')}  name: b\n`,
    `${object('Secret', 'a')}kind: Secret\n`,
    `${object('Secret', 'a')}x: 1\nmetadata:\n  name: b\n`,
    'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
  ])
    t.equal(renderedIdentity(text), null, text)
  t.end()
})

t.test('orders as kustomize does: place of the kind, group, version, kind, namespace, name', t => {
  const order = (kind: string, name: string, namespace: string, apiVersion: string): string =>
    legacyOrder({ apiVersion, kind, name, namespace })
  const sorted = [
    order('Namespace', 'z', '', 'v1'),
    order('PodDisruptionBudget', 'a', 'a', 'policy/v1'),
    order('Foo', 'a', 'ab', 'a.io/v1'),
    order('Foo', 'b', 'a', 'a.io/v1'),
    order('Foo', 'a', '', 'a.io/v1'),
    order('FooBar', 'a', 'a', 'a.io/v1'),
    order('Pod', 'a', 'a', 'v1'),
    order('MutatingWebhookConfiguration', 'a', '', 'a/v1'),
    order('ValidatingWebhookConfiguration', 'a', '', 'a/v1'),
  ]
  t.strictSame([...sorted].sort(), sorted)
  t.end()
})

t.test('takes a Service for one that refers to others in no core group', t => {
  t.notOk(mayRefer('v1', 'Service'))
  t.ok(mayRefer('serving.knative.dev/v1', 'Service'))
  t.ok(mayRefer('v1', 'ServiceAccount'))
  t.equal(referringKindIn('kind: Secret\n---\nkind: "Role"\n'), 'Role')
  t.equal(referringKindIn('kind: Service\ndata:\n  kind: Role\n'), null)
  t.end()
})
