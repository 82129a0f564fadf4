import t from 'tap'
import type { ReadObject } from '../../../src/core/preflight/query.ts'
import { recreatingApplications, recreatorsOf } from '../../../src/core/seedgen/recreators-of.ts'

const named = (kind: string, name: string, spec: object = {}, namespace?: string): ReadObject => ({
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  spec,
})
const none = { sealedSecrets: [], externalSecrets: [], applications: [] }

t.test('names each kind that would write seedgen again', t => {
  const sealed = (name: string) => named('SealedSecret', name, {}, 'ns')
  const external = (name: string, target: object) =>
    named('ExternalSecret', name, { target }, 'openshift-lifecycle-agent')
  const all = {
    sealedSecrets: [sealed('other'), sealed('seedgen')],
    externalSecrets: [
      external('seedgen', {}),
      external('seedgen', {}),
      external('push', { name: 'seedgen' }),
      external('seedgen', { name: 'other' }),
      external('idle', { name: 'seedgen', creationPolicy: 'None' }),
      named('ClusterExternalSecret', 'seedgen', { externalSecretName: 'other' }),
      named('ClusterExternalSecret', 'fleet', { externalSecretName: 'seedgen' }),
      named('ClusterExternalSecret', 'targets', {
        externalSecretName: 'x',
        externalSecretSpec: { target: { name: 'seedgen' } },
      }),
      named('ClusterExternalSecret', 'seedgen'),
    ],
    applications: [],
  }
  t.strictSame(recreatorsOf(all), [
    'SealedSecret ns/seedgen',
    'ExternalSecret openshift-lifecycle-agent/seedgen',
    'ExternalSecret openshift-lifecycle-agent/push',
    'ClusterExternalSecret fleet',
    'ClusterExternalSecret targets',
    'ClusterExternalSecret seedgen',
  ])
  t.strictSame(recreatorsOf(none), [])
  t.end()
})

const generator = { group: 'lca.openshift.io', kind: 'SeedGenerator', name: 'seedimage' }
const secret = { kind: 'Secret', name: 'seedgen', namespace: 'openshift-lifecycle-agent' }
const application = ({
  automated = { selfHeal: true },
  destination = { server: 'https://kubernetes.default.svc' },
  resources = [generator],
  reconciledAt = '2026-11-22T10:00:00Z',
}: Readonly<{
  automated?: object | null
  destination?: object
  resources?: readonly object[]
  reconciledAt?: string
}>): ReadObject => ({
  kind: 'Application',
  metadata: { name: 'seed', namespace: 'argocd' },
  spec: { destination, syncPolicy: { automated } },
  status: { resources, reconciledAt },
})

t.test('names an Application of the seed itself that syncs either object by itself', t => {
  const found = (of: Parameters<typeof application>[0]): readonly string[] =>
    recreatorsOf({ ...none, applications: [application(of)] })
  const healing = ['Application argocd/seed (heals itself)']
  t.strictSame(found({}), healing)
  t.strictSame(found({ resources: [secret] }), healing)
  t.strictSame(found({ destination: { name: 'in-cluster' } }), healing)
  t.strictSame(found({ automated: {} }), ['Application argocd/seed (syncs by itself)'])
  t.strictSame(found({ reconciledAt: '', resources: [] }), [
    'Application argocd/seed (heals itself, and has not said what it holds)',
  ])
  for (const harmless of [
    { automated: null },
    { automated: { selfHeal: true, enabled: false } },
    { resources: [] },
    { resources: [{ kind: 'Secret', name: 'other' }, { kind: 'SeedGenerator' }] },
    { destination: { server: 'https://api.elsewhere.example.com:6443' } },
  ])
    t.strictSame(found(harmless), [], JSON.stringify(harmless))
  t.end()
})

t.test('names an Application of the hub whose destination may be the seed', t => {
  const found = (of: Parameters<typeof application>[0]): readonly string[] =>
    recreatingApplications([application(of)], ['sno2'])
  const healing = ['Application argocd/seed (heals itself)']
  t.strictSame(found({ destination: { server: 'https://api.sno1.example.com:6443' } }), healing)
  t.strictSame(found({ destination: { name: 'sno1' } }), healing)
  t.strictSame(found({ destination: { name: 'sno2' } }), [], 'of another seed')
  t.strictSame(found({}), [], 'the hub itself')
  t.strictSame(found({ destination: { server: 'https://kubernetes.default.svc:443' } }), [])
  const uncompared = { destination: { name: 'sno1' }, resources: [], reconciledAt: '' }
  t.strictSame(found(uncompared), [], 'nothing of the kind is known of it')
  t.end()
})
