import { X509Certificate, createCipheriv, constants, publicEncrypt, randomBytes } from 'node:crypto'
import t from 'tap'
import type { Test } from 'tap'
import { createClock } from '../../src/sandbox/clock.ts'
import { startSealedSecrets } from '../../src/sandbox/sealed-secrets/start-sealed-secrets.ts'
import { createSealingKey } from '../../src/sandbox/sealed-secrets/sealing-key.ts'
import { createObjectStore, type ObjectStore } from '../../src/sandbox/kubernetes/object-store.ts'

const apiVersion = 'bitnami.com/v1alpha1'
const name = 'seedgen'
const namespace = 'sower-seeds'
const sealedKey = { apiVersion, kind: 'SealedSecret', namespace, name }
const secretKey = { apiVersion: 'v1', kind: 'Secret', namespace, name }

// Written from sealed-secrets pkg/crypto/crypto.go:32-73, apart from the code under test.
const seal = (certificate: string, label: string, text: string): string => {
  const sessionKey = randomBytes(32)
  const rsa = publicEncrypt(
    {
      key: new X509Certificate(certificate).publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    sessionKey,
  )
  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(rsa.length)
  return Buffer.concat([
    length,
    rsa,
    cipher.update(text),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64')
}

const until = async (what: string, isTrue: () => unknown): Promise<void> => {
  const end = Date.now() + 5000
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`never: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
}

const key = await createSealingKey()

const scene = (test: Test, skipRecreate = false): { hub: ObjectStore; status: () => object } => {
  const clock = createClock(600)
  const hub = createObjectStore(clock)
  const controller = startSealedSecrets(
    { clock, hub, seeds: new Map(), tell: () => undefined },
    { privateKeys: [key.privateKey], skipRecreate },
  )
  test.teardown(async () => {
    clock.stop()
    await controller.stop()
  })
  return { hub, status: () => hub.get(sealedKey)?.['status'] ?? {} }
}
const sealedSecret = (sealed: string, annotations: Record<string, string> = {}) => ({
  apiVersion,
  kind: 'SealedSecret',
  metadata: { name, namespace, annotations },
  spec: {
    encryptedData: { seedAuth: sealed },
    template: { metadata: { labels: { made: 'by-template' } } },
  },
})
const dataOf = (hub: ObjectStore): unknown =>
  Buffer.from(
    (hub.get(secretKey)?.['data'] as Record<string, string> | undefined)?.['seedAuth'] ?? '',
    'base64',
  ).toString()

t.test(
  'a value that is sealed for its place becomes an owned Secret, and comes back when deleted',
  async t => {
    const { hub, status } = scene(t)
    const made = hub.create(sealedSecret(seal(key.certificate, `${namespace}/${name}`, 'first')))
    await until('unsealed', () => hub.get(secretKey))
    t.equal(dataOf(hub), 'first')
    t.match(hub.get(secretKey)?.metadata, {
      labels: { made: 'by-template' },
      ownerReferences: [{ kind: 'SealedSecret', uid: made.metadata.uid, controller: true }],
    })
    await until('told', () => 'conditions' in status())
    t.match(status(), { observedGeneration: 1, conditions: [{ type: 'Synced', status: 'True' }] })
    t.notMatch(status(), { conditions: [{ reason: /./ }] })

    hub.remove(secretKey)
    await until('back', () => hub.get(secretKey))

    hub.change(sealedKey, live => {
      live['spec'] = {
        encryptedData: { seedAuth: seal(key.certificate, `${namespace}/${name}`, 'second') },
      }
    })
    await until('renewed', () => dataOf(hub) === 'second')
    await until(
      'observed',
      () => (status() as { observedGeneration?: number }).observedGeneration === 2,
    )

    hub.remove(sealedKey)
    t.notOk(hub.get(secretKey), 'what it owned goes with it')
  },
)

t.test('with skip-recreate a deleted Secret stays deleted', async t => {
  const { hub, status } = scene(t, true)
  hub.create(sealedSecret(seal(key.certificate, `${namespace}/${name}`, 'once')))
  await until('unsealed', () => 'conditions' in status())
  hub.remove(secretKey)
  hub.create({
    ...sealedSecret(seal(key.certificate, `${namespace}/b`, 'x')),
    metadata: { name: 'b', namespace },
  })
  await until('the next one is done', () => hub.get({ ...secretKey, name: 'b' }))
  t.notOk(hub.get(secretKey))
})

t.test(
  'a value for another place, name or scope is not opened, and the condition says so',
  async t => {
    const { hub, status } = scene(t)
    hub.create(sealedSecret(seal(key.certificate, 'elsewhere/seedgen', 'x')))
    await until('refused', () => 'conditions' in status())
    t.match(status(), {
      observedGeneration: 1,
      conditions: [
        { type: 'Synced', status: 'False', message: 'no key could decrypt secret (seedAuth)' },
      ],
    })
    t.notOk(hub.get(secretKey))
    hub.remove(sealedKey)
    hub.create(sealedSecret('not base64!'))
    await until('refused', () => 'conditions' in status())
    t.match(status(), {
      conditions: [{ message: /^illegal base64 data at input byte 3 \(seedAuth\)$/ }],
    })
    hub.remove(sealedKey)
    const wide = { 'sealedsecrets.bitnami.com/namespace-wide': 'true' }
    hub.create(sealedSecret(seal(key.certificate, namespace, 'wide'), wide))
    await until('opened', () => dataOf(hub) === 'wide')
  },
)

t.test('a Secret of somebody else is left alone unless it is marked as managed', async t => {
  const { hub, status } = scene(t)
  hub.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: {} })
  hub.create(sealedSecret(seal(key.certificate, `${namespace}/${name}`, 'mine')))
  await until('refused', () => 'conditions' in status())
  t.match(status(), {
    conditions: [
      {
        status: 'False',
        message:
          'failed update: Resource "seedgen" already exists and is not managed by SealedSecret',
      },
    ],
  })
  t.equal(dataOf(hub), '')
  hub.change(secretKey, live => {
    live.metadata.annotations = { 'sealedsecrets.bitnami.com/managed': 'true' }
  })
  hub.change(sealedKey, live => {
    live['spec'] = { ...(live['spec'] as object), nudge: 1 }
  })
  await until('taken over', () => dataOf(hub) === 'mine')
})
