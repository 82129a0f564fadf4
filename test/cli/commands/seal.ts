import { imageArgument } from '../../../src/cli/commands/seal/image-argument.ts'
import '../../../src/sandbox/kubernetes/reflect-metadata.ts'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  watch,
} from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { sealCommand } from '../../../src/cli/commands/seal/seal-command.ts'
import { registryFrom } from '../../../src/cli/commands/seal/registry-from.ts'
import { hubFrom, sealingKeyFrom } from '../../../src/cli/commands/seal/sealing-key-from.ts'
import { open } from '../../../src/core/secret/sealed/open.ts'
import type { SealTarget } from '../../../src/core/secret/sealed/scope.ts'
import { createSealingKey } from '../../../src/sandbox/sealed-secrets/sealing-key.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { runInProcess } from '../../support/run-in-process.ts'
import {
  alone,
  isOneMessage,
  program,
  runSower,
  shell,
  temporaryDirectory,
  type Result,
} from '../../support/run-sower.ts'
import { surroundings } from '../../support/surroundings.ts'
import { startHub } from '../../support/secret/sealing-hub.ts'

const password = 'p:canary/ü+9=?'
const auth = Buffer.from(`pusher:${password}`).toString('base64')
const image = 'registry.example.com/ibu/seed-sno1:4.18.5'
const entries = (value = auth) => ({
  auths: {
    'registry.example.com/ibu': { auth: value },
    'other.example.com': { auth: 'b3RoZXI6b3RoZXI=' },
  },
})
const input = JSON.stringify(entries())
const key = await createSealingKey()

/** Only a process of its own has a standard input. */
const inProcess: typeof runSower = (words, options) =>
  words.includes('-') ? runSower(words, { ...options, input }) : runInProcess(words, options)

/** A directory with an authfile and a certificate in it, and `sower seal` there. */
const scene = (t: Test, run: typeof runSower = inProcess) => {
  const directory = temporaryDirectory(t)
  const file = (name: string, content: string): string => {
    writeFileSync(join(directory, name), content)
    return name
  }
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const given = {
    authfile: file('auth.json', input),
    image,
    cert: file('sealing.pem', key.certificate),
  }
  const seal = (
    words: readonly string[] = [],
    change: Partial<typeof given> = {},
  ): Promise<Result> =>
    run(
      [
        'seal',
        ...Object.entries({ ...given, ...change }).flatMap(([name, value]) => [`--${name}`, value]),
        ...words,
      ],
      { cwd: directory, input },
    )
  return { directory, file, read, seal }
}
const opened = (manifest: string, target: SealTarget): string => {
  const { spec } = parse(manifest) as { spec: { encryptedData: { seedAuth: string } } }
  return open(spec.encryptedData.seedAuth, target, [key.privateKey]).toString()
}
const strict = { scope: 'strict', namespace: 'sower-seeds', name: 'seedgen' } as const
const reduced = JSON.stringify({ auths: { 'registry.example.com/ibu': { auth } } })

t.test('seals the one entry that the image needs, to a file or to standard output', async t => {
  const { directory, read, seal } = scene(t, runSower)
  const sealed = await seal([], { authfile: '-' })
  const written = await seal(['-o', 'sealed.yaml'])
  t.match(sealed, { exitCode: 0, stderr: /warning: .*2 entries.* \[AUTHFILE_REDUCED\]/ })
  t.match(written, {
    exitCode: 0,
    stdout: '',
    stderr:
      /\nsealed the credential for registry\.example\.com\/ibu as sower-seeds\/seedgen, strict in sealed\.yaml \(namespace and name from the defaults, as there is no sower\.yaml\)\n$/,
  })
  for (const text of [sealed.stdout, read('sealed.yaml')]) {
    t.equal(opened(text, strict), reduced)
    t.notMatch(text, auth.slice(0, 12))
  }
  t.same(readdirSync(directory).sort(), ['auth.json', 'sealed.yaml', 'sealing.pem'])
})

t.test('seals for each scope, with the expiry that the credential tells', async t => {
  const { seal, file } = scene(t)
  const claims = Buffer.from(JSON.stringify({ exp: Date.UTC(2090, 0) / 1000 })).toString(
    'base64url',
  )
  const token = Buffer.from(`pusher:a.${claims}.c`).toString('base64')
  file('token.json', JSON.stringify(entries(token)))
  for (const scope of ['strict', 'namespace-wide', 'cluster-wide'] as const) {
    const { stdout } = await seal(['--scope', scope], { authfile: 'token.json' })
    t.match(opened(stdout, { ...strict, scope }), token, scope)
    t.match(stdout, /sower\.dev\/expires-at: "2090-01-01T00:00:00\.000Z"/)
    t.match(stdout, /sower\.dev\/certificate-not-after: "20/)
  }
})

t.test('takes namespace and name from sower.yaml above, and flags before it', async t => {
  const { directory, file, seal } = scene(t)
  const elsewhere = await seal(['--namespace', 'a', '--name', 'b'])
  t.match(elsewhere.stderr, /as a\/b, strict \(namespace from --namespace, name from --name\)/)
  file(
    'sower.yaml',
    'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [a]\nsecret: { namespace: seeds-a, name: push }\n',
  )
  mkdirSync(join(directory, 'below'))
  const below = await runInProcess(
    ['seal', '--authfile', '../auth.json', '--image', image, '--cert', '../sealing.pem'],
    { cwd: join(directory, 'below') },
  )
  t.match(below.stderr, /as seeds-a\/push, strict \(namespace and name from \.\.\/sower\.yaml\)/)
  t.equal(opened(below.stdout, { ...strict, namespace: 'seeds-a', name: 'push' }), reduced)
  const { stdout, stderr } = await seal(['--name', 'x'])
  t.match(stderr, /as seeds-a\/x, strict \(namespace from sower\.yaml, name from --name\)/)
  t.equal(opened(stdout, { ...strict, namespace: 'seeds-a', name: 'x' }), reduced)
  file('sower.yaml', 'kind: x\n')
  const broken = await seal()
  isOneMessage(t, broken, { exitCode: 2, code: 'CONFIGURATION_INVALID', says: /sower\.yaml:1/ })
})

const certificate = async (notBefore: number, notAfter: number): Promise<string> => {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  }
  const made = await X509CertificateGenerator.createSelfSigned(
    {
      keys: await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() + notBefore),
      notAfter: new Date(Date.now() + notAfter),
    },
    webcrypto,
  )
  return made.toString('pem')
}

t.test('refuses with one message, writes nothing and never shows the password', async t => {
  const { directory, file, seal } = scene(t)
  await seal(['-o', 'ours.yaml'])
  file('sealed.yaml', 'the old one\n')
  file(
    'plain.yaml',
    `kind: Secret\napiVersion: v1\nmetadata: {name: a}\nstringData: {a: ${auth}}\n`,
  )
  symlinkSync('ours.yaml', join(directory, 'link.yaml'))
  file('torn.json', JSON.stringify(entries()).slice(0, -3))
  file('plain.json', JSON.stringify(entries(password)))
  file('expired.pem', await certificate(-2e9, -1e9))
  file('early.pem', await certificate(1e9, 2e9))
  const secret = `-----BEGIN PRIVATE KEY-----\n${auth}\n`
  const to = (name: string): readonly string[] => ['-o', name]
  const at: typeof to = value => ['--namespace', value]
  type Case = [Parameters<typeof seal>[1], readonly string[], number, string, RegExp]
  const cases: Case[] = [
    [{ authfile: 'torn.json' }, to('ours.yaml'), 3, 'AUTHFILE_NOT_JSON', /not JSON/],
    [{ authfile: 'plain.json' }, to('ours.yaml'), 3, 'AUTHFILE_AUTH_ENCODING', /podman login/],
    [{ image: 'quay.io/a/b:1' }, [], 3, 'AUTHFILE_NO_MATCH', /quay\.io\/a\/b, only for registry\./],
    [
      { image: 'registry.example.com/ibu-other/a:1' },
      [],
      3,
      'AUTHFILE_PARTIAL_SEGMENT',
      /ibu-other/,
    ],
    [{ image: 'registry.example.com/ibu/seed-sno1' }, [], 2, 'IMAGE_INVALID', /it has no tag/],
    [{ image: '$(id):1' }, [], 2, 'IMAGE_INVALID', /registry\/repository:tag/],
    [{ cert: 'expired.pem' }, to('ours.yaml'), 3, 'CERTIFICATE_EXPIRED', /--fetch-cert/],
    [{ cert: 'early.pem' }, to('ours.yaml'), 3, 'CERTIFICATE_NOT_YET_VALID', /valid from/],
    [{ cert: 'auth.json' }, [], 3, 'CERTIFICATE_INVALID', /not an RSA certificate/],
    [{ cert: 'http://example.com/v1/cert.pem' }, [], 2, 'ARGUMENT_INVALID', /only https/],
    [{ cert: '-', authfile: '-' }, [], 2, 'ARGUMENT_INVALID', /cannot both be standard input/],
    [
      { authfile: 'nowhere.json' },
      [],
      2,
      'FILE_UNREADABLE',
      /nowhere\.json: there is no such file \(ENOENT\)/,
    ],
    [{ authfile: '.' }, [], 2, 'FILE_UNREADABLE', /it is a directory \(EISDIR\)/],
    // A person gives the content of a file, or a part of it, for its name.
    ...[
      JSON.stringify(entries()),
      Buffer.from(JSON.stringify(entries())).toString('base64'),
      auth,
      `pusher:${password}`,
      '0123456789abcdefghijklmnopqrst',
      'p4ssw0rd',
    ].flatMap((authfile): Case[] => [
      [{ authfile }, [], 2, 'FILE_UNREADABLE', /reading a file: .*\(EN.*is not shown/s],
      [{}, ['--kubeconfig', authfile, ...to('ours.yaml')], 2, 'FILE_UNREADABLE', /a file: .*\(EN/],
    ]),
    [{ cert: secret }, [], 2, 'FILE_UNREADABLE', /reading a file: .*\(EN/],
    [{ image: `pusher:${password}@${image}` }, [], 2, 'IMAGE_INVALID', /"…@registry.*a user/],
    [{ image: `https://pusher:${password}@${image}` }, [], 2, 'IMAGE_INVALID', /"…@registry/],
    [{}, ['--scope', 'Strict'], 2, 'ARGUMENT_INVALID', /choose strict, namespace-wide, cluster/],
    [{}, at('A'), 2, 'ARGUMENT_INVALID', /--namespace "A"/],
    [{}, at('a/b'), 2, 'ARGUMENT_INVALID', /--namespace "a\/b"/],
    [{}, ['--name', ''], 2, 'ARGUMENT_INVALID', /--name ""/],
    [{}, to('sealed.yaml'), 3, 'OUTPUT_FOREIGN', /not a SealedSecret of `sower seal`/],
    [{}, to('plain.yaml'), 3, 'OUTPUT_FOREIGN', /not a SealedSecret/],
    [{}, to('link.yaml'), 2, 'OUTPUT_UNWRITABLE', /it is a symbolic link/],
    [{}, to('.'), 2, 'OUTPUT_UNWRITABLE', /it is not a plain file/],
    [{}, to('nowhere/sealed.yaml'), 2, 'OUTPUT_UNWRITABLE', /ENOENT/],
    [{}, to('auth.json/sealed.yaml'), 2, 'OUTPUT_UNWRITABLE', /ENOTDIR/],
    [{}, to('x'.repeat(250)), 2, 'OUTPUT_UNWRITABLE', /ENAMETOOLONG/],
    [
      {},
      ['--kubeconfig', 'nowhere', ...to('new.yaml')],
      2,
      'FILE_UNREADABLE',
      /nowhere: there is no such file/,
    ],
    [{}, ['--kubeconfig', 'sealed.yaml', ...to('ours.yaml')], 3, 'ACCESS_MISSING', /kubeconfig/],
  ]
  const state = (): object =>
    Object.fromEntries(
      readdirSync(directory).map(name => [name, readFileSync(join(directory, name))]),
    )
  const before = state()
  for (const [change, words, exitCode, code, says] of cases) {
    const { stderr, ...result } = await seal(words, change)
    // What is said on the way to a refusal of the output is a warning, not a second message.
    const said = stderr.replace(/^warning: .*\n .*\n/gm, '')
    isOneMessage(t, { ...result, stderr: said }, { exitCode, code, says })
    for (const value of [password, 'canary', auth, auth.slice(2, 14), '789abc', 'p4ss', secret])
      t.notOk(stderr.includes(value))
  }
  t.same(state(), before)
})

t.test('an interrupted write leaves the old file, or the new one, and never a half', async t => {
  const { directory, read, seal } = scene(t)
  await seal(['-o', 'sealed.yaml'])
  const before = read('sealed.yaml')
  const words = [program, 'seal', '--authfile', 'auth.json', '--image', image]
  const output = ['--cert', 'sealing.pem', '-o', 'sealed.yaml']
  const [file, ...rest] = alone(
    shell(),
    // One block of 512 bytes for each file.
    ...['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath],
    ...words,
    ...output,
  )
  const full = await execa(file, rest, { cwd: directory, reject: false })
  t.equal(full.exitCode, 2)
  t.match(full.stderr, /writing sealed\.yaml: EFBIG \[OUTPUT_UNWRITABLE\]/)
  t.equal(read('sealed.yaml'), before)
  t.same(readdirSync(directory).sort(), ['auth.json', 'sealed.yaml', 'sealing.pem'])
  // A new file, its content, its rename.
  for (const killedAt of [1, 2, 3]) {
    const [node, ...arguments_] = alone(shell(), process.execPath, ...words, ...output)
    const child = execa(node, arguments_, { cwd: directory, reject: false })
    let events = 0
    const watcher = watch(directory, () => {
      events += 1
      if (events === killedAt) child.kill('SIGKILL')
    })
    await child
    watcher.close()
    t.ok(events > 0, 'it began to write')
    t.equal(opened(read('sealed.yaml'), strict), reduced, `killed at change ${killedAt}`)
  }
})

t.test('leaves a file alone whose value is the same on the hub, and no other', async t => {
  const { directory, read, seal, file } = scene(t)
  const hub = await startHub(t, [key.privateKey])
  file('hub', await hub.kubeconfig('admin'))
  file('nobody', await hub.kubeconfig('nobody'))
  const words = ['--kubeconfig', 'hub', '-o', 'sealed.yaml']
  await seal(words)
  chmodSync(join(directory, 'sealed.yaml'), 0o640)
  const changes = async (
    change: Parameters<typeof seal>[1] = {},
    more: readonly string[] = words,
  ): Promise<boolean> => {
    const before = read('sealed.yaml')
    const { exitCode, stderr } = await seal(more, change)
    t.equal(exitCode, 0)
    const isChanged = read('sealed.yaml') !== before
    t.equal(/holds this very value already/.test(stderr), !isChanged, 'it says so')
    return isChanged
  }
  t.ok(await changes(), 'the hub has it not yet')
  await hub.apply(read('sealed.yaml'))
  t.notOk(await changes(), 'the hub has it')
  t.notOk(await changes({ authfile: '-' }), 'of standard input too')

  const first = read('sealed.yaml')
  t.ok(await changes({}, ['-o', 'sealed.yaml']), 'nobody was asked')
  t.ok(await changes(), 'the file is newer than the hub')
  t.equal(statSync(join(directory, 'sealed.yaml')).mode & 0o777, 0o640, 'the mode is kept')

  const isResealed = async (what: string, text: string, ...of: Parameters<typeof changes>) => {
    file('sealed.yaml', text)
    t.ok(await changes(...of), what)
  }
  file('other.json', JSON.stringify(entries(Buffer.from('pusher:other').toString('base64'))))
  await isResealed('another password', first, { authfile: 'other.json' })
  file('other.pem', (await createSealingKey()).certificate)
  await isResealed('another key', first, { cert: 'other.pem' })
  await isResealed('another place', first, {}, [...words, '--name', 'other'])
  await isResealed('another scope', first, {}, [...words, '--scope', 'cluster-wide'])
  const edited = first.replace(/(ciphertext-sha256: ")./, '$1-')
  await isResealed('notes of another value', edited)
  const template = first.replace(/(template:\n.*\n {6}name: )\w+/, '$1other')
  await isResealed('a template for another place', template)

  file('sealed.yaml', first)
  const forbidden = await seal(['--kubeconfig', 'nobody', '-o', 'sealed.yaml'])
  t.match(forbidden, { exitCode: 0, stderr: /the hub does not say .* \(forbidden\)/ })
  t.not(read('sealed.yaml'), first)
  t.same(
    readdirSync(directory).filter(name => name.includes('.new')),
    [],
  )
})

t.test(
  'a call without --output prints one SealedSecret, and what it cannot use is refused',
  async t => {
    const { directory } = scene(t)
    const asked = { authfile: 'auth.json', image, cert: 'sealing.pem', namespace: null, name: null }
    const rest = { directory: '.', scope: 'strict', output: null, kubeconfig: null }
    const { given, said } = surroundings({ directory })
    await sealCommand(given, { ...asked, ...rest })
    t.equal(opened(said.stdout, strict), reduced)
    await t.rejects(sealCommand(given, { ...asked, ...rest, scope: 'wide' }), {
      ...{ code: 'ARGUMENT_INVALID', message: '--scope wide: there is no such scope' },
    })
  },
)

t.test('a sealing key comes from a file or a URL, and a hub from a kubeconfig', async t => {
  const { directory, file } = scene(t)
  const { given } = surroundings({ directory })
  const now = new Date().toISOString()
  const server = createServer((_, response) => response.end(key.certificate))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/cert.pem`
  const { fingerprint } = await sealingKeyFrom(given, 'sealing.pem', now)
  t.equal((await sealingKeyFrom(given, url, now)).fingerprint, fingerprint)
  const late = '2999-01-01T00:00:00.000Z'
  await t.rejects(sealingKeyFrom(given, url, late), { code: 'CERTIFICATE_EXPIRED' })
  await t.rejects(sealingKeyFrom(given, 'nowhere.pem', now), { code: 'FILE_UNREADABLE' })

  const hub = await startHub(t, [key.privateKey])
  file('hub', await hub.kubeconfig('admin'))
  const { cluster } = await hubFrom(given, 'hub')
  t.strictSame(await cluster.ready(), { seen: 'present', value: true })
  await t.rejects(hubFrom(given, 'auth.json'), { code: 'ACCESS_MISSING' })
  await t.rejects(hubFrom(given, 'nowhere'), { code: 'FILE_UNREADABLE' })
})

t.test('an image that is none is a wrong argument', t => {
  t.match(imageArgument('quay.io/a/b:1'), { registry: 'quay.io', tag: '1' })
  t.throws(() => imageArgument('quay.io/a/b'), { name: 'InputError', code: 'IMAGE_INVALID' })
  t.end()
})

t.test('an authority for the registry that is not there is refused', async t => {
  const { given } = surroundings({ directory: temporaryDirectory(t) })
  const asked = { registryCa: 'none.pem', redactor: createRedactor() }
  await t.rejects(registryFrom(given, asked), { code: 'FILE_UNREADABLE' })
})
