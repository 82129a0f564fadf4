import { X509Certificate } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { kubernetesCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts'
import { seal } from '../../../src/core/secret/sealed/seal.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { observeRecreators } from '../../../src/operations/seed/observe-recreators.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { seedResources } from '../../../src/sandbox/kubernetes/resource.ts'
import { startApiServer } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import { createSealingKey } from '../../../src/sandbox/sealed-secrets/sealing-key.ts'
import { startSealedSecrets } from '../../../src/sandbox/sealed-secrets/start-sealed-secrets.ts'
import { readBase } from '../../../src/operations/read-base.ts'
import { fakeWorld } from '../../support/fake-world.ts'
import {
  namespace,
  pushers,
  read,
  registry,
  scene,
  secretKey,
} from '../../support/sandbox/lifecycle-scene.ts'

/** What the layer of an image holds of the cluster that it was made from. */
const layerOf = async (repository: string, tag: string): Promise<string> => {
  const manifest = await read(`${repository}/manifests/${tag}`)
  const { layers } = JSON.parse(manifest.body) as { layers: readonly { digest: string }[] }
  const { bytes } = await read(`${repository}/blobs/${layers[0]!.digest}`)
  return gunzipSync(bytes).toString('latin1')
}
const credential = Buffer.from(pushers).toString('base64')

t.test('an image has no push credential in it where nothing puts it back', async t => {
  const { deliver, until, ended } = scene(t)
  deliver('ibu/clean:1')
  await until('ended', ended)
  t.notOk((await layerOf('ibu/clean', '1')).includes(credential))
})

t.test(
  'refuses a seed whose Sealed Secrets controller would put seedgen into the image',
  async t => {
    const { store, world, until, ended, told } = scene(t)
    const { certificate, privateKey } = await createSealingKey()
    const controller = startSealedSecrets({ ...world, hub: store }, { privateKeys: [privateKey] })
    const server = await startApiServer({
      ...{ store, clock: world.clock, resources: seedResources, admins: ['admin'] },
      authority: await createAuthority({ name: 'seed' }),
    })
    t.teardown(async () => {
      await controller.stop()
      await server.close()
    })
    const target = { scope: 'strict', namespace, name: 'seedgen' } as const
    const { publicKey } = new X509Certificate(certificate)
    store.create({
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'seedgen', namespace },
      spec: { encryptedData: { seedAuth: seal(Buffer.from(pushers), target, publicKey) } },
    })
    await until('unsealed', () => store.get(secretKey))

    const hub = fakeWorld()
    const { config } = await readBase(hub.start())
    const seed = kubernetesCluster(await server.kubeconfig('admin'))
    const look = () => observeRecreators(hub.ports, { cluster: 'sno1', config, seed })
    t.strictSame(await look(), present([`SealedSecret ${namespace}/seedgen`]))
    t.strictSame(
      await observeRecreators(hub.ports, { cluster: 'sno1', config, seed: null }),
      unknown('unreachable'),
    )

    // Delivered all the same, as by hand:
    store.create({
      apiVersion: 'lca.openshift.io/v1',
      kind: 'SeedGenerator',
      metadata: { name: 'seedimage' },
      spec: { seedImage: `${registry.host}/ibu/baked:1` },
    })
    await until('ended', ended)
    t.ok(told.some(({ message }) => message === 'baked the push credential into the image'))
    t.ok((await layerOf('ibu/baked', '1')).includes(credential), 'every target would have it')
  },
)
