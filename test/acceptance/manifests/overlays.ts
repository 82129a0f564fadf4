import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import {
  referenceFaults,
  templateOf,
  type Manifest,
} from '../../support/manifests/reference-faults.ts'
import { schemaFaults } from '../../support/manifests/schema-faults.ts'
import { home, kustomizePlaces, temporaryDirectory } from '../../support/run-sower.ts'

const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
const objectsOf = async (path: string): Promise<readonly Manifest[]> =>
  parseAllDocuments(await kustomize.build(resolve(home, 'manifests', path))).map(
    document => document.toJS() as Manifest,
  )
const overlays = readdirSync(join(home, 'manifests', 'overlays')).map(name => `overlays/${name}`)
const outside = {
  secrets: ['sower-github', 'sower-tls'],
  namespaces: ['openshift-gitops', 'argocd', 'sower-seeds'],
}
const one = (objects: readonly Manifest[], kind: string, name = 'sower'): Manifest => {
  const found = objects.find(object => object.kind === kind && object.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found
}

t.test('each overlay has fields that its kinds know, and names that lead somewhere', async t => {
  t.ok(overlays.length >= 4)
  for (const path of [...overlays, 'argocd/seed-secret', 'argocd/health/openshift-gitops']) {
    const objects = await objectsOf(path)
    t.strictSame(objects.flatMap(schemaFaults), [], path)
    t.strictSame(referenceFaults(objects, outside), [], path)
  }
})

t.test('the kustomization that the documentation shows is one of these', async t => {
  const page = readFileSync(join(home, 'docs', 'install.md'), 'utf8')
  const [, text = ''] = /## \d+\. Your overlay[^]*?```yaml\n([^]*?)```/.exec(page) ?? []
  const directory = temporaryDirectory(t)
  cpSync(join(home, 'manifests'), join(directory, 'manifests'), { recursive: true })
  const roles = join(home, 'manifests', 'overlays', 'example', 'seed-roles.yaml')
  cpSync(roles, join(directory, 'seed-roles.yaml'))
  const local = text.replace(/https:\/\/\S+\/\/(\S+)\?ref=\S+/g, '$1')
  writeFileSync(join(directory, 'kustomization.yaml'), local)
  const objects = await objectsOf(directory)
  t.strictSame([...objects.flatMap(schemaFaults), ...referenceFaults(objects, outside)], [])
  t.match(JSON.stringify(one(objects, 'Deployment')), '"SOWER_REPOSITORY","value":"your-org/ztp"')
  one(objects, 'Route')
})

t.test('nothing in an overlay goes with a seed, or reads the Secrets of others', async t => {
  for (const path of overlays) {
    const objects = await objectsOf(path)
    for (const { kind, metadata } of objects)
      t.notMatch(metadata.namespace ?? '', /^seed-/, `${path}: ${kind} ${metadata.name}`)
    const rules = objects.flatMap(object =>
      object.kind === 'ClusterRole'
        ? (object as unknown as { rules: { resources: string[]; resourceNames?: string[] }[] }).rules
        : [],
    )
    for (const { resources, resourceNames = [] } of rules)
      t.ok(!resources.includes('secrets') || resourceNames.length > 0, path)
  }
})

t.test('a bot that only polls has no way in', async t => {
  const objects = await objectsOf('overlays/polling')
  t.notOk(objects.some(({ kind }) => ['Service', 'Route', 'Ingress'].includes(kind)))
  t.strictSame(one(objects, 'NetworkPolicy').spec?.ingress, [])
  const [container] = one(objects, 'Deployment').spec?.template?.spec.containers ?? []
  t.match(JSON.stringify(container), '"name":"SOWER_NO_WEBHOOK","value":"true"')
  t.strictSame(container?.ports?.map(({ name }) => name), ['health'])
})

t.test('a CronJob does rounds with the settings of the bot, and has no way in', async t => {
  const objects = await objectsOf('overlays/cronjob')
  const kinds = ['Deployment', 'Service', 'Route', 'Ingress', 'PodDisruptionBudget']
  t.notOk(objects.some(({ kind }) => kinds.includes(kind)))
  t.strictSame(one(objects, 'NetworkPolicy').spec?.ingress, [])
  t.match(one(objects, 'CronJob').spec, { concurrencyPolicy: 'Forbid' })
  type Settings = Readonly<{ image: string; args: string[]; env: { name: string }[] }>
  const settings = (manifest: Manifest): Settings =>
    templateOf(manifest)?.spec.containers[0] as unknown as Settings
  const once = settings(one(objects, 'CronJob'))
  const bot = settings(one(await objectsOf('overlays/example'), 'Deployment'))
  t.strictSame(once.args, [...bot.args, '--once'])
  t.equal(once.image, bot.image)
  t.strictSame(
    once.env,
    bot.env.filter(({ name }) => !/_(?:LISTEN|HEALTH|WEBHOOK_SECRET_FILE)$/.test(name)),
  )
  const lost = objects.filter(({ kind }) => kind !== 'PersistentVolumeClaim')
  t.match(referenceFaults(lost, outside), [
    'CronJob sower sower mounts the volume of sower, which is not there',
  ])
})

t.test('the pod keeps to the restricted standard of Kubernetes', async t => {
  for (const path of overlays) {
    const objects = await objectsOf(path)
    t.match(one(objects, 'Namespace').metadata.labels, {
      'pod-security.kubernetes.io/enforce': 'restricted',
    })
    const isOnce = path === 'overlays/cronjob'
    const pod = templateOf(one(objects, isOnce ? 'CronJob' : 'Deployment'))?.spec
    t.match(pod, {
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          resources: { requests: {}, limits: {} },
          ...(isOnce ? {} : { livenessProbe: {}, readinessProbe: {} }),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    })
  }
})

t.test('the checks of this test find what they are made for', async t => {
  const objects = await objectsOf('overlays/openshift-gitops')
  const ingress = one(await objectsOf('overlays/kubernetes'), 'Ingress')
  const faults = (kind: string, change: (text: string) => string): readonly string[] => {
    const changed = objects.map(object => {
      const before = JSON.stringify(object)
      return object.kind === kind ? (JSON.parse(change(before)) as Manifest) : object
    })
    t.not(JSON.stringify(changed), JSON.stringify(objects), kind)
    return [...changed.flatMap(schemaFaults), ...referenceFaults(changed, outside)]
  }
  const swap = (from: string, to: string) => (text: string) => text.replaceAll(from, to)
  for (const [kind, change, found] of [
    ['ClusterRole', swap('"sower"', '"sowr"'), /binds ClusterRole sower, which is not there/],
    ['ServiceAccount', swap('"sower"', '"sowr"'), /runs as sower, which is not there/],
    ['Deployment', swap('sower-github', 'github'), /mounts the Secret github, which nobody brings/],
    ['Deployment', swap('8081,"name":"health"', '8081,"name":"h"'), /asked at the port hea/],
    ['Deployment', swap('"emptyDir":{"sizeLimit":"8Gi"},"name":"data"', '"name":"date"'), /mounts d/],
    ['Deployment', swap('readOnlyRootFilesystem', 'readOnlyRoot'), /readOnlyRoot: unknown/],
    ['Deployment', swap('"replicas":1', '"replicas":"1"'), /replicas: string for number/],
    ['Service', swap('"targetPort":"webhook"', '"targetPort":"hook"'), /the port hook, which no/],
    ['Service', swap('/name":"sower"', '/name":"sowr"'), /Service sower sower chooses no pod/],
    ['Route', swap('"name":"sower","weight"', '"name":"other","weight"'), /leads to a Service or/],
    ['Route', swap('termination', 'terminate'), /Route\.spec\.tls\.terminate: unknown/],
    ['NetworkPolicy', swap('"port":"webhook"', '"port":"hook"'), /lets in to the port hook/],
    ['PodDisruptionBudget', swap('"maxUnavailable":1', '"maxUnavailable":true'), /neither number/],
    ['ServiceMonitor', swap('"port":"metrics"', '"port":"m"'), /chooses no Service with its port/],
    ['Role', swap('openshift-gitops', 'elsewhere'), /is in the namespace elsewhere/],
    ['Namespace', swap('"sower"', '"sowr"'), /is in the namespace sower$/m],
  ] as const)
    t.match(faults(kind, change).join('\n'), found, `${kind}: ${found}`)
  t.match(referenceFaults([...objects, ...objects], outside).join('\n'), /is there twice/)
  t.match(referenceFaults([ingress], outside).join('\n'), /leads to the Service sower, which/)
  t.match(
    schemaFaults({ apiVersion: 'v1', kind: 'Podd', metadata: { name: 'a' } }),
    [/no schema of V1Podd/],
  )
})
