import t from 'tap'
import {
  readSealedSecret,
  type ReadSealedSecret,
} from '../../../src/core/secret/sealed/read-sealed-secret.ts'
import { readConfiguration } from '../../../src/core/settings/configuration.ts'
import type { SealTarget } from '../../../src/core/secret/sealed/scope.ts'
import { absent, present, unknown, type Seen } from '../../../src/core/seen.ts'
import {
  checkLive,
  isUnsealedThere,
  readLive,
  type LiveSecret,
} from '../../../src/operations/hub/check-live.ts'
import { explainTarget } from '../../../src/operations/hub/explain-target.ts'
import { isSameValue, type Sealing } from '../../../src/operations/hub/is-same-value.ts'
import { digestOf } from '../../../src/core/secret/sealed/sealed-secret-manifest.ts'
import { readHubSecret } from '../../../src/operations/hub/read-hub-secret.ts'
import { sealedValueOf, unsealingOf } from '../../../src/operations/hub/unsealing.ts'
import type { KubernetesObject } from '../../../src/operations/ports/cluster.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'
import { configuration, fakeWorld, image as imageOfRun } from '../../support/fake-world.ts'
import {
  authfile,
  fingerprint,
  image,
  manifest,
  now,
  sealed,
  sealedFor,
  strict,
} from '../../support/secret/sealed-scene.ts'
import { alter, base64, places, silence } from '../../support/saved-world.ts'

const readOf = (text: string): ReadSealedSecret => {
  const read = readSealedSecret(text)
  if (!('notes' in read)) throw new Error(read.reason)
  return read
}
const unsealed = { observedGeneration: 3, conditions: [{ type: 'Synced', status: 'True' }] }
const failed = (message: string): object => ({
  ...unsealed,
  conditions: [{ type: 'Synced', status: 'False', message }],
})
const sealedObject = (change: Partial<KubernetesObject> = {}): KubernetesObject => ({
  ...{ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret' },
  metadata: { name: 'seedgen', namespace: 'sower-seeds', uid: 'uid-of-it', generation: 3 },
  spec: { encryptedData: { seedAuth: sealed } },
  status: unsealed,
  ...change,
})
const secretObject = (change: Partial<KubernetesObject> = {}): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Secret' },
  metadata: { name: 'seedgen', uid: '', ownerReferences: [{ uid: 'uid-of-it' }] },
  data: { seedAuth: authfile().toString('base64') },
  ...change,
})
const live = (
  ofSealed: Partial<KubernetesObject> = {},
  ofSecret: Partial<KubernetesObject> = {},
): LiveSecret => ({
  sealed: present(sealedObject(ofSealed)),
  secret: present(secretObject(ofSecret)),
})

t.test('a SealedSecret is unsealed when the controller says so of its last change', t => {
  const cases = [
    [unsealed, 'unsealed', ''],
    [failed('no key could decrypt secret'), 'failed', 'no key could decrypt secret'],
    [{ ...unsealed, observedGeneration: 2 }, 'pending', ''],
    [{ ...failed('why'), observedGeneration: 2 }, 'pending', 'why'],
    [{ conditions: unsealed.conditions }, 'pending', ''],
    [{ observedGeneration: 3, conditions: [{ type: 'Other', status: 'True' }] }, 'pending', ''],
    [{ observedGeneration: 3, conditions: 'x' }, 'pending', ''],
    [undefined, 'pending', ''],
  ] as const
  for (const [status, state, message] of cases)
    t.strictSame(unsealingOf(sealedObject({ status })), { state, message }, JSON.stringify(status))
  t.equal(sealedValueOf(sealedObject(), 'seedAuth'), sealed)
  for (const spec of [undefined, {}, { encryptedData: { other: 'x' } }, { encryptedData: 'x' }])
    t.equal(sealedValueOf(sealedObject({ spec }), 'seedAuth'), undefined)
  t.end()
})

t.test('tells what the hub makes of a SealedSecret', t => {
  const [fine, waits] = [
    'ok SEALED_LIVE: unsealed on the hub',
    'warn SEALED_LIVE: the controller has',
  ]
  const differs = 'warn SEALED_LIVE_DIFFERS: the hub has another value'
  const conflict = 'bad SEALED_CONFLICT: a Secret of that name'
  const drifted = 'bad SEALED_DRIFTED: the Secret'
  const other = { spec: { encryptedData: { seedAuth: sealedFor(strict) } } }
  const twoKeys = { seedAuth: authfile().toString('base64'), more: '' }
  const cases: readonly (readonly [string, LiveSecret, readonly string[]])[] = [
    ['all is well', live(), [fine]],
    ['another value', live(other), [differs, fine]],
    ['a change that waits', live({ status: undefined }), [waits]],
    ['another value that waits', live({ ...other, status: undefined }), [differs, waits]],
    ['a foreign Secret', live({ status: failed('already exists and is not managed') }), [conflict]],
    ['no key', live({ status: failed('no key could decrypt secret') }), ['bad SEALED_NO_KEY: ']],
    [
      'another failure',
      live({ status: failed('a\u0000b') }),
      ['bad SEALED_LIVE: .* unseal it: a b$'],
    ],
    [
      'a failure without a word',
      live({ status: failed('') }),
      ['bad SEALED_LIVE: .*does not say why'],
    ],
    [
      'no answer',
      { ...live(), sealed: unknown('timeout') },
      ['warn SEALED_LIVE: .*\\(timeout\\)$'],
    ],
    ['not there', { sealed: absent, secret: absent }, ['warn SEALED_LIVE: it is not on the hub']],
    ['a Secret alone', { ...live(), sealed: absent }, [conflict]],
    ['no Secret', { ...live(), secret: absent }, [fine, `${drifted} is gone`]],
    [
      'a Secret that is not shown',
      { ...live(), secret: unknown('forbidden') },
      [fine, 'warn SEALED_LIVE: the Secret cannot be read \\(forbidden\\)'],
    ],
    [
      'a Secret of another one',
      live({}, { metadata: { name: 'seedgen', uid: '', ownerReferences: [null, { uid: 'x' }] } }),
      [fine, `${drifted} is not the one`],
    ],
    [
      'a Secret of nobody',
      live({}, { metadata: { name: 'seedgen', uid: '' } }),
      [fine, `${drifted} is not the one`],
    ],
    ['one key more', live({}, { data: twoKeys }), [fine, `${drifted} holds other keys`]],
    ['no data', live({}, { data: undefined }), [fine, `${drifted} holds other keys`]],
    [
      'another length',
      live({}, { data: { seedAuth: '' } }),
      [fine, `${drifted} has another length`],
    ],
  ]
  const read = readOf(manifest())
  for (const [what, there, expected] of cases) {
    const findings = checkLive(read, there, { image, now })
    const told = findings.map(({ level, code, reason }) => `${level} ${code}: ${reason}`)
    t.equal(told.length, expected.length, what)
    for (const [index, text] of expected.entries())
      t.match(told[index], new RegExp(`^${text}`), what)
    for (const { level, fix } of findings) t.equal(fix === null, level === 'ok', what)
  }
  t.end()
})

t.test('looks into the unsealed value where an image is given, and shows none of it', t => {
  const read = readOf(manifest())
  const foreign = authfile().toString('utf8').replace('quay.io', 'quay.ix')
  const there = live({}, { data: { seedAuth: base64(foreign) } })
  const findings = checkLive(read, there, { image, now })
  t.match(findings.at(-1), { level: 'bad', code: /^AUTHFILE_/ })
  t.notMatch(JSON.stringify(findings), /p4ss|YTpwNHNz/)
  t.strictSame(
    checkLive(read, there, { image: null, now }).map(({ level }) => level),
    ['ok'],
  )
  t.end()
})

t.test('reads a SealedSecret and the Secret of its name and namespace', async t => {
  const { port, add } = fakeCluster()
  const place = { namespace: 'sower-seeds', name: 'seedgen' }
  t.strictSame(await readLive(port, place), { sealed: absent, secret: absent })
  for (const kind of ['SealedSecret', 'Secret'])
    add({ kind, metadata: { name: 'seedgen', uid: '' } }, 'sower-seeds')
  t.match(await readLive(port, place), {
    sealed: present({ kind: 'SealedSecret' }),
    secret: present({ kind: 'Secret' }),
  })
})

const plain = authfile()
const sealing: Sealing = {
  plain,
  target: strict,
  keyFingerprint: fingerprint,
  registryKey: 'quay.io/org',
}

t.test('a value is the same only where file, hub and bytes all say so', t => {
  const other = { spec: { encryptedData: { seedAuth: sealedFor(strict) } } }
  const shifted = Buffer.from(plain)
  shifted[0] = 0
  const read = readOf(manifest())
  const cases: readonly (readonly [
    string,
    boolean,
    ReadSealedSecret,
    LiveSecret,
    Partial<Sealing>,
  ])[] = [
    ['the same', true, read, live(), {}],
    ['another value of that length', false, read, live(), { plain: shifted }],
    ['a longer value', false, read, live(), { plain: Buffer.concat([plain, plain]) }],
    ['another name', false, read, live(), { target: { ...strict, name: 'x' } }],
    ['another scope', false, read, live(), { target: { ...strict, scope: 'cluster-wide' } }],
    ['another key', false, read, live(), { keyFingerprint: 'x' }],
    ['another entry', false, read, live(), { registryKey: 'quay.io' }],
    ['notes of another value', false, { ...read, isIntact: false }, live(), {}],
    ['another template', false, { ...read, template: { scope: 'namespace-wide' } }, live(), {}],
    ['another value on the hub', false, read, live(other), {}],
    ['not unsealed', false, read, live({ status: undefined }), {}],
    ['not on the hub', false, read, { ...live(), sealed: absent }, {}],
    ['no Secret', false, read, { ...live(), secret: absent }, {}],
    ['a Secret that is not shown', false, read, { ...live(), secret: unknown('forbidden') }, {}],
    ['a Secret without the key', false, read, live({}, { data: {} }), {}],
  ]
  for (const [what, expected, file, there, change] of cases)
    t.equal(isSameValue(file, there, { ...sealing, ...change }), expected, what)
  t.ok(isUnsealedThere(read, live()))
  t.notOk(isUnsealedThere(read, live(other)))
  t.strictSame(plain, authfile(), 'what is to be sealed is left as it is')
  t.end()
})

t.test('asks the controller for few targets, the likely ones first and with pauses', async t => {
  const elsewhere = ['a', 'b', 'c', 'd'].map(name => ({ namespace: 'other', name }))
  const namespaceWide: SealTarget = { ...strict, scope: 'namespace-wide' }
  const clusterWide: SealTarget = { ...strict, scope: 'cluster-wide' }
  const at = (index: number): SealTarget => ({ scope: 'strict', ...elsewhere[index]! })
  const order = [strict, namespaceWide, clusterWide, at(0), at(1), at(2)]
  const explain = async (answers: (asked: number) => Seen<boolean>) => {
    const asked: SealTarget[] = []
    const slept: number[] = []
    const opens = async (value: string, target: SealTarget): Promise<Seen<boolean>> => {
      if (value !== sealed) throw new Error('something else is shown to it')
      asked.push(target)
      return answers(asked.length)
    }
    const of = { sealed, target: strict, elsewhere }
    const finding = await explainTarget({ opens }, of, async pause => void slept.push(pause))
    t.strictSame(asked, order.slice(0, asked.length))
    t.equal(slept.length, asked.length - 1)
    return { finding, asked: asked.length }
  }
  t.match(await explain(() => present(true)), { asked: 1, finding: { code: 'SEALED_READABLE' } })
  for (let opened = 2; opened <= order.length; opened += 1)
    t.match(await explain(asked => present(asked === opened)), {
      asked: opened,
      finding: { level: 'bad', code: 'SEALED_FOR_OTHER' },
    })
  t.match(await explain(() => present(false)), {
    asked: order.length,
    finding: { code: 'SEALED_NO_KEY', reason: /any of 5 likely others$/ },
  })
  for (const silent of [absent, unknown('forbidden')])
    t.match(await explain(asked => (asked === 2 ? silent : present(false))), {
      asked: 2,
      finding: { level: 'warn', code: 'SEALED_NOT_ASKED' },
    })
})

const config = readConfiguration(configuration, () => [])
const readHub = async (world = fakeWorld(), of = imageOfRun) => {
  const concealed: string[] = []
  const ports = { hub: world.ports.hub, conceal: (secret: string) => void concealed.push(secret) }
  const read = await readHubSecret({ ports, now: world.now }, { config, image: of })
  return { read, concealed }
}

t.test('gives the credential for an image, and conceals all that would tell it', async t => {
  const world = fakeWorld()
  const value = world.hub.objects.get(places.unsealed)!.data!['seedAuth']!
  const { read, concealed } = await readHub(world)
  const credential = { username: 'robot', password: 'secret-word' }
  t.match(read, present({ reason: null, value, credential }))
  const whole = Buffer.from(value, 'base64').toString()
  t.strictSame(concealed, [value, whole, base64('robot:secret-word'), 'secret-word'])
  const identitytoken = 'a-refresh-token'
  const auths = { 'registry.example.com': { auth: base64('robot:x'), identitytoken } }
  const data = { seedAuth: base64(JSON.stringify({ auths })) }
  alter(world.hub.objects, places.unsealed, { data })
  t.ok((await readHub(world)).concealed.includes(identitytoken))
})

t.test('a value that is sealed otherwise in Git than on the hub is not delivered', async t => {
  const world = fakeWorld()
  const { ports, now } = world
  const read = (inGit: string | null) =>
    readHubSecret({ ports, now }, { config, image: imageOfRun, inGit })
  t.match(await read('other'), present({ reason: null }), 'the hub does not show the value')
  alter(world.hub.objects, places.sealed, { spec: { encryptedData: { seedAuth: 'AgB' } } })
  t.match(await read(digestOf('AgB')), present({ reason: null }))
  t.match(await read(null), present({ reason: null }))
  t.match(await read('other'), present({ reason: /another one than Git holds$/, value: null }))
})

t.test('conceals a value before it is looked into, and quotes none of it', async t => {
  const texts = ['secret-word', '{"auths": {"x": {"auth": "secret-word"}}}', '{"auths": {}}']
  for (const text of texts) {
    const world = fakeWorld()
    alter(world.hub.objects, places.unsealed, { data: { seedAuth: base64(text) } })
    const { read, concealed } = await readHub(world)
    t.strictSame(concealed.slice(0, 2), [base64(text), text])
    t.match(read, present({ reason: /./, credential: null, value: null }))
    t.notMatch(JSON.stringify(read), /secret-word/)
  }
})

t.test('an unsealed Secret without its unsealed SealedSecret gives nothing', async t => {
  const nothing = (reason: string): object => present({ reason, credential: null, value: null })
  const it = 'SealedSecret sower-seeds/seedgen'
  const metadata = { name: 'seedgen', uid: '', generation: 3 }
  const change = (status: object) => alterSealed({ metadata, status })
  const alterSealed = (of: Partial<KubernetesObject>) => (world: ReturnType<typeof fakeWorld>) => {
    alter(world.hub.objects, places.sealed, of)
  }
  const cases = [
    [
      nothing(`there is no ${it} on the hub`),
      world => {
        world.hub.drop('SealedSecret')
      },
    ],
    [
      nothing(`${it} is not unsealed: the controller has not seen it yet`),
      change({ ...unsealed, observedGeneration: 2 }),
    ],
    [nothing(`${it} is not unsealed: no key`), change(failed('no key'))],
    [
      nothing('Secret sower-seeds/seedgen has no key seedAuth'),
      world => {
        alter(world.hub.objects, places.unsealed, { data: {} })
      },
    ],
    [absent, world => void world.hub.objects.delete(places.unsealed)],
    [
      unknown('unreachable'),
      world => {
        silence(world, 'hub.read', 'Secret')
      },
    ],
    [
      unknown('unreachable'),
      world => {
        silence(world, 'hub.read', 'SealedSecret')
      },
    ],
  ] satisfies readonly (readonly [object, (world: ReturnType<typeof fakeWorld>) => void])[]
  for (const [expected, arrange] of cases) {
    const world = fakeWorld()
    arrange(world)
    const { read, concealed } = await readHub(world)
    t.strictSame(read, expected)
    t.strictSame(concealed, [])
  }
  const { read } = await readHub(fakeWorld(), 'quay.io/org/seed:1')
  t.match(read, present({ reason: /quay\.io/, credential: null, value: null }))
})
