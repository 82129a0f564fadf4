import t from 'tap'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { decide } from '../../../src/core/run/decide.ts'
import { absent, present } from '../../../src/core/seen.ts'
import { observeSeedGenerator } from '../../../src/operations/seed/observe-seed-generator.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer, type ApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import {
  agentReleases,
  type AgentReleaseName,
} from '../../../src/sandbox/lifecycle-agent/agent-release.ts'
import { seconds } from '../../../src/sandbox/lifecycle-agent/seconds.ts'
import { aLook, aRun, at, newImage } from '../../support/run/run-scene.ts'
import { namespace, read, scene, secretKey } from '../../support/sandbox/lifecycle-scene.ts'
import { virtualClock } from '../../support/sandbox/virtual-clock.ts'

const releases = Object.keys(agentReleases) as AgentReleaseName[]
const csr = {
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  name: 'csr-1',
}
const waits = 'Waiting for system to stabilize'

for (const release of releases)
  t.test(`the Lifecycle Agent ${release} waits on a CSR, and restarts in its own time`, async t => {
    const clock = virtualClock()
    const faults = { staleSandboxes: 48 }
    const { store, deliver, until, ended, messages, told } = scene(t, faults, { release, clock })
    store.create({ ...csr, metadata: { name: csr.name } })
    deliver(`ibu/seed-${release}:1`)
    await until('waiting', () => messages.some(message => message.includes(csr.name)))
    const message = messages.at(-1)!
    const seen = {
      uid: 'u',
      isWanted: true,
      image: '',
      isBeingDeleted: false,
      progress: 'running',
      message,
    } as const
    const look = aLook('Generating', { seedGenerator: present(seen) })
    t.match(decide(aRun('Generating'), look, at(9)).run.blocked, {
      ...{ code: 'AGENT_WAITS', fix: /oc adm certificate approve/ },
      reason: /certificateSigningRequest \(csr\) csr-1 not yet approved/,
    })
    store.change(csr, live => {
      live['status'] = { conditions: [{ type: 'Approved', status: 'True' }] }
    })
    await until('ended', ended)
    t.strictSame(
      messages.filter(text => !text.includes('health checks failed')),
      [
        waits,
        'Starting seed generation',
        'Pulling recert image',
        'Preparing for seed generation',
        'Cleaning cluster resources',
        'Launching imager container',
        'Finalizing seed generation',
        'Seed Generation completed',
      ],
    )
    const moment = (begins: string): number =>
      told.find(event => event.message.startsWith(begins))!.at.getTime() / 1000
    const away = moment('brought the API') - moment('stopped the API')
    const sandboxes = release === '4.22' || release === '5.0' ? 0 : 48 * 60
    t.equal(away, seconds.image + seconds.recover + sandboxes, 'in sandbox seconds')
    const still = decide(
      aRun('Generating'),
      aLook('Generating', { seedGenerator: absent }),
      at(seconds.launch + away),
    )
    t.equal(still.run.phase, 'Generating', 'the time of Sower is enough for it')
  })

t.test('tells several failed health checks as each release does', async t => {
  for (const release of ['4.16', '4.20', '5.0'] as const) {
    const { store, deliver, until, messages } = scene(t, {}, { release, clock: virtualClock() })
    store.create({ ...csr, metadata: { name: csr.name } })
    store.create({
      ...{ apiVersion: 'config.openshift.io/v1', kind: 'ClusterOperator' },
      metadata: { name: 'dns' },
    })
    deliver('ibu/sick:1')
    await until('waiting', () => messages.length > 1)
    const operator = 'one or more ClusterOperators not yet ready: dns'
    const request = 'certificateSigningRequest (csr) csr-1 not yet approved'
    const begin = `${waits}: one or more health checks failed`
    const expected = {
      '4.16': `${begin}\n  - ${operator}\n  - ${request}`,
      '4.20': `${begin}: ${operator}\n  - ${request}`,
      '5.0': `${begin}: ${operator}`,
    }
    t.equal(messages[1], expected[release])
  }
})

t.test('asks for the state of SR-IOV once the operators are well', async t => {
  const { store, deliver, until, messages, ended } = scene(t, {}, { clock: virtualClock() })
  store.create({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: 'sriovnetworknodestates.sriovnetwork.openshift.io' },
  })
  deliver('ibu/sriov:1')
  const state = { apiVersion: 'sriovnetwork.openshift.io/v1', kind: 'SriovNetworkNodeState' }
  await until('none', () => messages.at(-1)?.endsWith(': no SriovNetworkNodeStates present'))
  store.create({ ...state, metadata: { name: 'a' }, status: { syncStatus: 'InProgress' } })
  await until('not yet', () => messages.at(-1)?.endsWith(': sriovNetworkNodeState not ready'))
  store.change({ ...state, name: 'a' }, live => {
    live['status'] = { syncStatus: 'Succeeded' }
  })
  await until('ended', ended)
})

t.test('before 4.19 the exit code is told as a status', async t => {
  for (const [release, told] of [
    ['4.18', 'expected container status 0, found: 1'],
    ['4.19', 'expected container exit code 0, found: 1'],
  ] as const) {
    const faults = { restorationFails: true }
    const of = scene(t, faults, { release, clock: virtualClock() })
    of.deliver('ibu/code:1')
    await of.until('ended', of.ended)
    t.ok(of.conditions()[0]?.message.endsWith(told), release)
  }
})

t.test('5.0 looks for the Secret where its own pod is', async t => {
  const { store, deliver, until, ended, conditions } = scene(
    ...([
      t,
      {},
      { release: '5.0', namespace: 'openshift-operators', clock: virtualClock() },
    ] as const),
  )
  const secret = { ...secretKey, namespace: 'openshift-operators' }
  deliver('ibu/elsewhere:1')
  await until('ended', ended)
  t.match(conditions()[0]?.message, /could not access secret seedgen in openshift-operators: /)
  t.ok(store.get({ ...secret, namespace }), 'nobody has touched the one in the usual namespace')
})

t.test('a seed whose API stays away has pushed its image all the same', async t => {
  const { deliver, until, told, availability } = scene(
    ...([t, { apiStaysAway: true }, { clock: virtualClock() }] as const),
  )
  deliver('ibu/gone:1')
  await until('pushed', () => told.some(({ message }) => message.startsWith('pushed ')))
  t.strictSame(availability, [false])
  t.equal((await read('ibu/gone/manifests/1')).code, 200)
  const away = { awaySince: at(0), waited: 0, ended: false }
  const look = aLook('Generating', { seedGenerator: absent, image: present(newImage) })
  const run = aRun('Generating', { facts: { generation: away } })
  t.equal(decide(run, look, at(600)).run.phase, 'Verifying')
})

t.test(
  'tokens end with the generation, and the client certificate of the admin does not',
  async t => {
    const servers: ApiServer[] = []
    const { store, world, deliver, until, ended } = scene(
      ...([
        t,
        {},
        {
          endTokens: () => {
            servers[0]!.endTokens()
          },
        },
      ] as const),
    )
    const server = await startApiServer({
      ...{ store, clock: world.clock, resources: seedResources, admins: ['admin'] },
      authority: await createAuthority({ name: 'seed' }),
    })
    servers.push(server)
    t.teardown(() => server.close())
    const certified = await server.kubeconfig('admin')
    const withToken = certified
      .replace(/ +client-certificate-data: .*\n/, '')
      .replace(/client-key-data: .*/, `token: ${server.newToken('admin')}`)
    const look = (kubeconfig: string) =>
      observeSeedGenerator(kubernetesCluster(kubeconfig, { credentials: 'any' }))
    deliver('ibu/rekeyed:1')
    t.equal((await look(withToken)).seen, 'present')
    await until('ended', ended)
    t.match(await look(withToken), { seen: 'unknown', why: 'forbidden' })
    t.match(await look(certified), { seen: 'present', value: { progress: 'completed' } })
  },
)
