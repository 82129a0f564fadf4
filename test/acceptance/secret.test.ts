import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { seal } from '../../src/core/secret/sealed/seal.ts'
import { createSealingKey } from '../../src/sandbox/sealed-secrets/sealing-key.ts'
import {
  auth,
  authfileMistakes,
  base64,
  documentedMistakes,
  file,
  good,
  password,
} from '../support/secret/authfile-mistakes.ts'
import { repositoryWith } from '../support/repository-with.ts'
import { runInProcess } from '../support/run-in-process.ts'
import {
  isOneMessage,
  runSower,
  shell,
  temporaryDirectory,
  type Result,
} from '../support/run-sower.ts'
import {
  authfile,
  image,
  key,
  manifest,
  publicKey,
  sealedBytes as short,
  sealedFor,
  strict,
} from '../support/secret/sealed-scene.ts'
import { startHub } from '../support/secret/sealing-hub.ts'
import { startProxy } from '../support/secret/sealing-proxy.ts'

const core = (value: string, shift: number): string =>
  Buffer.concat([Buffer.alloc(shift), Buffer.from(value)])
    .toString('base64')
    .slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + value.length) * 8) / 6))
const plain = 'p4ssw0rd-c4nary'
/** The canary in each form in which it could leave: as it is, encoded, turned around, and its entry. */
const canaries: readonly string[] = [
  'p4ssw0rd',
  'c4nary',
  encodeURIComponent(password),
  JSON.stringify(password).slice(1, -1),
  Array.from(plain).reverse().join(''),
  ...[0, 1, 2].map(shift => core(plain, shift)),
  ...[0, 1, 2].map(shift => core(base64(plain), shift)),
  base64(Array.from(`robot:${password}`).reverse().join('')),
  base64(`${password}:robot`),
  base64(good),
  Buffer.from(plain).toString('hex'),
]
const loud = {
  ...shell(),
  DEBUG: '*',
  NODE_DEBUG: 'http,https,net,tls,fs,stream,undici,fetch,child_process,crypto,timer',
}

t.test('the canary is found in each form, so that the checks below can fail', t => {
  for (const text of [
    `x ${password} y`,
    base64(`robot:${password}`),
    base64(`me:${plain}`),
    base64(`you:${plain}`),
    base64(base64(`robot:${password}`)),
    encodeURIComponent(password),
  ])
    t.ok(
      canaries.some(canary => text.includes(canary)),
      text,
    )
  t.end()
})

/** A directory in which commands run with all logs on; nothing they say or write may hold the canary. */
const canaryScene = (t: Test, files: Readonly<Record<string, string | Uint8Array>>) => {
  const directory = temporaryDirectory(t)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  return async (
    words: readonly string[],
    { input = '', known = [] }: Readonly<{ input?: string; known?: readonly string[] }> = {},
  ): Promise<Result> => {
    const result = await runSower(words, { cwd: directory, env: loud, input })
    const left = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter(name => !(name in files) && !known.includes(name))
      .map(name => [name, readFileSync(join(directory, name), 'latin1')] as const)
    for (const [where, content] of [
      ['argv', words.join(' ')],
      ['standard output', result.stdout],
      ['standard error', result.stderr],
      ...left,
    ] as const)
      t.strictSame(
        canaries.filter(canary => content.includes(canary)),
        [],
        `${words[0] ?? ''}: not in ${where}`,
      )
    return result
  }
}
/** What Sower itself says among Node's logs. */
const said = ({ stderr }: Result): string =>
  stderr
    .split('\n')
    .filter(line => /^(?:sower|warning|sealed|the hub|s\.yaml|\S+ holds)/.test(line))
    .join('\n')

t.test('no mistake in an authfile shows what it holds, with all logs on', async t => {
  const files = { 'cert.pem': key.certificate, 'auth.json': good }
  // These depend on the day of the test.
  const chosen: Readonly<Record<string, number>> = { AUTHFILE_EXPIRED: 3, AUTHFILE_SHORT_LIVED: 2 }
  const run = async (from: number): Promise<void> => {
    for (const { code, level } of documentedMistakes.slice(from, from + 19)) {
      const [, content = good, , reference = image.text] =
        authfileMistakes[code]?.[chosen[code] ?? 0] ?? []
      const inFile = canaryScene(t, { ...files, 'auth.json': content })
      const words = ['seal', '--authfile', 'auth.json', '--image', reference, '--cert', 'cert.pem']
      const result = await inFile([...words, '-o', 's.yaml'])
      t.match(said(result), code === 'AUTHFILE_EXPIRES' ? /AUTHFILE_EXP/ : `[${code}]`, code)
      if (code !== 'AUTHFILE_EXPIRES') t.equal(result.exitCode, level === 'refused' ? 3 : 0, code)
    }
  }
  await Promise.all([run(0), run(19)])
  t.ok(documentedMistakes.length <= 38, 'each had its turn')
})

t.test('no command shows the credential, with all logs on', async t => {
  const hub = await startHub(t, [key.privateKey])
  const two = file({ 'quay.io/org': { auth: base64(`robot:${password}`) }, 'a.io': {} })
  const files = {
    'auth.json': two,
    'cert.pem': key.certificate,
    'other.pem': (await createSealingKey()).certificate,
    hub: await hub.kubeconfig('admin'),
    proxy: (await startProxy(t, key)).kubeconfig,
  }
  const run = canaryScene(t, files)
  const sealing = ['seal', '--image', image.text, '--cert', 'cert.pem', '--authfile']
  t.equal((await run([...sealing, '-'], { input: two.toString() })).exitCode, 0)
  for (const scope of ['strict', 'namespace-wide', 'cluster-wide'])
    t.equal((await run([...sealing, 'auth.json', '--scope', scope])).exitCode, 0, scope)
  const first = await run([...sealing, 'auth.json'])
  await hub.apply(first.stdout)
  t.equal((await run([...sealing, 'auth.json', '-o', 's.yaml', '--kubeconfig', 'hub'])).exitCode, 0)
  const text = (await run([...sealing, 'auth.json'])).stdout
  await hub.apply(text)
  const unsealed = hub.store.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: 'sower-seeds',
    name: 'seedgen',
  })
  t.match(JSON.stringify(unsealed), base64(two).slice(0, 8), 'the hub does have it')
  const live = await run(['inspect', '-', '--image', image.text, '--kubeconfig', 'hub'], {
    input: text,
  })
  t.match(live, { exitCode: 0, stdout: /unsealed on the hub/ })
  t.match(live.stderr, /^NET [0-9]+: /m, 'the logs are on')
  for (const of of ['quay.io/organ/seed:1', 'other.io/org/seed:1']) {
    const result = await run(['inspect', '-', '--image', of, '--kubeconfig', 'hub'], {
      input: text,
    })
    t.match(result, { exitCode: 3, stdout: /\[SEALED_COVERS\][^]*\[AUTHFILE_[A-Z_]+\]/ }, of)
  }
  const asked = await run(['inspect', '-', '--kubeconfig', 'proxy', '--cert', 'other.pem'], {
    input: text,
  })
  t.match(asked, { exitCode: 0, stdout: /\[SEALED_READABLE\]/ })
  const inTheClear = [
    two.toString(),
    `kind: Secret\napiVersion: v1\nmetadata: { name: a }\ndata: { seedAuth: ${base64(two)} }\n`,
    manifest({ sealed: base64(two) }),
    manifest().replace(
      '  template:',
      `  template:\n    data: { a: '${password.replace("'", '')}' }`,
    ),
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: ['${plain}'] }\n`,
    `${plain}: [`,
  ]
  for (const content of inTheClear)
    t.equal((await run(['inspect', '-'], { input: content })).exitCode, 3, content.slice(0, 20))
  for (const words of [
    [...sealing, 'cert.pem'],
    [...sealing, 'hub'],
    ['seal', '--authfile', 'cert.pem', '--image', image.text, '--cert', 'auth.json'],
  ])
    t.ok([2, 3].includes((await run(words)).exitCode ?? 0), 'files in the wrong places')
  const kubeconfig = await run([
    ...sealing,
    'auth.json',
    '-o',
    's.yaml',
    '--kubeconfig',
    'auth.json',
  ])
  t.match(said(kubeconfig), /ACCESS_MISSING/)
})

t.test('scan and status show nothing of what they look at, with all logs on', async t => {
  const hub = await startHub(t, [key.privateKey])
  const two = file({ 'a.io': { auth }, 'b.io': { auth } })
  const secret = `kind: Secret\napiVersion: v1\nmetadata: { name: seedgen }\ndata: { seedAuth: ${base64(good)} }\n`
  const { top, first, git, write } = await repositoryWith(t, {
    'sower.yaml':
      'apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\nimage: "quay.io/org/{cluster}:1"\n',
    'seed-secret/sealedsecret.yaml': manifest(),
  })
  await write({ 'seeds/a.yaml': secret, 'b.json': good.toString(), c: plain }, plain)
  await write({ 'seeds/a.yaml': `${plain}: [`, 'b.json': '{}' }, 'hide it')
  await write({ 'd.json': good.toString() })
  await git('add', '--all')
  const run = canaryScene(t, { hub: await hub.kubeconfig('admin') })
  for (const words of [[], ['--base', first], ['--staged'], ['--base', first, '--head', 'HEAD~1']])
    for (const more of [[], ['--json']]) {
      const result = await run(['scan', '-C', top, ...words, ...more])
      t.match(result, { exitCode: 3, stdout: /AUTHFILE_MATERIAL|YAML_UNREADABLE/ }, words.join())
    }
  for (const [sealed, state] of [
    [manifest({ sealed: base64(good) }), 'Applied'],
    [manifest({ sealed: seal(two, strict, publicKey) }), 'Unsealed[^]*holds nothing'],
    [manifest({ sealed: seal(good, strict, publicKey) }), 'Verified'],
  ] as const) {
    await hub.apply(sealed)
    for (const more of [[], ['--json']]) {
      const result = await run(['status', '-C', top, '--kubeconfig', 'hub', ...more])
      t.match(result, { exitCode: 0, stdout: new RegExp(state) })
      t.match(result.stderr, /^NET [0-9]+: /m, 'the logs are on')
    }
  }
})

/** Its notes are of today: a command reads the clock. */
const fresh = (change: Parameters<typeof manifest>[0] = {}): string =>
  manifest({ sealedAt: new Date().toISOString(), ...change })

/** `sower inspect` on a file with that content, beside what else is there. */
const inspect = (t: Test, files: Readonly<Record<string, string>> = {}) => {
  const directory = temporaryDirectory(t)
  const put = (name: string, content: string): void => {
    writeFileSync(join(directory, name), content)
  }
  for (const [name, content] of Object.entries({ 'cert.pem': key.certificate, ...files }))
    put(name, content)
  const inspectBy =
    (run: typeof runInProcess) =>
    (content: string, ...words: readonly string[]) => {
      put('sealed.yaml', content)
      return run(['inspect', 'sealed.yaml', ...words], { cwd: directory })
    }
  return Object.assign(inspectBy(runInProcess), { byProgram: inspectBy(runSower) })
}
const offline = ['--cert', 'cert.pem', '--image', image.text]

t.test('inspect prints each finding, and ends with the first bad one', async t => {
  const run = inspect(t)
  const good = await run.byProgram(fresh(), ...offline)
  t.match(good, { exitCode: 0, stderr: '', stdout: /^(?:ok {4}[^\n]+ \[SEALED_[A-Z]+\]\n){8}$/ })
  const warned = await run(fresh().replace(/ {4}sower\.dev\/.*\n/g, ''), ...offline)
  t.match(warned, { exitCode: 0, stderr: '', stdout: /\nwarn {2}unknown provenance: .*\n {6}\S/ })
  const plain = fresh({ sealed: authfile().toString('base64') }).replace(
    '  template:',
    '  data: A\n  template:',
  )
  const bad = await run.byProgram(plain, ...offline)
  isOneMessage(t, bad, {
    exitCode: 3,
    code: 'SEALED_V1_DATA',
    says: /inspecting sealed\.yaml: `spec\.data` is .*, and 1 more/,
    stdout: /\nBAD {3}seedAuth is not a sealed value.*\[SEALED_NOT_CIPHERTEXT\]\n {6}revoke/,
  })
  t.notMatch(bad.stdout + bad.stderr, authfile().toString('base64').slice(0, 20))
  const told = await run(
    fresh().replace(/(key-fingerprint: "[^"]+)/, '$1\\nok    all is well\\e[2J'),
  )
  t.match(told, { exitCode: 0, stdout: /SHA256:[^\n]+\\u\{a\}ok {4}all is well\\u\{1b\}\[2J, as/ })
  const json = await run(fresh(), ...offline, '--json')
  t.match(JSON.parse(json.stdout), {
    file: 'sealed.yaml',
    target: strict,
    notes: { registryKey: 'quay.io/org' },
    findings: [{ code: 'SEALED_TARGET', level: 'ok', fix: null }],
  })
  const none = await run('', '--json')
  t.match(JSON.parse(none.stdout), { target: null, findings: [{ code: 'SEALED_UNREADABLE' }] })
  isOneMessage(t, await run(fresh(), '--image', 'x'), {
    exitCode: 2,
    code: 'IMAGE_INVALID',
    says: /no tag/,
  })
})

t.test('inspect holds it against sower.yaml', async t => {
  const config = (more: string): string =>
    `apiVersion: sower.dev/v1alpha1\nkind: Configuration\n${more}\n`
  const run = (more: string) => inspect(t, { 'sower.yaml': config(more) })(fresh())
  t.match(await run('seeds: [seed]\nimage: "quay.io/org/{cluster}:{version}"'), {
    exitCode: 0,
    stdout: /covers quay\.io\/org\/seed \[SEALED_COVERS\]/,
  })
  t.match(await run('seeds: [a]\nimage: "quay.io/other/{cluster}:{version}"'), {
    exitCode: 3,
    stderr: /does not cover quay\.io\/other\/a \[SEALED_COVERS\]/,
  })
  t.match(await run('seeds: [a, b]\nimage: "quay.io/org/seeds:{version}"'), {
    stdout: /covers quay\.io\/org\/seeds/,
  })
  const several = 'seeds: [b, seed]\nimage: "quay.io/{cluster}:1"'
  t.match(await run(several.replace('io/', 'io/other/')), {
    exitCode: 3,
    stderr: /does not cover quay\.io\/other\/b \[SEALED_COVERS\]/,
  })
  t.match(await run(several.replace('io/', 'io/org/')), {
    exitCode: 0,
    stdout: /^ok {4}its entry quay\.io\/org covers quay\.io\/org\/b \[SEALED_COVERS\]$/m,
  })
  t.match(await run('seeds: [b, org]\nimage: "quay.io/{cluster}/seed:1"'), {
    exitCode: 0,
    stdout:
      /covers quay\.io\/org\/seed \[[^]*\nwarn {2}it does not cover quay\.io\/b\/seed \[SEALED_COVERS\]/,
  })
  t.match(await run('seeds: [a]\nsecret: { name: other }'), {
    exitCode: 3,
    stderr: /sower\.yaml expects sower-seeds\/other, strict \[SEALED_TARGET\]/,
  })
})

t.test('inspect tells what the hub made of it', async t => {
  const hub = await startHub(t, [key.privateKey])
  const run = inspect(t, { hub: await hub.kubeconfig('admin') })
  const words = [...offline, '--kubeconfig', 'hub']
  const missing = await run(fresh(), ...words)
  t.match(missing, {
    exitCode: 0,
    stdout: /not on the hub \[SEALED_LIVE\][^]*\[SEALED_NOT_ASKED\]/,
  })
  await hub.apply(fresh())
  t.match(await run(fresh(), ...words), { exitCode: 0, stdout: /ok {4}unsealed on the hub/ })
  const newer = await run(fresh({ sealed: short(60) }), ...words)
  t.match(newer, { exitCode: 0, stdout: /the hub has another value than the file/ })
})

t.test('inspect finds out for whom a value was sealed', async t => {
  const { kubeconfig } = await startProxy(t, key)
  const other = (await createSealingKey()).certificate
  const run = inspect(t, { hub: kubeconfig, 'other.pem': other })
  const wrong = fresh({ sealed: sealedFor({ ...strict, namespace: 'default' }) })
  const found = await run(wrong, '--kubeconfig', 'hub')
  isOneMessage(t, found, {
    exitCode: 3,
    code: 'SEALED_FOR_OTHER',
    says: /it is sealed for default\/seedgen, strict, and is there as sower-seeds\/seedgen, strict/,
    stdout: /sealed with the current key SHA256:/,
  })
  const changed = await run(fresh(), '--kubeconfig', 'hub', '--cert', 'other.pem')
  t.match(changed, { exitCode: 0, stdout: /\[SEALED_CERTIFICATE_CHANGED\][^]*\[SEALED_READABLE\]/ })
})
