import type { Test } from 'tap'
import { configurationOf } from '../../src/adapters/kubernetes/configuration-of.ts'
import { kubernetesCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { leaseLeadership } from '../../src/adapters/kubernetes/lease-leadership.ts'
import { loadKubeconfig } from '../../src/adapters/kubernetes/load-kubeconfig.ts'
import { runEvents } from '../../src/adapters/kubernetes/run-events.ts'
import { seedRunStore } from '../../src/adapters/kubernetes/seed-run-store.ts'
import { askAs, withToken } from '../support/peers/peer.ts'
import { manifestObjects, type ManifestObject } from '../support/peers/manifest-objects.ts'
import { at, type PeerScene } from '../support/peers/peer-scene.ts'
import { aRun } from '../support/run/run-scene.ts'
import type { Rule } from '../support/sandbox/grant.ts'

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']
type Asked = Readonly<{
  verb: string
  group: string
  resource: string
  subresource: string
  namespace: string
  name: string
}>

/** Gives a bot the manifests' rights and no others; asks for all that stands in them, and for what is next to it. */
export const rightsAreThoseOfTheManifests = async (t: Test, scene: PeerScene): Promise<void> => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const objects = await manifestObjects('overlays/example')
  for (const name of ['sower', 'openshift-gitops', 'sower-seeds']) await scene.namespace(name)
  const plurals: Readonly<Record<string, string>> = {
    ServiceAccount: '/api/v1/namespaces/sower/serviceaccounts',
    ClusterRole: `${rbac}/clusterroles`,
    ClusterRoleBinding: `${rbac}/clusterrolebindings`,
    Role: `${rbac}/namespaces/{}/roles`,
    RoleBinding: `${rbac}/namespaces/{}/rolebindings`,
  }
  for (const object of objects) {
    const collection = plurals[object.kind]?.replace('{}', object.metadata.namespace ?? '')
    if (collection !== undefined) await scene.make(collection, object)
  }
  const token = await scene.peer.tokenOf('sower', 'sower')
  const kubeconfig = withToken(await scene.peer.kubeconfig('admin'), token)
  const bot = askAs(kubeconfig)
  const may = async (asked: Asked): Promise<boolean> => {
    const answer = await bot('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      ...{ method: 'POST', body: { spec: { resourceAttributes: asked } } },
    })
    return at(answer.body, 'status', 'allowed') === true
  }
  const rights = objects.flatMap(rightsIn)
  const covers = (right: Asked, asked: Asked): boolean =>
    right.verb === asked.verb &&
    right.group === asked.group &&
    right.resource === asked.resource &&
    right.subresource === asked.subresource &&
    (right.namespace === '' || right.namespace === asked.namespace) &&
    (right.name === '' || right.name === asked.name)

  await t.test('each rule is taken as it is written', async t => {
    // A real API server hears of a right a moment after it is given.
    for (const right of rights) while (!(await may(right))) await new Promise(setImmediate)
    const near = new Map<string, Asked>()
    for (const right of rights)
      for (const asked of [
        ...verbs.map(verb => ({ ...right, verb })),
        { ...right, name: 'another' },
        { ...right, namespace: 'default' },
        { ...right, subresource: 'status' },
      ])
        near.set(JSON.stringify(asked), asked)
    const wrong: string[] = []
    for (const [words, asked] of near) {
      const isGranted = rights.some(right => covers(right, asked))
      if ((await may(asked)) !== isGranted)
        wrong.push(`${isGranted ? 'denied' : 'allowed'} ${words}`)
    }
    t.strictSame(wrong, [])
    t.comment(`asked for ${near.size} rights, of which the manifests give ${rights.length}`)
    t.ok(near.size > rights.length)
  })

  await t.test('the bot keeps runs, leads, tells and saves an access with them', async t => {
    const configuration = configurationOf(loadKubeconfig(kubeconfig))
    const where = { namespace: 'sower' }
    const runs = seedRunStore(configuration, where)
    t.ok(await runs.create(aRun('Requested')))
    const begun = (await runs.get('sno1'))!
    const ended = await runs.replace({ ...begun, phase: 'Completed' })
    t.match(await runs.list(), [{ name: 'sno1', phase: 'Completed' }])
    const options = { ...where, identity: 'bot', now: () => new Date(0) }
    await runEvents(configuration, options)('sno1', { type: 'Normal', reason: 'Ended', note: 'x' })
    await runs.remove(ended)
    const leadership = leaseLeadership(configuration, options)
    await leadership.renew()
    t.ok(leadership.holds())
    await leadership.renew()
    await leadership.release()

    const hub = kubernetesCluster(kubeconfig, { credentials: 'any' })
    const secret = (name: string) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'sower' } },
      ...{ type: 'Opaque', data: { kubeconfig: 'eA==' } },
    })
    const key = { apiVersion: 'v1', kind: 'Secret', name: 'seed-sno1-access', namespace: 'sower' }
    await hub.putSecret(secret('seed-sno1-access'))
    await hub.putSecret(secret('seed-sno1-access'))
    t.match(await hub.read(key), { seen: 'present' })
    await hub.remove(key)
    t.match(await hub.read({ ...key, name: 'sower-github' }), { why: 'forbidden' })
    for (const write of [hub.putSecret, hub.create])
      await t.rejects(write(secret('sower-github')), { code: 'OBJECT_REFUSED' })
    const foreign = { ...key, name: 'seed-sno1-admin-kubeconfig', namespace: 'seed-sno1' }
    t.same(await hub.read(foreign), { seen: 'absent' })
    t.match(await hub.list({ apiVersion: 'v1', kind: 'Secret', namespace: 'sower' }), {
      ...{ why: 'forbidden', denied: { verb: 'list', resource: 'secrets', namespace: 'sower' } },
    })
  })
}

const rightsIn = (object: ManifestObject): readonly Asked[] =>
  ((object['rules'] ?? []) as readonly Rule[]).flatMap(rule =>
    rule.verbs.flatMap(verb =>
      rule.resources.flatMap(of =>
        (rule.resourceNames ?? ['']).map(name => {
          const [resource = '', subresource = ''] = of.split('/')
          const group = rule.apiGroups[0] ?? ''
          return {
            verb,
            group,
            resource,
            subresource,
            name,
            namespace: object.metadata.namespace ?? '',
          }
        }),
      ),
    ),
  )
